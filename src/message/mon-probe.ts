import { byNumber } from '../base/ordered.ts'
import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import { messageCodec } from './codec.ts'

/** Wire constants; 3 to 5 are no longer used. Source: ceph src/messages/MMonProbe.h OP_*. */
export const PROBE_OP = { PROBE: 1, REPLY: 2, MISSING_FEATURES: 6 } as const

/**
 * Who is there, and how far is it?
 *
 * Grammar: uuid fsid, i32 op, string name, set i32 quorum, blob monmap, bool has ever joined, u64 paxos first,
 *          u64 paxos last, u64 required features, u8 release, i32 leader.
 * Source: ceph src/messages/MMonProbe.h.
 */
export interface MMonProbe {
  readonly _tag: 'MMonProbe'
  readonly fsid: string
  /** See PROBE_OP. */
  readonly op: number
  readonly name: string
  readonly quorum: ReadonlySet<number>
  /** Empty in PROBE. */
  readonly monmapBytes: Buffer
  readonly hasEverJoined: boolean
  readonly paxosFirstVersion: bigint
  readonly paxosLastVersion: bigint
  readonly requiredFeatures: bigint
  readonly release: number
  /** Rank; -1 in PROBE, 0 in a REPLY while there was none. */
  readonly leader: number
}

export const MMonProbe = messageCodec<MMonProbe>({
  name: 'MMonProbe',
  type: 67,
  version: 8,
  compat: 5,
  decode: (r) => ({
    _tag: 'MMonProbe',
    fsid: decodeUuid(r),
    op: r.i32(),
    name: r.string(),
    quorum: r.set(r.i32),
    monmapBytes: r.blob(),
    hasEverJoined: r.bool(),
    paxosFirstVersion: r.u64(),
    paxosLastVersion: r.u64(),
    requiredFeatures: r.u64(),
    release: r.u8(),
    leader: r.i32(),
  }),
  encode: (w, m) => {
    encodeUuid(w, m.fsid)
    w.i32(m.op)
    w.string(m.name)
    w.set(m.quorum, byNumber, (item, rank) => item.i32(rank))
    w.blob(m.monmapBytes)
    w.bool(m.hasEverJoined)
    w.u64(m.paxosFirstVersion)
    w.u64(m.paxosLastVersion)
    w.u64(m.requiredFeatures)
    w.u8(m.release)
    w.i32(m.leader)
  },
})
