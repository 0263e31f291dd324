/** Confirms that an OSD was up through an epoch. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::update_up_thru. */
import { withEntry } from '../../base/ordered.ts'
import { osdOf } from '../../map/osd-map/osd-map.ts'
import type { World } from '../contract.ts'
import { withInc } from './pending.ts'
import type { OsdmapPending } from './state.ts'

export const withUpThru = (
  world: World,
  pending: OsdmapPending,
  osd: number,
  epoch: number,
): OsdmapPending => {
  const { newUpThru } = pending.inc
  const old = newUpThru.get(osd) ?? osdOf(world.committed.osdmap.map, osd).info.upThru
  return epoch > old ? withInc(pending, { newUpThru: withEntry(newUpThru, osd, epoch) }) : pending
}
