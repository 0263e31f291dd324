/** What OSDs have said of themselves, and where they are. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::preprocess_command. */
import * as t from 'io-ts'
import type { Json } from '../../../base/json.ts'
import { byBytes, sortedEntries } from '../../../base/ordered.ts'
import { type Column, printTable } from '../../../base/text-table.ts'
import { addrvecJson } from '../../../codec/type/entity-addr-json.ts'
import type { StringMap } from '../../../codec/type/string-map.ts'
import { locationMap } from '../../../map/crush/location.ts'
import { osdExists, osdIds, osdOf } from '../../../map/osd-map/osd-map.ts'
import { CephInt, CephString, queryWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { countMetadata } from '../../count-metadata.ts'
import { ERRNO } from '../../errno.ts'
import { failed, formatted } from '../../reply.ts'
import { metadataOfOsd, osdMetadata } from '../metadata.ts'
import { alwaysJson } from '../output.ts'

const IdArgs = t.partial({ id: CephInt })

const fieldsJson = (id: number, fields: StringMap | undefined): Json =>
  new Map<string, Json>([['id', id], ...sortedEntries(fields ?? new Map(), byBytes)])

export const osdMetadataCommand: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(IdArgs, command, ({ id }) => {
      const { map } = world.committed.osdmap
      if (id === undefined || id < 0)
        return alwaysJson(
          command,
          osdIds(map).map((osd) => fieldsJson(osd, metadataOfOsd(world, osd))),
        )
      if (!osdExists(map, id)) return failed(ERRNO.ENOENT, `osd.${id} does not exist`)
      const fields = metadataOfOsd(world, id)
      return fields === undefined ? failed(ERRNO.ENOENT, '') : alwaysJson(command, fieldsJson(id, fields))
    }),
}

export const osdVersions: CommandHandler = {
  query: (world, _request, command) =>
    alwaysJson(command, new Map(countMetadata(osdMetadata(world).values(), 'ceph_version'))),
}

const PropertyArgs = t.partial({ property: CephString })

export const osdCountMetadata: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(PropertyArgs, command, ({ property = '' }) =>
      alwaysJson(command, new Map(countMetadata(osdMetadata(world).values(), property))),
    ),
}

const LOCATION_FIELDS = ['pod_name', 'pod_namespace', 'container_name'] as const

export const osdFind: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(t.type({ id: CephInt }), command, ({ id }) => {
      const { map } = world.committed.osdmap
      if (!osdExists(map, id)) return failed(ERRNO.ENOENT, `osd.${id} does not exist`)
      const { clientAddrs, uuid } = osdOf(map, id)
      const fields = metadataOfOsd(world, id)
      const host = fields?.get('hostname')
      return alwaysJson(
        command,
        new Map<string, Json>([
          ['osd', id],
          ['addrs', addrvecJson(clientAddrs)],
          ['osd_fsid', uuid],
          ...(host === undefined ? [] : [['host', host] as const]),
          ...LOCATION_FIELDS.flatMap((name) => {
            const value = fields?.get(name)
            return value === undefined ? [] : [[name, value] as const]
          }),
          ['crush_location', locationMap(map.crush, id)],
        ]),
      )
    }),
}

const right = (heading: string): Column => ({ heading, align: 'right' })
const left = (heading: string): Column => ({ heading, align: 'left' })
const NUMA_COLUMNS: readonly Column[] = [
  { heading: 'OSD', align: 'right', headingAlign: 'left' },
  left('HOST'),
  right('NETWORK'),
  right('STORAGE'),
  right('AFFINITY'),
  left('CPUS'),
]

const NUMA_NUMBERS = ['network_numa_node', 'objectstore_numa_node', 'numa_node'] as const
const NUMA_LISTS = ['network_numa_nodes', 'objectstore_numa_nodes'] as const

export const osdNumaStatus: CommandHandler = {
  query: (world, _request, command) => {
    const osds = [...osdMetadata(world)]
    return formatted(
      command,
      () => osds.map(([osd, fields]) => numaJson(osd, fields)),
      () =>
        printTable(
          NUMA_COLUMNS,
          osds.map(([osd, fields]) => numaCells(osd, fields)),
        ),
    )
  },
}

const integerOf = (text: string): number => Number.parseInt(text, 10) || 0

const numaJson = (osd: number, fields: StringMap): Json =>
  new Map<string, Json>([
    ['osd', osd],
    ['host', fields.get('hostname') ?? ''],
    ...NUMA_NUMBERS.flatMap((name) => {
      const value = fields.get(name)
      return value === undefined ? [] : [[name, integerOf(value)] as const]
    }),
    ...NUMA_LISTS.flatMap((name) => {
      const value = fields.get(name)
      return value === undefined ? [] : [[name, value.split(',').map(integerOf)] as const]
    }),
    ...cpusJson(fields.get('numa_node_cpus')),
  ])

// `0-3,8` as numbers.
const cpusJson = (text: string | undefined): readonly (readonly [string, Json])[] => {
  if (text === undefined) return []
  const cpus = text.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(integerOf)
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
  })
  return [['numa_node_cpus', cpus]]
}

const numaCells = (osd: number, fields: StringMap): readonly string[] => {
  const node = fields.get('numa_node')
  const cpus = fields.get('numa_node_cpus')
  const isBound = node !== undefined && cpus !== undefined
  return [
    osd.toString(),
    fields.get('hostname') ?? '',
    fields.get('network_numa_nodes') ?? '-',
    fields.get('objectstore_numa_nodes') ?? '-',
    isBound ? node : '-',
    isBound ? cpus : '-',
  ]
}
