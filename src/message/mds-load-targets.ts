import { byNumber } from '../base/ordered.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'
import { PRIORITY } from './raw.ts'

/**
 * The ranks to which an MDS wants to hand over load.
 *
 * Grammar: paxos prefix, u64 global id, set of i32 ranks. Source: ceph src/messages/MMDSLoadTargets.h.
 */
export interface MMDSLoadTargets {
  readonly _tag: 'MMDSLoadTargets'
  readonly version: bigint
  readonly globalId: bigint
  readonly targets: ReadonlySet<number>
}

export const MMDSLoadTargets = messageCodec<MMDSLoadTargets>({
  name: 'MMDSLoadTargets',
  type: 0x20a,
  version: 1,
  priority: PRIORITY.default,
  decode: (r) => ({
    _tag: 'MMDSLoadTargets',
    version: decodePaxosPrefix(r),
    globalId: r.u64(),
    targets: r.set(r.i32),
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    w.u64(m.globalId)
    w.set(m.targets, byNumber, (item, rank) => item.i32(rank))
  },
})
