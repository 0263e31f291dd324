/** An OSD is alive. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::preprocess_beacon, prepare_beacon. */
import { withEntry } from '../../../base/ordered.ts'
import { compareUtime } from '../../../codec/type/utime.ts'
import { osdIsUp, osdOf } from '../../../map/osd-map/osd-map.ts'
import { withBeacon } from '../leader-notes.ts'
import { withInc, withNotes } from '../pending.ts'
import { ignored, type MessageHandler, NEEDS_UPDATE } from './handler.ts'
import { answeredWithMaps, isUpAtSender, osdOfRequest } from './sender.ts'

export const osdBeacon: MessageHandler = {
  query: (_world, request) => (osdOfRequest(request) === undefined ? ignored(request) : NEEDS_UPDATE),
  update: (world, pendings, request) => {
    const m = request.message
    const { map } = world.committed.osdmap
    const osd = osdOfRequest(request)
    if (m._tag !== 'MOSDBeacon' || osd === undefined) return ignored(request)
    // It may not have heard that it is taken for dead.
    if (!osdIsUp(map, osd)) return answeredWithMaps(request, Number(m.version) + 1)
    if (!isUpAtSender(map, osd, request)) return ignored(request)
    const beacon = {
      atMs: world.now,
      intervalSec: m.reportIntervalSeconds,
      epoch: Number(m.version),
    }
    const pgs = m.pgs.filter(({ pool }) => map.pools.has(pool))
    const notes = withBeacon(pendings.osdmap.notes, osd, beacon, pgs, m.minLastEpochClean)
    const noted = withNotes(pendings.osdmap, notes)
    const done = [{ _tag: 'NoReply', request }] as const
    const { xinfo } = osdOf(map, osd)
    if (compareUtime(xinfo.lastPurgedSnapsScrub, m.lastPurgedSnapsScrub) >= 0)
      return { _tag: 'Answered', effects: done, pendings: { osdmap: noted } }
    const { newXinfo } = noted.inc
    const osdmap = withInc(noted, {
      newXinfo: withEntry(newXinfo, osd, {
        ...(newXinfo.get(osd) ?? xinfo),
        lastPurgedSnapsScrub: m.lastPurgedSnapsScrub,
      }),
    })
    return { _tag: 'Prepared', pendings: { osdmap }, effects: done, afterCommit: [] }
  },
}
