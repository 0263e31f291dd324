/** Raw messages of the messenger to typed ones and back. */
import * as E from 'fp-ts/lib/Either.js'
import { known } from '../base/assert.ts'
import type { DecodeError } from '../codec/error.ts'
import { Reader } from '../codec/reader.ts'
import { encoded } from '../codec/writer.ts'
import type { MessageCodec } from './codec.ts'
import type { RawMessage } from './raw.ts'
import { MESSAGE_TABLE } from './table.ts'

/** A message of a type that is not in the table: kept as it came. */
export interface UnknownMessage {
  readonly _tag: 'UnknownMessage'
  readonly raw: RawMessage
}

type KnownMessage = ReturnType<(typeof MESSAGE_TABLE)[number]['decode']>

/** Closed union of all messages; `_tag` is Ceph's class name. */
export type Message = KnownMessage | UnknownMessage

// `encode` takes its own message only, so a codec out of the table fits no common type; each is stored under the
// name and the number that select it, which is what makes the widening sound.
type AnyCodec = MessageCodec<KnownMessage>
const CODECS = MESSAGE_TABLE as unknown as readonly AnyCodec[]
const BY_TYPE: ReadonlyMap<number, AnyCodec> = new Map(CODECS.map((codec) => [codec.type, codec]))
const BY_NAME: ReadonlyMap<string, AnyCodec> = new Map(CODECS.map((codec) => [codec.name, codec]))

const MIDDLE = Buffer.alloc(0)

/**
 * The message in `raw`; buffers in it are views of the input. Bytes after the last field are a newer sender's.
 *
 * Errors: Incompatible when the sender says that our version is too old to understand it; BadValue when the
 *         sender's version is older than any that we read; otherwise what is wrong with the fields.
 * Source: ceph src/msg/Message.cc decode_message.
 */
export const decodeMessage = (raw: RawMessage): E.Either<DecodeError, Message> => {
  const codec = BY_TYPE.get(raw.type)
  if (codec === undefined) return E.right({ _tag: 'UnknownMessage', raw })
  if (raw.compat > codec.version)
    return E.left({ _tag: 'Incompatible', at: 0, compat: raw.compat, supported: codec.version })
  if (raw.version < codec.oldest)
    return E.left({ _tag: 'BadValue', at: 0, what: `${codec.name} version ${raw.version}` })
  const r = new Reader(raw.front)
  return r.done(codec.decode(r, { version: raw.version, data: raw.data }))
}

/** `message` as the messenger sends it; `tid` is the request's number in an answer, 0 otherwise. */
export const encodeMessage = (message: Message, { tid }: { readonly tid: bigint }): RawMessage => {
  if (message._tag === 'UnknownMessage') return { ...message.raw, seq: 0n, tid }
  const codec = known(BY_NAME.get(message._tag), `a codec of ${message._tag}`)
  return {
    seq: 0n,
    tid,
    type: codec.type,
    priority: codec.priority,
    version: codec.version,
    compat: codec.compat,
    front: encoded((w) => codec.encode(w, message)),
    middle: MIDDLE,
    data: codec.data(message),
  }
}
