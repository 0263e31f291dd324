/**
 * What every message's file gives: its number, its versions, and how its segments are read and written.
 *
 * A message and its codec share one name, Ceph's class name: the type is the value, the constant is the codec.
 */
import type { Reader } from '../codec/reader.ts'
import type { Writer } from '../codec/writer.ts'
import { PRIORITY } from './raw.ts'

/** What a decoder may need besides the front segment. */
export interface Envelope {
  /** The sender's version of the encoding: at least the codec's `oldest`. */
  readonly version: number
  readonly data: Buffer
}

export interface MessageCodec<M extends { readonly _tag: string }> {
  readonly name: M['_tag']
  readonly type: number
  /** Version that is written, and the newest whose compat version is accepted (HEAD_VERSION). */
  readonly version: number
  /** Oldest reader that understands what is written (COMPAT_VERSION). */
  readonly compat: number
  /** Oldest version that is read. */
  readonly oldest: number
  readonly priority: number
  readonly decode: (r: Reader, envelope: Envelope) => M
  /** Writes the front segment. */
  readonly encode: (w: Writer, message: M) => void
  /** The data segment. */
  readonly data: (message: M) => Buffer
}

type CodecFields<M extends { readonly _tag: string }> = Pick<
  MessageCodec<M>,
  'name' | 'type' | 'version' | 'decode' | 'encode'
> &
  Partial<MessageCodec<M>>

const NO_DATA = Buffer.alloc(0)

/**
 * A codec with the usual answers filled in: compat is the version where the class names none, only that version
 * is read, there is no data segment, and the priority is the one that a monitor gives all it sends.
 *
 * Source: ceph src/msg/Message.cc Message::encode (compat), src/ceph_mon.cc (default send priority).
 */
export const messageCodec = <M extends { readonly _tag: string }>(
  fields: CodecFields<M>,
): MessageCodec<M> => ({
  compat: fields.version,
  oldest: fields.version,
  priority: PRIORITY.high,
  data: () => NO_DATA,
  ...fields,
})
