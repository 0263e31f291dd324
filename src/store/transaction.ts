/**
 * MonitorDBStore::Transaction: what one commit changes, applied whole or not at all. A Paxos value is one of these.
 *
 * Grammar: Transaction = versioned 2/1 { array of Op, u64 bytes, u64 keys }
 *          Op          = versioned 2/1 { u8 type, string prefix, string key, blob value, string endkey }
 * Source: ceph src/mon/MonitorDBStore.h.
 */
import type { Reader } from '../codec/reader.ts'
import { encoded, type Writer } from '../codec/writer.ts'
import { storedU64 } from './key.ts'

export const OP_TYPE = { put: 1, erase: 2, compact: 3, eraseRange: 4 } as const

export type Op =
  | { readonly type: 'put'; readonly prefix: string; readonly key: string; readonly value: Buffer }
  | { readonly type: 'erase'; readonly prefix: string; readonly key: string }
  /** Compacts the whole prefix, or key up to endKey; changes nothing that can be read. */
  | { readonly type: 'compact'; readonly prefix: string; readonly key: string; readonly endKey: string }
  /** Erases key ≤ k < endKey. */
  | { readonly type: 'eraseRange'; readonly prefix: string; readonly key: string; readonly endKey: string }

/** `bytes` and `keys` are the writer's own count and part of the encoding; see `transactionOf`. */
export interface Transaction {
  readonly ops: readonly Op[]
  readonly bytes: bigint
  readonly keys: bigint
}

// What MonitorDBStore::Transaction::get_approx_size starts from, and adds for each op.
const BYTES_BASE = 26n
const BYTES_PER_OP = 23n

export const EMPTY_TRANSACTION: Transaction = { ops: [], bytes: BYTES_BASE, keys: 0n }

export const put = (prefix: string, key: string, value: Buffer): Op => ({ type: 'put', prefix, key, value })
export const putU64 = (prefix: string, key: string, n: bigint): Op => put(prefix, key, storedU64(n))
export const erase = (prefix: string, key: string): Op => ({ type: 'erase', prefix, key })
export const eraseRange = (prefix: string, key: string, endKey: string): Op => ({
  type: 'eraseRange',
  prefix,
  key,
  endKey,
})

const bytesOfOp = (op: Op): bigint => {
  if (op.type === 'compact') return 0n
  const w = encoded((out) => encodeOp(out, op))
  // type, three string lengths, the value's length and the 6-byte envelope are the constant.
  return BYTES_PER_OP + BigInt(w.length - 23)
}

/** A transaction of `ops`, counted as the original counts. */
export const transactionOf = (ops: readonly Op[]): Transaction => ({
  ops,
  bytes: ops.reduce((sum, op) => sum + bytesOfOp(op), BYTES_BASE),
  keys: BigInt(ops.filter((op) => op.type !== 'compact').length),
})

/** `b`'s ops after `a`'s; the counters are summed, base included, as the original does. */
export const appendTransaction = (a: Transaction, b: Transaction): Transaction => ({
  ops: [...a.ops, ...b.ops],
  bytes: a.bytes + b.bytes,
  keys: a.keys + b.keys,
})

export const encodeOp = (w: Writer, op: Op): void =>
  w.versioned(2, 1, () => {
    w.u8(OP_TYPE[op.type])
    w.string(op.prefix)
    w.string(op.key)
    w.blob(op.type === 'put' ? op.value : Buffer.alloc(0))
    w.string('endKey' in op ? op.endKey : '')
  })

export const decodeOp = (r: Reader): Op =>
  r.versioned(2, (structV): Op => {
    const type = r.u8()
    const prefix = r.string()
    const key = r.string()
    const value = r.blob()
    const endKey = structV >= 2 ? r.string() : ''
    switch (type) {
      case OP_TYPE.erase:
        return { type: 'erase', prefix, key }
      case OP_TYPE.compact:
        return { type: 'compact', prefix, key, endKey }
      case OP_TYPE.eraseRange:
        return { type: 'eraseRange', prefix, key, endKey }
      default:
        if (type !== OP_TYPE.put) r.bad(`transaction op type ${type}`)
        return { type: 'put', prefix, key, value }
    }
  })

export const encodeTransaction = (w: Writer, t: Transaction): void =>
  w.versioned(2, 1, () => {
    w.array(t.ops, encodeOp)
    w.u64(t.bytes)
    w.u64(t.keys)
  })

export const decodeTransaction = (r: Reader): Transaction =>
  r.versioned(2, () => ({ ops: r.array(decodeOp), bytes: r.u64(), keys: r.u64() }))

export const transactionBytes = (t: Transaction): Buffer => encoded((w) => encodeTransaction(w, t))
