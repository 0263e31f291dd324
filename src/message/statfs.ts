import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'
import { PRIORITY } from './raw.ts'

/**
 * Asks how full the cluster or one pool is.
 *
 * Grammar: paxos prefix, uuid fsid, optional i64 pool (version 2). Source: ceph src/messages/MStatfs.h.
 */
export interface MStatfs {
  readonly _tag: 'MStatfs'
  readonly version: bigint
  readonly fsid: string
  readonly pool: bigint | undefined
}

export const MStatfs = messageCodec<MStatfs>({
  name: 'MStatfs',
  type: 13,
  version: 2,
  compat: 1,
  oldest: 1,
  priority: PRIORITY.default,
  decode: (r, { version }) => ({
    _tag: 'MStatfs',
    version: decodePaxosPrefix(r),
    fsid: decodeUuid(r),
    pool: version >= 2 ? r.optional(r.i64) : undefined,
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    encodeUuid(w, m.fsid)
    w.optional(m.pool, (item, pool) => item.i64(pool))
  },
})

/**
 * Grammar: uuid fsid, u64 version, u64 kb, u64 kb used, u64 kb available, u64 objects.
 * Source: ceph src/messages/MStatfsReply.h; src/include/ceph_fs.h ceph_statfs.
 */
export interface MStatfsReply {
  readonly _tag: 'MStatfsReply'
  readonly fsid: string
  readonly version: bigint
  readonly kb: bigint
  readonly kbUsed: bigint
  readonly kbAvail: bigint
  readonly objectCount: bigint
}

export const MStatfsReply = messageCodec<MStatfsReply>({
  name: 'MStatfsReply',
  type: 14,
  version: 1,
  decode: (r) => ({
    _tag: 'MStatfsReply',
    fsid: decodeUuid(r),
    version: r.u64(),
    kb: r.u64(),
    kbUsed: r.u64(),
    kbAvail: r.u64(),
    objectCount: r.u64(),
  }),
  encode: (w, m) => {
    encodeUuid(w, m.fsid)
    w.u64(m.version)
    w.u64(m.kb)
    w.u64(m.kbUsed)
    w.u64(m.kbAvail)
    w.u64(m.objectCount)
  },
})
