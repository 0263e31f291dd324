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
    pools: r.array((item) => item.string()),
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    encodeUuid(w, m.fsid)
    w.array(m.pools, (item, pool) => item.string(pool))
  },
})
