import { byNumber } from '../base/ordered.ts'
import { decodeMonFeature, encodeMonFeature } from '../codec/type/mon-feature.ts'
import { decodeStringMap, encodeStringMap, type StringMap } from '../codec/type/string-map.ts'
import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import { messageCodec } from './codec.ts'

/** Wire constants. Source: ceph src/messages/MMonElection.h OP_*. */
export const ELECTION_OP = { PROPOSE: 1, ACK: 2, NAK: 3, VICTORY: 4 } as const

/**
 * A step of an election.
 *
 * Grammar: uuid fsid, i32 op, u32 epoch, blob monmap, set i32 quorum, u64 quorum features, u64 0, u64 0, blob
 *          sharing, mon_feature_t, map string → string metadata (7), u8 release (8), blob scoring (9),
 *          u8 strategy (9). A number in brackets is the first version that has the field.
 * Source: ceph src/messages/MMonElection.h.
 */
export interface MMonElection {
  readonly _tag: 'MMonElection'
  readonly fsid: string
  /** See ELECTION_OP. */
  readonly op: number
  readonly epoch: number
  readonly monmapBytes: Buffer
  readonly quorum: ReadonlySet<number>
  readonly quorumFeatures: bigint
  /** VICTORY: the leader's command table; PROPOSE under the connectivity strategy: the sender's scores. */
  readonly sharing: Buffer
  readonly monFeatures: bigint
  readonly metadata: StringMap
  readonly release: number
  /** An encoded ConnectionTracker. */
  readonly scoring: Buffer
  /** 1 classic, 2 disallow, 3 connectivity. */
  readonly strategy: number
}

// Two versions of Paxos from before it was one for all services.
const DEFUNCT = 0n

export const MMonElection = messageCodec<MMonElection>({
  name: 'MMonElection',
  type: 65,
  version: 9,
  compat: 5,
  decode: (r) => {
    const head = { fsid: decodeUuid(r), op: r.i32(), epoch: r.u32(), monmapBytes: r.blob() }
    const quorum = r.set(r.i32)
    const quorumFeatures = r.u64()
    r.u64()
    r.u64()
    return {
      _tag: 'MMonElection',
      ...head,
      quorum,
      quorumFeatures,
      sharing: r.blob(),
      monFeatures: decodeMonFeature(r),
      metadata: decodeStringMap(r),
      release: r.u8(),
      scoring: r.blob(),
      strategy: r.u8(),
    }
  },
  encode: (w, m) => {
    encodeUuid(w, m.fsid)
    w.i32(m.op)
    w.u32(m.epoch)
    w.blob(m.monmapBytes)
    w.set(m.quorum, byNumber, (item, rank) => item.i32(rank))
    w.u64(m.quorumFeatures)
    w.u64(DEFUNCT)
    w.u64(DEFUNCT)
    w.blob(m.sharing)
    encodeMonFeature(w, m.monFeatures)
    encodeStringMap(w, m.metadata)
    w.u8(m.release)
    w.blob(m.scoring)
    w.u8(m.strategy)
  },
})
