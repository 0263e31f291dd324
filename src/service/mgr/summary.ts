/** The managers in `ceph status`, and in the log of a new leader. Source: ceph src/mon/MgrMap.h MgrMap::print_summary. */
import type { JsonRecord } from '../../base/json.ts'
import { byBytes, sortedEntries } from '../../base/ordered.ts'
import { printTimespan } from '../../base/timespan.ts'
import { msOfUtime } from '../../codec/type/utime.ts'
import type { MgrMap } from '../../map/mgr-map/mgr-map.ts'

export const mgrSummaryJson = (map: MgrMap): JsonRecord => ({
  available: map.available,
  num_standbys: map.standbys.size,
  modules: [...map.modules].sort(byBytes),
  services: new Map(sortedEntries(map.services, byBytes)),
})

const since = (ms: number, now: number): string => `since ${printTimespan(Math.max(0, now - ms))}`

/** `now` in ms. */
export const printMgrSummary = (map: MgrMap, now: number): string => {
  const changed = map.activeChange.sec === 0 ? undefined : since(msOfUtime(map.activeChange), now)
  const active =
    map.activeGid === 0n
      ? `no daemons active${changed === undefined ? '' : ` (${changed})`}`
      : `${map.activeName}(active${map.available ? '' : ', starting'}${changed === undefined ? '' : `, ${changed}`})`
  const standbys = [...map.standbys.values()].map((s) => s.name)
  return active + (standbys.length === 0 ? '' : `, standbys: ${standbys.join(', ')}`)
}
