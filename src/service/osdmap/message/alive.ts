/** An OSD asks to be confirmed up. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::preprocess_alive, prepare_alive. */
import { osdOf } from '../../../map/osd-map/osd-map.ts'
import { withUpThru } from '../up-thru.ts'
import { ignored, type MessageHandler, NEEDS_UPDATE } from './handler.ts'
import { answeredWithMaps, isUpAtSender, osdOfRequest, proposedWithMaps } from './sender.ts'

export const osdAlive: MessageHandler = {
  query: (world, request) => {
    const m = request.message
    const { map } = world.committed.osdmap
    const osd = osdOfRequest(request)
    if (m._tag !== 'MOSDAlive' || osd === undefined || !isUpAtSender(map, osd, request))
      return ignored(request)
    return osdOf(map, osd).info.upThru >= m.want ? answeredWithMaps(request, Number(m.version)) : NEEDS_UPDATE
  },
  update: (world, pendings, request) => {
    const m = request.message
    const osd = osdOfRequest(request)
    if (m._tag !== 'MOSDAlive' || osd === undefined) return ignored(request)
    // What it has seen, so that it need not ask again soon.
    const osdmap = withUpThru(world, pendings.osdmap, osd, Number(m.version))
    return proposedWithMaps(request, { osdmap }, Number(m.version))
  },
}
