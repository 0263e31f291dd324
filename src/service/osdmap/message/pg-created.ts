/** A placement group has been created. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_pg_created. */
import { pgKey } from '../../../codec/type/pg-key.ts'
import { ignored, type MessageHandler, NEEDS_UPDATE } from './handler.ts'
import { isUpAtSender, osdOfRequest } from './sender.ts'

export const osdPgCreated: MessageHandler = {
  query: (_world, request) => (osdOfRequest(request) === undefined ? ignored(request) : NEEDS_UPDATE),
  update: (world, pendings, request) => {
    const m = request.message
    const { map } = world.committed.osdmap
    const osd = osdOfRequest(request)
    if (m._tag !== 'MOSDPGCreated' || osd === undefined || !isUpAtSender(map, osd, request))
      return ignored(request)
    const createdPgs = new Set([...pendings.osdmap.createdPgs, pgKey(m.pg)])
    return {
      _tag: 'Prepared',
      pendings: { osdmap: { ...pendings.osdmap, createdPgs } },
      effects: [{ _tag: 'NoReply', request }],
      afterCommit: [],
    }
  },
}
