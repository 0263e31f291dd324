import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'

/**
 * A peon runs out of global ids and asks the leader to raise the limit.
 *
 * Grammar: paxos prefix, u64 old max id. Source: ceph src/messages/MMonGlobalID.h.
 */
export interface MMonGlobalID {
  readonly _tag: 'MMonGlobalID'
  readonly version: bigint
  readonly oldMaxId: bigint
}

export const MMonGlobalID = messageCodec<MMonGlobalID>({
  name: 'MMonGlobalID',
  type: 60,
  version: 1,
  decode: (r) => ({ _tag: 'MMonGlobalID', version: decodePaxosPrefix(r), oldMaxId: r.u64() }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    w.u64(m.oldMaxId)
  },
})
