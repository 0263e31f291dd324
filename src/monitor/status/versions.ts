/** `versions`, `node ls`, `mon metadata` and what counts it. Source: ceph src/mon/Monitor.cc handle_command. */
import type { Json, JsonRecord } from '../../base/json.ts'
import { byBytes, sortedEntries } from '../../base/ordered.ts'
import type { World } from '../../service/contract.ts'
import { countMetadata } from '../../service/count-metadata.ts'
import { osdMetadata } from '../../service/osdmap/metadata.ts'

export const monMetadataOf = (world: World): readonly (readonly [string, ReadonlyMap<string, string>])[] =>
  world.monmap.ranks.map((name, rank) => [
    name,
    world.committed.monmap.metadata.get(rank) ?? new Map<string, string>(),
  ])

export const monMetadataJson = (world: World): readonly Json[] =>
  monMetadataOf(world).map(([name, fields]) => new Map([['name', name], ...sortedEntries(fields, byBytes)]))

export const countMons = (world: World, property: string): ReadonlyMap<string, number> =>
  new Map(
    countMetadata(
      monMetadataOf(world)
        .map(([, fields]) => fields)
        .filter((fields) => fields.size > 0),
      property,
    ),
  )

export const versionsJson = (world: World): JsonRecord => {
  const property = 'ceph_version'
  const mon = countMons(world, property)
  const mgr = new Map(countMetadata(world.committed.mgr.metadata.values(), property))
  const osd = new Map(countMetadata(osdMetadata(world).values(), property))
  const mds = new Map<string, number>()
  const overall = new Map<string, number>()
  for (const counts of [mon, mgr, osd, mds])
    for (const [version, n] of counts) overall.set(version, (overall.get(version) ?? 0) + n)
  return { mon, mgr, osd, mds, overall: new Map(sortedEntries(overall, byBytes)) }
}

/** Host → names. */
const byHost = (
  daemons: Iterable<readonly [string, ReadonlyMap<string, string>]>,
): ReadonlyMap<string, string[]> => {
  const hosts = new Map<string, string[]>()
  for (const [name, fields] of daemons) {
    const host = fields.get('hostname')
    if (host !== undefined) hosts.set(host, [...(hosts.get(host) ?? []), name])
  }
  return new Map(sortedEntries(hosts, byBytes))
}

/** `type`: mon, osd, mds, mgr or all. */
export const nodesJson = (world: World, type: string): Json => {
  const mon = byHost(monMetadataOf(world))
  const osdNames = byHost([...osdMetadata(world)].map(([id, fields]) => [String(id), fields] as const))
  const osd = new Map([...osdNames].map(([host, ids]) => [host, ids.map(Number)]))
  const mgr = byHost(world.committed.mgr.metadata)
  switch (type) {
    case 'mon':
      return mon
    case 'osd':
      return osd
    case 'mgr':
      return mgr
    case 'mds':
      return {}
    default:
      return { mon, osd, mgr }
  }
}
