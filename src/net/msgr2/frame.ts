/**
 * What a frame says. Control frames have one segment, a message one to four; `wire-frame.ts` carries the segments.
 *
 * Grammar of each payload: at its codec. Bytes after what is known are a newer sender's and are ignored.
 * Source: ceph src/msg/async/frames_v2.h.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { DecodeError } from '../../codec/error.ts'
import { decodeFrom, Reader } from '../../codec/reader.ts'
import {
  decodeEntityAddr,
  decodeEntityAddrvec,
  encodeEntityAddr,
  encodeEntityAddrvec,
  type EntityAddr,
  type EntityAddrvec,
} from '../../codec/type/entity-addr.ts'
import { encoded, type Writer } from '../../codec/writer.ts'
import type { FrameError } from './frame-error.ts'
import { ADDRS_MAX, AUTH_CHOICES_MAX } from './limit.ts'
import { decodeMessageFrame, messageSegments, type MessageFrame } from './message-frame.ts'
import { SIGNATURE_BYTES } from './secure.ts'
import type { WireFrame } from './wire-frame.ts'

export const TAG = {
  HELLO: 1,
  AUTH_REQUEST: 2,
  AUTH_BAD_METHOD: 3,
  AUTH_REPLY_MORE: 4,
  AUTH_REQUEST_MORE: 5,
  AUTH_DONE: 6,
  AUTH_SIGNATURE: 7,
  CLIENT_IDENT: 8,
  SERVER_IDENT: 9,
  IDENT_MISSING_FEATURES: 10,
  SESSION_RECONNECT: 11,
  SESSION_RESET: 12,
  SESSION_RETRY: 13,
  SESSION_RETRY_GLOBAL: 14,
  SESSION_RECONNECT_OK: 15,
  WAIT: 16,
  MESSAGE: 17,
  KEEPALIVE2: 18,
  KEEPALIVE2_ACK: 19,
  ACK: 20,
} as const

/** Flag of the IDENT frames: the session ends with its socket. */
export const FLAG_LOSSY = 1n

/** utime_t: u32 seconds, u32 nanoseconds; only echoed. */
export interface Stamp {
  readonly seconds: number
  readonly nanoseconds: number
}

/** Grammar: entity_addrvec_t mine, entity_addr_t target, i64 gid, u64 × 5. */
export interface ClientIdent {
  readonly _tag: 'CLIENT_IDENT'
  readonly addrs: EntityAddrvec
  /** The address that the sender meant to reach. */
  readonly target: EntityAddr
  /** Rank, OSD id or global id; -1 while the sender has none. */
  readonly gid: bigint
  readonly globalSeq: bigint
  readonly supported: bigint
  readonly required: bigint
  readonly flags: bigint
  readonly cookie: bigint
}

/** Grammar: entity_addrvec_t mine, i64 gid, u64 × 5. */
export interface ServerIdent {
  readonly _tag: 'SERVER_IDENT'
  readonly addrs: EntityAddrvec
  readonly gid: bigint
  readonly globalSeq: bigint
  readonly supported: bigint
  readonly required: bigint
  readonly flags: bigint
  readonly cookie: bigint
}

/** Grammar: entity_addrvec_t mine, u64 × 5. */
export interface SessionReconnect {
  readonly _tag: 'SESSION_RECONNECT'
  readonly addrs: EntityAddrvec
  readonly clientCookie: bigint
  readonly serverCookie: bigint
  readonly globalSeq: bigint
  readonly connectSeq: bigint
  /** The last message that the sender has received. */
  readonly messageSeq: bigint
}

export type ControlFrame =
  | { readonly _tag: 'HELLO'; readonly entityType: number; readonly peerAddr: EntityAddr }
  | {
      readonly _tag: 'AUTH_REQUEST'
      readonly method: number
      readonly modes: readonly number[]
      readonly payload: Buffer
    }
  | {
      readonly _tag: 'AUTH_BAD_METHOD'
      readonly method: number
      readonly result: number
      readonly allowedMethods: readonly number[]
      readonly allowedModes: readonly number[]
    }
  | { readonly _tag: 'AUTH_REPLY_MORE'; readonly payload: Buffer }
  | { readonly _tag: 'AUTH_REQUEST_MORE'; readonly payload: Buffer }
  | {
      readonly _tag: 'AUTH_DONE'
      readonly globalId: bigint
      readonly mode: number
      readonly payload: Buffer
    }
  | { readonly _tag: 'AUTH_SIGNATURE'; readonly signature: Buffer }
  | ClientIdent
  | ServerIdent
  | { readonly _tag: 'IDENT_MISSING_FEATURES'; readonly features: bigint }
  | SessionReconnect
  | { readonly _tag: 'SESSION_RESET'; readonly full: boolean }
  | { readonly _tag: 'SESSION_RETRY'; readonly connectSeq: bigint }
  | { readonly _tag: 'SESSION_RETRY_GLOBAL'; readonly globalSeq: bigint }
  | { readonly _tag: 'SESSION_RECONNECT_OK'; readonly messageSeq: bigint }
  | { readonly _tag: 'WAIT' }
  | { readonly _tag: 'KEEPALIVE2'; readonly stamp: Stamp }
  | { readonly _tag: 'KEEPALIVE2_ACK'; readonly stamp: Stamp }
  | { readonly _tag: 'ACK'; readonly seq: bigint }

export type Frame = ControlFrame | MessageFrame

/** The frame that `wire` carries. Errors: UnknownTag, BadPayload. Buffers of control frames are copies. */
export const decodeFrame = (wire: WireFrame): E.Either<FrameError, Frame> => {
  if (wire.tag === TAG.MESSAGE) return badPayload(TAG.MESSAGE, decodeMessageFrame(wire.segments))
  const decode = DECODERS.get(wire.tag)
  if (decode === undefined) return E.left({ _tag: 'UnknownTag', tag: wire.tag })
  const [payload, ...others] = wire.segments
  if (payload === undefined || others.length > 0)
    return E.left({ _tag: 'BadSegmentCount', count: wire.segments.length })
  // What a handshake leaves behind (addresses, payloads) must not keep a whole chunk of the socket alive.
  return badPayload(wire.tag, decodeFrom(decode, Buffer.from(payload)))
}

/** The segments that carry `frame`. */
export const encodeFrame = (frame: Frame): WireFrame =>
  frame._tag === 'MESSAGE'
    ? { tag: TAG.MESSAGE, segments: messageSegments(frame) }
    : { tag: TAG[frame._tag], segments: [encoded((w) => encodePayload(w, frame))] }

const badPayload = <A>(tag: number, decoded: E.Either<DecodeError, A>): E.Either<FrameError, A> =>
  E.isRight(decoded) ? decoded : E.left({ _tag: 'BadPayload', tag, error: decoded.left })

const stamp = (r: Reader): Stamp => ({ seconds: r.u32(), nanoseconds: r.u32() })

const addrs = (r: Reader): EntityAddrvec => {
  const vector = decodeEntityAddrvec(r)
  if (vector.length > ADDRS_MAX) r.bad(`${vector.length} addresses, more than ${ADDRS_MAX}`)
  return vector
}

const choices = (r: Reader): readonly number[] => {
  const numbers = r.array((item) => item.u32())
  if (numbers.length > AUTH_CHOICES_MAX) r.bad(`${numbers.length} choices, more than ${AUTH_CHOICES_MAX}`)
  return numbers
}

const identFields = (
  r: Reader,
): Pick<ClientIdent, 'gid' | 'globalSeq' | 'supported' | 'required' | 'flags' | 'cookie'> => ({
  gid: r.i64(),
  globalSeq: r.u64(),
  supported: r.u64(),
  required: r.u64(),
  flags: r.u64(),
  cookie: r.u64(),
})

// Fields are read in the order written here.
const DECODERS: ReadonlyMap<number, (r: Reader) => ControlFrame> = new Map<
  number,
  (r: Reader) => ControlFrame
>([
  [TAG.HELLO, (r) => ({ _tag: 'HELLO', entityType: r.u8(), peerAddr: decodeEntityAddr(r) })],
  [
    TAG.AUTH_REQUEST,
    (r) => ({ _tag: 'AUTH_REQUEST', method: r.u32(), modes: choices(r), payload: r.blob() }),
  ],
  [
    TAG.AUTH_BAD_METHOD,
    (r) => ({
      _tag: 'AUTH_BAD_METHOD',
      method: r.u32(),
      result: r.i32(),
      allowedMethods: choices(r),
      allowedModes: choices(r),
    }),
  ],
  [TAG.AUTH_REPLY_MORE, (r) => ({ _tag: 'AUTH_REPLY_MORE', payload: r.blob() })],
  [TAG.AUTH_REQUEST_MORE, (r) => ({ _tag: 'AUTH_REQUEST_MORE', payload: r.blob() })],
  [TAG.AUTH_DONE, (r) => ({ _tag: 'AUTH_DONE', globalId: r.u64(), mode: r.u32(), payload: r.blob() })],
  [TAG.AUTH_SIGNATURE, (r) => ({ _tag: 'AUTH_SIGNATURE', signature: r.raw(SIGNATURE_BYTES) })],
  [
    TAG.CLIENT_IDENT,
    (r) => ({ _tag: 'CLIENT_IDENT', addrs: addrs(r), target: decodeEntityAddr(r), ...identFields(r) }),
  ],
  [TAG.SERVER_IDENT, (r) => ({ _tag: 'SERVER_IDENT', addrs: addrs(r), ...identFields(r) })],
  [TAG.IDENT_MISSING_FEATURES, (r) => ({ _tag: 'IDENT_MISSING_FEATURES', features: r.u64() })],
  [
    TAG.SESSION_RECONNECT,
    (r) => ({
      _tag: 'SESSION_RECONNECT',
      addrs: addrs(r),
      clientCookie: r.u64(),
      serverCookie: r.u64(),
      globalSeq: r.u64(),
      connectSeq: r.u64(),
      messageSeq: r.u64(),
    }),
  ],
  [TAG.SESSION_RESET, (r) => ({ _tag: 'SESSION_RESET', full: r.bool() })],
  [TAG.SESSION_RETRY, (r) => ({ _tag: 'SESSION_RETRY', connectSeq: r.u64() })],
  [TAG.SESSION_RETRY_GLOBAL, (r) => ({ _tag: 'SESSION_RETRY_GLOBAL', globalSeq: r.u64() })],
  [TAG.SESSION_RECONNECT_OK, (r) => ({ _tag: 'SESSION_RECONNECT_OK', messageSeq: r.u64() })],
  [TAG.WAIT, () => ({ _tag: 'WAIT' })],
  [TAG.KEEPALIVE2, (r) => ({ _tag: 'KEEPALIVE2', stamp: stamp(r) })],
  [TAG.KEEPALIVE2_ACK, (r) => ({ _tag: 'KEEPALIVE2_ACK', stamp: stamp(r) })],
  [TAG.ACK, (r) => ({ _tag: 'ACK', seq: r.u64() })],
])

const writeIdentFields = (w: Writer, frame: ClientIdent | ServerIdent): void => {
  w.i64(frame.gid)
  w.u64(frame.globalSeq)
  w.u64(frame.supported)
  w.u64(frame.required)
  w.u64(frame.flags)
  w.u64(frame.cookie)
}

const writeStamp = (w: Writer, { seconds, nanoseconds }: Stamp): void => {
  w.u32(seconds)
  w.u32(nanoseconds)
}

const writeChoices = (w: Writer, numbers: readonly number[]): void =>
  w.array(numbers, (sink, n) => sink.u32(n))

const encodePayload = (w: Writer, frame: ControlFrame): void => {
  switch (frame._tag) {
    case 'HELLO':
      w.u8(frame.entityType)
      return void encodeEntityAddr(w, frame.peerAddr)
    case 'AUTH_REQUEST':
      w.u32(frame.method)
      writeChoices(w, frame.modes)
      return void w.blob(frame.payload)
    case 'AUTH_BAD_METHOD':
      w.u32(frame.method)
      w.i32(frame.result)
      writeChoices(w, frame.allowedMethods)
      return void writeChoices(w, frame.allowedModes)
    case 'AUTH_REPLY_MORE':
    case 'AUTH_REQUEST_MORE':
      return void w.blob(frame.payload)
    case 'AUTH_DONE':
      w.u64(frame.globalId)
      w.u32(frame.mode)
      return void w.blob(frame.payload)
    case 'AUTH_SIGNATURE':
      return void w.raw(frame.signature)
    case 'CLIENT_IDENT':
      encodeEntityAddrvec(w, frame.addrs)
      encodeEntityAddr(w, frame.target)
      return void writeIdentFields(w, frame)
    case 'SERVER_IDENT':
      encodeEntityAddrvec(w, frame.addrs)
      return void writeIdentFields(w, frame)
    case 'IDENT_MISSING_FEATURES':
      return void w.u64(frame.features)
    case 'SESSION_RECONNECT':
      encodeEntityAddrvec(w, frame.addrs)
      w.u64(frame.clientCookie)
      w.u64(frame.serverCookie)
      w.u64(frame.globalSeq)
      w.u64(frame.connectSeq)
      return void w.u64(frame.messageSeq)
    case 'SESSION_RESET':
      return void w.bool(frame.full)
    case 'SESSION_RETRY':
      return void w.u64(frame.connectSeq)
    case 'SESSION_RETRY_GLOBAL':
      return void w.u64(frame.globalSeq)
    case 'SESSION_RECONNECT_OK':
      return void w.u64(frame.messageSeq)
    case 'WAIT':
      return undefined
    case 'KEEPALIVE2':
    case 'KEEPALIVE2_ACK':
      return void writeStamp(w, frame.stamp)
    case 'ACK':
      return void w.u64(frame.seq)
  }
}
