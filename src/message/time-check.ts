import { byNumber } from '../base/ordered.ts'
import { decodeUtime, encodeUtime, type Utime } from '../codec/type/utime.ts'
import type { Writer } from '../codec/writer.ts'
import { messageCodec } from './codec.ts'

/** Wire constants. Source: ceph src/messages/MTimeCheck2.h OP_*. */
export const TIME_CHECK_OP = { PING: 1, PONG: 2, REPORT: 3 } as const

/**
 * Compares the monitors' clocks: the leader pings, the peons answer with their time, the leader reports to all.
 *
 * Grammar: i32 op, u64 epoch, u64 round, utime, map i32 → f64 skews, map i32 → f64 latencies.
 * Source: ceph src/messages/MTimeCheck2.h.
 */
export interface MTimeCheck2 {
  readonly _tag: 'MTimeCheck2'
  /** See TIME_CHECK_OP. */
  readonly op: number
  readonly epoch: bigint
  readonly round: bigint
  /** PONG: the peon's clock. */
  readonly timestamp: Utime
  /** REPORT: seconds by rank. */
  readonly skews: ReadonlyMap<number, number>
  readonly latencies: ReadonlyMap<number, number>
}

const encodeSeconds = (w: Writer, byRank: ReadonlyMap<number, number>): void =>
  w.map(
    byRank,
    byNumber,
    (k, rank) => k.i32(rank),
    (v, seconds) => v.f64(seconds),
  )

export const MTimeCheck2 = messageCodec<MTimeCheck2>({
  name: 'MTimeCheck2',
  type: 0x609,
  version: 1,
  decode: (r) => ({
    _tag: 'MTimeCheck2',
    op: r.i32(),
    epoch: r.u64(),
    round: r.u64(),
    timestamp: decodeUtime(r),
    skews: r.map(r.i32, r.f64),
    latencies: r.map(r.i32, r.f64),
  }),
  encode: (w, m) => {
    w.i32(m.op)
    w.u64(m.epoch)
    w.u64(m.round)
    encodeUtime(w, m.timestamp)
    encodeSeconds(w, m.skews)
    encodeSeconds(w, m.latencies)
  },
})
