import { byNumber } from '../base/ordered.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'

/**
 * Snapshots to delete, or in the answer: deleted.
 *
 * Grammar: paxos prefix, map i32 pool → array of u64 snapshot ids. Source: ceph src/messages/MRemoveSnaps.h.
 */
export interface MRemoveSnaps {
  readonly _tag: 'MRemoveSnaps'
  readonly version: bigint
  readonly snaps: ReadonlyMap<number, readonly bigint[]>
}

export const MRemoveSnaps = messageCodec<MRemoveSnaps>({
  name: 'MRemoveSnaps',
  type: 90,
  version: 1,
  decode: (r) => ({
    _tag: 'MRemoveSnaps',
    version: decodePaxosPrefix(r),
    snaps: r.map(r.i32, (v) => v.array((item) => item.u64())),
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    w.map(
      m.snaps,
      byNumber,
      (k, pool) => k.i32(pool),
      (v, ids) => v.array(ids, (item, id) => item.u64(id)),
    )
  },
})
