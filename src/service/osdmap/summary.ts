/** The osdmap in a few words: `osd stat`, and its line in `status`. Source: ceph src/osd/OSDMap.cc OSDMap::print_summary. */
import type { JsonRecord } from '../../base/json.ts'
import { printTimespan } from '../../base/timespan.ts'
import { msOfUtime, type Utime } from '../../codec/type/utime.ts'
import { osdMapFlagNames, OSDMAP_SEMIHIDDEN_FLAGS } from '../../map/osd-map/constant.ts'
import { countInOsds, countOsds, countUpOsds, type OsdMap } from '../../map/osd-map/osd-map.ts'

export const osdMapSummaryJson = (map: OsdMap): JsonRecord => ({
  epoch: map.epoch,
  num_osds: countOsds(map),
  num_up_osds: countUpOsds(map),
  osd_up_since: map.lastUpChange.sec,
  num_in_osds: countInOsds(map),
  osd_in_since: map.lastInChange.sec,
  num_remapped_pgs: map.pgTemp.size,
})

/** `e7: 3 total, 2 up, 3 in`. Source: OSDMap::print_oneline_summary. */
export const printOsdMapLine = (map: OsdMap): string =>
  `e${map.epoch}: ${countOsds(map)} total, ${countUpOsds(map)} up, ${countInOsds(map)} in`

/** `indent` precedes the second line, which names the flags that are set. `now` in ms; `extra` adds the epoch. */
export const printOsdMapSummary = (map: OsdMap, now: number, indent: string, extra = false): string => {
  const since = (change: Utime): string =>
    change.sec === 0 && change.nsec === 0
      ? ''
      : ` (since ${printTimespan(Math.max(0, now - msOfUtime(change)))})`
  const remapped = map.pgTemp.size === 0 ? '' : `; ${map.pgTemp.size} remapped pgs`
  const flags = osdMapFlagNames(map.flags & ~OSDMAP_SEMIHIDDEN_FLAGS)
  return (
    `${countOsds(map)} osds: ${countUpOsds(map)} up${since(map.lastUpChange)}, ` +
    `${countInOsds(map)} in${since(map.lastInChange)}` +
    `${extra ? `; epoch: e${map.epoch}` : ''}${remapped}\n` +
    (flags.length === 0 ? '' : `${indent}flags ${flags.join(',')}\n`)
  )
}
