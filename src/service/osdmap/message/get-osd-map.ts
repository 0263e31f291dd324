import { ignored, type MessageHandler } from './handler.ts'
import { mapsOfRanges } from '../subscribe.ts'

/** An OSD wants certain maps again. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::preprocess_get_osdmap. */
export const getOsdMap: MessageHandler = {
  query: (world, request) => {
    const m = request.message
    if (m._tag !== 'MMonGetOSDMap') return ignored(request)
    const message = mapsOfRanges(world, [m.fullFirst, m.fullLast], [m.incFirst, m.incLast])
    return { _tag: 'Answered', effects: [{ _tag: 'Reply', request, message }] }
  },
}
