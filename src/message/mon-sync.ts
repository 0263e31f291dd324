import { BLANK_INST, decodeEntityInst, encodeEntityInst } from '../codec/type/entity-inst.ts'
import { messageCodec } from './codec.ts'

/** Wire constants; 7 is no longer used. Source: ceph src/messages/MMonSync.h OP_*. */
export const SYNC_OP = {
  GET_COOKIE_FULL: 1,
  GET_COOKIE_RECENT: 2,
  COOKIE: 3,
  GET_CHUNK: 4,
  CHUNK: 5,
  LAST_CHUNK: 6,
  NO_COOKIE: 8,
} as const

/**
 * Copies a store, or the last part of its Paxos history, to a monitor that is too far behind.
 *
 * Grammar: u32 op, u64 cookie, u64 last committed, string last prefix, string last key, blob chunk,
 *          entity_inst_t blank.
 * Source: ceph src/messages/MMonSync.h.
 */
export interface MMonSync {
  readonly _tag: 'MMonSync'
  /** See SYNC_OP. */
  readonly op: number
  readonly cookie: bigint
  readonly lastCommitted: bigint
  readonly lastKey: readonly [prefix: string, key: string]
  /** An encoded transaction. */
  readonly chunk: Buffer
}

export const MMonSync = messageCodec<MMonSync>({
  name: 'MMonSync',
  type: 69,
  version: 2,
  decode: (r) => {
    const sync: MMonSync = {
      _tag: 'MMonSync',
      op: r.u32(),
      cookie: r.u64(),
      lastCommitted: r.u64(),
      lastKey: [r.string(), r.string()],
      chunk: r.blob(),
    }
    decodeEntityInst(r)
    return sync
  },
  encode: (w, m) => {
    w.u32(m.op)
    w.u64(m.cookie)
    w.u64(m.lastCommitted)
    w.string(m.lastKey[0])
    w.string(m.lastKey[1])
    w.blob(m.chunk)
    encodeEntityInst(w, BLANK_INST)
  },
})
