/** An OSD is full, or no longer. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::preprocess_full, prepare_full. */
import { withEntry } from '../../../base/ordered.ts'
import { OSD_STATE } from '../../../map/osd-map/constant.ts'
import { osdExists, osdOf } from '../../../map/osd-map/osd-map.ts'
import { withInc } from '../pending.ts'
import { ignored, type MessageHandler, NEEDS_UPDATE } from './handler.ts'
import { answeredWithMaps, isUpAtSender, osdOfRequest, proposedWithMaps } from './sender.ts'

const MASK = OSD_STATE.NEARFULL | OSD_STATE.BACKFILLFULL | OSD_STATE.FULL

export const osdFull: MessageHandler = {
  query: (world, request) => {
    const m = request.message
    const { map } = world.committed.osdmap
    const osd = osdOfRequest(request)
    if (m._tag !== 'MOSDFull' || osd === undefined || !osdExists(map, osd)) return ignored(request)
    if (!isUpAtSender(map, osd, request)) return ignored(request)
    return (osdOf(map, osd).state & MASK) === m.state
      ? answeredWithMaps(request, Number(m.version))
      : NEEDS_UPDATE
  },
  update: (world, pendings, request) => {
    const m = request.message
    const osd = osdOfRequest(request)
    if (m._tag !== 'MOSDFull' || osd === undefined) return ignored(request)
    const { newState } = pendings.osdmap.inc
    const { state } = osdOf(world.committed.osdmap.map, osd)
    const flips = ((newState.get(osd) ?? 0) & ~MASK) | ((state & MASK) ^ (m.state & MASK))
    const osdmap = withInc(pendings.osdmap, { newState: withEntry(newState, osd, flips) })
    return proposedWithMaps(request, { osdmap }, Number(m.version))
  },
}
