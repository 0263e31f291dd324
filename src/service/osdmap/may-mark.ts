/**
 * Whether the flags and the state of the cluster let an OSD be marked up, down, in or out.
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::can_mark_*; src/osd/OSDMap.cc OSDMap::is_noup and its like.
 */
import type { OptionsView } from '../../config/view.ts'
import { locationOf, itemIdOfName } from '../../map/crush/location.ts'
import { OSD_STATE, OSDMAP_FLAG } from '../../map/osd-map/constant.ts'
import type { Incremental } from '../../map/osd-map/incremental.ts'
import {
  countInOsds,
  countOsds,
  countUpOsds,
  osdIsIn,
  osdIsUp,
  type OsdMap,
} from '../../map/osd-map/osd-map.ts'

type Ban = 'NOUP' | 'NODOWN' | 'NOIN' | 'NOOUT'

/** A ban holds for the whole map, for a device class, for a bucket above the OSD, or for the OSD alone. */
const isBanned = (map: OsdMap, osd: number, ban: Ban): boolean => {
  if ((map.flags & OSDMAP_FLAG[ban]) !== 0) return true
  const bit = OSD_STATE[ban]
  if (((map.osds[osd]?.state ?? 0) & bit) !== 0) return true
  const deviceClass = map.crush.deviceClasses.get(osd)
  if (deviceClass !== undefined && ((map.deviceClassFlags.get(deviceClass) ?? 0) & bit) !== 0) return true
  if (((map.crushNodeFlags.get(osd) ?? 0) & bit) !== 0) return true
  return locationOf(map.crush, osd).some(
    ([, name]) => ((map.crushNodeFlags.get(itemIdOfName(map.crush, name) ?? 0) ?? 0) & bit) !== 0,
  )
}

export const canMarkUp = (map: OsdMap, osd: number): boolean => !isBanned(map, osd, 'NOUP')
export const canMarkIn = (map: OsdMap, osd: number): boolean => !isBanned(map, osd, 'NOIN')

/** Enough others stay up. */
export const canMarkDown = (
  options: OptionsView,
  map: OsdMap,
  inc: Pick<Incremental, 'newState' | 'newUpClient'>,
  osd: number,
): boolean => {
  if (isBanned(map, osd, 'NODOWN')) return false
  const count = countOsds(map)
  const goingDown = [...inc.newState].filter(
    ([id, bits]) => (bits & OSD_STATE.UP) !== 0 && osdIsUp(map, id),
  ).length
  const goingUp = inc.newUpClient.size
  const up = countUpOsds(map) - (goingDown - goingUp)
  return count > 0 && up / count >= options.float('mon_osd_min_up_ratio')
}

/** Enough others stay in. */
export const canMarkOut = (options: OptionsView, map: OsdMap, inc: Incremental, osd: number): boolean => {
  if (isBanned(map, osd, 'NOOUT')) return false
  const count = countOsds(map)
  const goingOut = [...inc.newWeight].filter(([id, weight]) => weight === 0 && osdIsIn(map, id)).length
  const goingIn = [...inc.newWeight].filter(([id, weight]) => weight !== 0 && !osdIsIn(map, id)).length
  const remaining = countInOsds(map) - (goingOut - goingIn)
  return count > 0 && remaining / count >= options.float('mon_osd_min_in_ratio')
}
