import { decodeUtime, encodeUtime, type Utime } from '../codec/type/utime.ts'
import { messageCodec } from './codec.ts'

/** Wire constants. Source: ceph src/messages/MMonPing.h OP_*. */
export const MON_PING_OP = { PING: 1, PING_REPLY: 2 } as const

/**
 * Heartbeat between monitors, with what the sender knows of everybody's connections.
 *
 * Grammar: u8 op, utime stamp, blob tracker, u32 padding length, padding.
 * Source: ceph src/messages/MMonPing.h.
 */
export interface MMonPing {
  readonly _tag: 'MMonPing'
  /** See MON_PING_OP. */
  readonly op: number
  /** The sender's clock; the reply repeats it. */
  readonly stamp: Utime
  /** An encoded ConnectionTracker. */
  readonly tracker: Buffer
}

// Padding makes pings fill jumbo frames when an option asks for it; nobody reads it.
const NO_PADDING = 0

export const MMonPing = messageCodec<MMonPing>({
  name: 'MMonPing',
  type: 140,
  version: 1,
  decode: (r) => {
    const ping: MMonPing = {
      _tag: 'MMonPing',
      op: r.u8(),
      stamp: decodeUtime(r),
      tracker: r.blob(),
    }
    r.blob()
    return ping
  },
  encode: (w, m) => {
    w.u8(m.op)
    encodeUtime(w, m.stamp)
    w.blob(m.tracker)
    w.u32(NO_PADDING)
  },
})
