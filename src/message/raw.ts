/** A message as the messenger carries it: header fields and up to three payload segments, not yet decoded. */
export interface RawMessage {
  /** Per-connection number, from 1; 0 before the messenger has assigned it. */
  readonly seq: bigint
  /** The sender's own number of a request; the reply repeats it. */
  readonly tid: bigint
  readonly type: number
  /** 64 low, 127 default, 196 high, 255 highest. */
  readonly priority: number
  /** Version of the encoding, and the oldest reader's version that understands it. */
  readonly version: number
  readonly compat: number
  readonly front: Buffer
  readonly middle: Buffer
  readonly data: Buffer
}

export const PRIORITY = { low: 64, default: 127, high: 196, highest: 255 } as const
