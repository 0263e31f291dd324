/** `osd tree`, `osd tree-from`, `osd crush tree`. Source: ceph src/osd/OSDMap.cc OSDMap::print_tree, src/crush/CrushWrapper.cc dump_tree. */
import * as t from 'io-ts'
import { type Json, jsonFloat } from '../../../base/json.ts'
import { byBigint, sortedEntries } from '../../../base/ordered.ts'
import { type Column, printTable } from '../../../base/text-table.ts'
import { bucketOf, type CrushMap } from '../../../map/crush/crush-map.ts'
import { itemIdOfName } from '../../../map/crush/location.ts'
import {
  classOfItem,
  crushTree,
  printWeight,
  type TreeItem,
  treeItemChildren,
  treeItemFields,
  weightSetName,
  weightSetsOf,
} from '../../../map/crush/tree.ts'
import { PRIMARY_AFFINITY_DEFAULT } from '../../../map/osd-map/constant.ts'
import { weightFraction } from '../../../map/osd-map/dump.ts'
import {
  osdExists,
  osdIds,
  osdIsDestroyed,
  osdIsDown,
  osdIsIn,
  osdIsOut,
  osdIsUp,
  type OsdMap,
} from '../../../map/osd-map/osd-map.ts'
import { CephInt, CephString, CephStrings, queryWith } from '../../args.ts'
import type { Command, CommandHandler, CommandReply } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { failed, formatted } from '../../reply.ts'
import { withMapOfEpoch } from '../epoch-map.ts'
import { linesOutput } from '../output.ts'

const TreeArgs = t.partial({ epoch: CephInt, states: CephStrings, bucket: CephString })

const STATES = {
  up: osdIsUp,
  down: osdIsDown,
  in: osdIsIn,
  out: osdIsOut,
  destroyed: osdIsDestroyed,
} as const
type StateName = keyof typeof STATES

const isStateName = (text: string): text is StateName => text in STATES

// The newest map says whether the bucket exists; the asked one is shown.
const treeHandler = (fromBucket: boolean): CommandHandler => ({
  query: (world, _request, command) =>
    queryWith(TreeArgs, command, ({ epoch, states = [], bucket = '' }) =>
      withMapOfEpoch(world, epoch, (map) => {
        const { crush } = world.committed.osdmap.map
        const root = fromBucket ? itemIdOfName(crush, bucket) : undefined
        if (fromBucket && root === undefined) return failed(ERRNO.ENOENT, `bucket '${bucket}' does not exist`)
        if (root !== undefined && root >= 0) return failed(ERRNO.EINVAL, `"${bucket}" is not a bucket`)
        const unknown = states.find((state) => !isStateName(state))
        if (unknown !== undefined) return failed(ERRNO.EINVAL, `unrecognized state '${unknown}'`)
        const wanted = new Set(states.filter(isStateName))
        return contradiction(wanted) ?? showTree(command, map, root, wanted)
      }),
    ),
})

const contradiction = (wanted: ReadonlySet<StateName>): CommandReply | undefined => {
  if (wanted.has('in') && wanted.has('out')) return failed(ERRNO.EINVAL, "cannot specify both 'in' and 'out'")
  const conditions = (['up', 'down', 'destroyed'] as const).filter((state) => wanted.has(state))
  return conditions.length > 1
    ? failed(ERRNO.EINVAL, "can specify only one of 'up', 'down' and 'destroyed'")
    : undefined
}

const showTree = (
  command: Command,
  map: OsdMap,
  root: number | undefined,
  wanted: ReadonlySet<StateName>,
): CommandReply => {
  const showDevice = (osd: number): boolean => [...wanted].some((state) => STATES[state](map, osd))
  const items = crushTree(map.crush, {
    ...(root === undefined ? {} : { root }),
    ...(wanted.size === 0 ? {} : { showDevice }),
  })
  const shown = new Set(items.map((item) => item.id))
  const stray =
    root === undefined
      ? osdIds(map)
          .filter((osd) => !shown.has(osd) && (wanted.size === 0 || showDevice(osd)))
          .map((osd) => ({ id: osd, parent: 0, depth: 0, weight: 0, children: [] }))
      : []
  const json = (item: TreeItem): Json => osdTreeItemJson(map, item)
  return linesOutput(
    command,
    () => ({ nodes: items.map(json), ...(root === undefined ? { stray: stray.map(json) } : {}) }),
    () =>
      printTable(
        [...TREE_COLUMNS, NAME_COLUMN, ...OSD_COLUMNS],
        [...items, ...stray].map((item) => [
          ...itemCells(map.crush, item),
          itemName(map.crush, item),
          ...osdCells(map, item),
        ]),
      ),
  )
}

export const osdTree = treeHandler(false)
export const osdTreeFrom = treeHandler(true)

const column = (heading: string): Column => ({ heading, align: 'right', headingAlign: 'left' })
const TREE_COLUMNS = [column('ID'), column('CLASS'), column('WEIGHT')]
const NAME_COLUMN: Column = { heading: 'TYPE NAME', align: 'left' }
const OSD_COLUMNS = [column('STATUS'), column('REWEIGHT'), column('PRI-AFF')]

const itemCells = (crush: CrushMap, item: TreeItem): readonly string[] => [
  item.id.toString(),
  classOfItem(crush, item.id) ?? '',
  printWeight(item.weight),
]

const INDENT = '    '

const itemName = (crush: CrushMap, { id, depth }: TreeItem): string => {
  const name =
    id >= 0
      ? `osd.${id}`
      : `${crush.typeNames.get(bucketOf(crush, id)?.type ?? 0) ?? ''} ${crush.itemNames.get(id) ?? ''}`
  return INDENT.repeat(depth) + name
}

const status = (map: OsdMap, osd: number): string =>
  osdIsUp(map, osd) ? 'up' : osdIsDestroyed(map, osd) ? 'destroyed' : 'down'

const affinityOf = (map: OsdMap, osd: number): number =>
  (map.osds[osd]?.primaryAffinity ?? PRIMARY_AFFINITY_DEFAULT) / PRIMARY_AFFINITY_DEFAULT

const osdCells = (map: OsdMap, { id }: TreeItem): readonly string[] => {
  if (id < 0) return []
  if (!osdExists(map, id)) return ['DNE', '0']
  return [
    status(map, id),
    printWeight(weightFraction(map.osds[id]?.weight ?? 0)),
    printWeight(affinityOf(map, id)),
  ]
}

const osdTreeItemJson = (map: OsdMap, item: TreeItem): Json => {
  const { id } = item
  return new Map<string, Json>([
    ...treeItemFields(map.crush, item, map.poolNames),
    ...(id < 0
      ? []
      : ([
          ['exists', Number(osdExists(map, id))],
          ['status', status(map, id)],
          ['reweight', jsonFloat(Math.fround(weightFraction(map.osds[id]?.weight ?? 0)))],
          ['primary_affinity', jsonFloat(Math.fround(affinityOf(map, id)))],
        ] as const)),
    ...treeItemChildren(item),
  ])
}

const CrushTreeArgs = t.partial({ shadow: CephString })

export const crushTreeCommand: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(CrushTreeArgs, command, ({ shadow }) => {
      const { crush, poolNames } = world.committed.osdmap.map
      const items = crushTree(crush, { showShadow: shadow === '--show-shadow' })
      const shown = new Set(items.map((item) => item.id))
      const json = (item: TreeItem): Json =>
        new Map([...treeItemFields(crush, item, poolNames), ...treeItemChildren(item)])
      const stray = [...crush.itemNames.keys()]
        .filter((id) => id >= 0 && !shown.has(id))
        .sort((a, b) => a - b)
        .map((id) => ({ id, parent: 0, depth: 0, weight: 0, children: [] }))
      const sets = sortedEntries(crush.chooseArgs, byBigint).map(([set]) => set)
      return formatted(
        command,
        () => ({ nodes: items.map(json), stray: stray.map(json) }),
        () =>
          printTable(
            [...TREE_COLUMNS, ...sets.map((set) => column(weightSetName(set, poolNames))), NAME_COLUMN],
            items.map((item) => [
              ...itemCells(crush, item),
              ...weightSetCells(crush, item, sets),
              itemName(crush, item),
            ]),
          ),
      )
    }),
}

const weightSetCells = (crush: CrushMap, item: TreeItem, sets: readonly bigint[]): readonly string[] => {
  const weights = new Map(weightSetsOf(crush, item))
  return sets.map((set) => {
    const first = weights.get(set)?.[0]
    return first === undefined ? '' : printWeight(first)
  })
}
