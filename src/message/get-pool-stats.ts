import { byBytes } from '../base/ordered.ts'
import { decodeOpaque } from '../codec/opaque.ts'
import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'
import { PRIORITY } from './raw.ts'

/**
 * Asks for the statistics of pools, by name.
 *
 * Grammar: paxos prefix, uuid fsid, array of string. Source: ceph src/messages/MGetPoolStats.h.
 */
export interface MGetPoolStats {
  readonly _tag: 'MGetPoolStats'
  readonly version: bigint
  readonly fsid: string
  readonly pools: readonly string[]
}

export const MGetPoolStats = messageCodec<MGetPoolStats>({
  name: 'MGetPoolStats',
  type: 58,
  version: 1,
  priority: PRIORITY.default,
  decode: (r) => ({
    _tag: 'MGetPoolStats',
    version: decodePaxosPrefix(r),
    fsid: decodeUuid(r),
    pools: r.array(r.string),
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    encodeUuid(w, m.fsid)
    w.array(m.pools, (item, pool) => item.string(pool))
  },
})

/**
 * Grammar: paxos prefix, uuid fsid, map string → pool_stat_t, bool per pool. Source: ceph
 *          src/messages/MGetPoolStatsReply.h.
 */
export interface MGetPoolStatsReply {
  readonly _tag: 'MGetPoolStatsReply'
  readonly version: bigint
  readonly fsid: string
  /** Name to encoded pool_stat_t. */
  readonly poolStats: ReadonlyMap<string, Buffer>
  /** Every OSD reports what each pool occupies on it. */
  readonly perPool: boolean
}

export const MGetPoolStatsReply = messageCodec<MGetPoolStatsReply>({
  name: 'MGetPoolStatsReply',
  type: 59,
  version: 2,
  compat: 1,
  decode: (r) => ({
    _tag: 'MGetPoolStatsReply',
    version: decodePaxosPrefix(r),
    fsid: decodeUuid(r),
    poolStats: r.map(r.string, decodeOpaque),
    perPool: r.bool(),
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    encodeUuid(w, m.fsid)
    w.map(
      m.poolStats,
      byBytes,
      (k, pool) => k.string(pool),
      (v, stat) => v.raw(stat),
    )
    w.bool(m.perPool)
  },
})
