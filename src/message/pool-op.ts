import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'
import { PRIORITY } from './raw.ts'

/** Wire constants. Source: ceph src/include/ceph_fs.h POOL_OP_*. */
export const POOL_OP = {
  CREATE: 0x01,
  DELETE: 0x02,
  AUID_CHANGE: 0x03,
  CREATE_SNAP: 0x11,
  DELETE_SNAP: 0x12,
  CREATE_UNMANAGED_SNAP: 0x21,
  DELETE_UNMANAGED_SNAP: 0x22,
} as const

/**
 * A change of a pool or its snapshots, by librados instead of a command.
 *
 * Grammar: paxos prefix, uuid fsid, u32 pool, u32 op, u64 0, u64 snapshot id, string name, u8 0, i16 crush rule.
 * Source: ceph src/messages/MPoolOp.h.
 */
export interface MPoolOp {
  readonly _tag: 'MPoolOp'
  readonly version: bigint
  readonly fsid: string
  readonly pool: number
  /** See POOL_OP. */
  readonly op: number
  readonly snapId: bigint
  readonly name: string
  readonly crushRule: number
}

const OLD_AUID = 0n
const PAD = 0

export const MPoolOp = messageCodec<MPoolOp>({
  name: 'MPoolOp',
  type: 49,
  version: 4,
  compat: 2,
  priority: PRIORITY.default,
  decode: (r) => {
    const version = decodePaxosPrefix(r)
    const head = { fsid: decodeUuid(r), pool: r.u32(), op: r.u32() }
    r.u64()
    const named = { snapId: r.u64(), name: r.string() }
    r.u8()
    return { _tag: 'MPoolOp', version, ...head, ...named, crushRule: r.i16() }
  },
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    encodeUuid(w, m.fsid)
    w.u32(m.pool)
    w.u32(m.op)
    w.u64(OLD_AUID)
    w.u64(m.snapId)
    w.string(m.name)
    w.u8(PAD)
    w.i16(m.crushRule)
  },
})

/**
 * Grammar: paxos prefix, uuid fsid, u32 code, u32 epoch, optional blob. Source: ceph src/messages/MPoolOpReply.h.
 */
export interface MPoolOpReply {
  readonly _tag: 'MPoolOpReply'
  readonly version: bigint
  readonly fsid: string
  /** 0 or a negative errno. */
  readonly code: number
  readonly epoch: number
  /** The u64 id of a new unmanaged snapshot; absent otherwise. */
  readonly response: Buffer | undefined
}

export const MPoolOpReply = messageCodec<MPoolOpReply>({
  name: 'MPoolOpReply',
  type: 48,
  version: 1,
  decode: (r) => ({
    _tag: 'MPoolOpReply',
    version: decodePaxosPrefix(r),
    fsid: decodeUuid(r),
    code: r.i32(),
    epoch: r.u32(),
    response: r.optional(r.blob),
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    encodeUuid(w, m.fsid)
    w.i32(m.code)
    w.u32(m.epoch)
    w.optional(m.response, (item, bytes) => item.blob(bytes))
  },
})
