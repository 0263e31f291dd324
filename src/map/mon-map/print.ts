/** The monmap as `ceph mon dump`, `ceph mon stat` and `monmaptool --print` show it. Source: ceph src/mon/MonMap.cc. */
import type { JsonRecord } from '../../base/json.ts'
import { byBytes, byNumber, sortedEntries } from '../../base/ordered.ts'
import { addrvecJson, legacyAddrText } from '../../codec/type/entity-addr-json.ts'
import { printAddrvec } from '../../codec/type/entity-addr.ts'
import { printUtime, printUtimeZ } from '../../codec/type/utime.ts'
import { releaseName } from '../release.ts'
import { monFeatureNames } from './mon-feature.ts'
import type { MonInfo, MonMap } from './mon-map.ts'
import { monOfRank } from './rank.ts'
import { known } from '../../base/assert.ts'

const inRankOrder = (map: MonMap): readonly MonInfo[] =>
  map.ranks.map((name, rank) => known(monOfRank(map, rank), `mon.${name} of rank ${rank}`))

const joined = (names: ReadonlySet<string>): string => [...names].sort(byBytes).join(',')

const printLocation = (loc: ReadonlyMap<string, string>): string =>
  `{${sortedEntries(loc, byBytes)
    .map(([type, bucket]) => `${type}=${bucket}`)
    .join(',')}}`

/** Lines of `ceph mon dump`, each ending in a newline. */
export const printMonMap = (map: MonMap): string => {
  const { stretchModeEnabled } = map
  const lines = [
    `epoch ${map.epoch}`,
    `fsid ${map.fsid}`,
    `last_changed ${printUtime(map.lastChanged)}`,
    `created ${printUtime(map.created)}`,
    `min_mon_release ${map.minMonRelease} (${releaseName(map.minMonRelease)})`,
    `election_strategy: ${map.strategy}`,
    ...(stretchModeEnabled ? ['stretch_mode_enabled 1', `tiebreaker_mon ${map.tiebreakerMon}`] : []),
    ...(stretchModeEnabled || map.disallowedLeaders.size > 0
      ? [`disallowed_leaders ${joined(map.disallowedLeaders)}`]
      : []),
    ...inRankOrder(map).map((mon, rank) => {
      const location = mon.crushLoc.size > 0 ? `; crush_location ${printLocation(mon.crushLoc)}` : ''
      return `${rank}: ${printAddrvec(mon.publicAddrs)} mon.${mon.name}${location}`
    }),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

/** `e1: 3 mons at {a=…,b=…,c=…}`, as in `ceph mon stat`. */
export const printMonMapSummary = (map: MonMap): string => {
  const mons = sortedEntries(map.mons, byBytes).map(
    ([name, mon]) => `${name}=${printAddrvec(mon.publicAddrs)}`,
  )
  return `e${map.epoch}: ${map.mons.size} mons at {${mons.join(',')}} removed_ranks: {${[...map.removedRanks].join(',')}}`
}

/** JSON of `ceph mon dump`, without the quorum that the command adds. */
export const monMapJson = (map: MonMap): JsonRecord => ({
  epoch: map.epoch,
  fsid: map.fsid,
  modified: printUtimeZ(map.lastChanged),
  created: printUtimeZ(map.created),
  min_mon_release: map.minMonRelease,
  min_mon_release_name: releaseName(map.minMonRelease),
  election_strategy: map.strategy,
  // The colon and blank in the name are the original's.
  'disallowed_leaders: ': joined(map.disallowedLeaders),
  stretch_mode: map.stretchModeEnabled,
  tiebreaker_mon: map.tiebreakerMon,
  'removed_ranks: ': [...map.removedRanks].sort(byNumber).join(','),
  features: {
    persistent: monFeatureNames(map.persistentFeatures),
    optional: monFeatureNames(map.optionalFeatures),
  },
  mons: inRankOrder(map).map((mon, rank) => monJson(mon, rank)),
})

const monJson = (mon: MonInfo, rank: number): JsonRecord => ({
  rank,
  name: mon.name,
  public_addrs: addrvecJson(mon.publicAddrs),
  addr: legacyAddrText(mon.publicAddrs),
  public_addr: legacyAddrText(mon.publicAddrs),
  priority: mon.priority,
  weight: mon.weight,
  crush_location: printLocation(mon.crushLoc),
})

/** JSON of the monmap in `ceph status`. */
export const monMapSummaryJson = (map: MonMap): JsonRecord => ({
  epoch: map.epoch,
  min_mon_release_name: releaseName(map.minMonRelease),
  num_mons: map.ranks.length,
})
