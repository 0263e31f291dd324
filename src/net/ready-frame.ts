/** Frames that mean the same on every connection that stands. */
import type { Frame, Stamp } from './msgr2/frame.ts'
import { MESSAGE_FLAGS, type MessageFrame } from './msgr2/message-frame.ts'
import type { RawMessage } from '../message/raw.ts'

/** What may arrive on a connection that stands. */
export type ReadyFrame = Extract<
  Frame,
  { readonly _tag: 'MESSAGE' | 'ACK' | 'KEEPALIVE2' | 'KEEPALIVE2_ACK' }
>

const READY_TAGS: ReadonlySet<Frame['_tag']> = new Set(['MESSAGE', 'ACK', 'KEEPALIVE2', 'KEEPALIVE2_ACK'])

export const isReadyFrame = (frame: Frame): frame is ReadyFrame => READY_TAGS.has(frame._tag)

/** A message that carries the acknowledgement of everything received so far. */
export const messageFrame = (message: RawMessage, ackSeq: bigint): MessageFrame => ({
  _tag: 'MESSAGE',
  message,
  ackSeq,
  flags: MESSAGE_FLAGS,
})

/** Units: milliseconds since 1970 → utime_t. */
export const stampOf = (nowMs: number): Stamp => ({
  seconds: Math.floor(nowMs / 1000),
  nanoseconds: Math.floor(nowMs % 1000) * 1_000_000,
})
