/** Recorded handshakes in one form, from this project's own captures and from whole recorded streams. */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { AUTH_METHOD, type AuthReply } from '../../src/auth/contract.ts'
import { CRYPTO_TYPE, type CryptoKey } from '../../src/auth/crypto-key.ts'
import { UTIME_ZERO } from '../../src/codec/type/utime.ts'
import { fixture } from '../fixture/fixture.ts'
import type { WireStream } from '../net/wire-stream.ts'

export interface Handshake {
  readonly name: string
  /** Of the keyring; undefined with method none. */
  readonly key: CryptoKey | undefined
  /** Of the ticket with which a global id is reclaimed. */
  readonly oldSessionKey: CryptoKey | undefined
  readonly method: number
  readonly request: Buffer
  readonly replyMore: Buffer
  readonly requestMore: Buffer
  readonly done: { readonly globalId: bigint; readonly mode: number; readonly payload: Buffer }
  readonly sessionKey: Buffer | undefined
  readonly connectionSecret: Buffer
}

export const aesKey = (secret: Buffer): CryptoKey => ({ type: CRYPTO_TYPE.aes, created: UTIME_ZERO, secret })

interface Captured {
  readonly keyHex: string | null
  readonly oldSessionKeyHex?: string
  readonly method: number
  readonly requestHex: string
  readonly replyMoreHex?: string
  readonly requestMoreHex?: string
  readonly done: { readonly globalId: string; readonly mode: number; readonly payloadHex: string }
  readonly sessionKeyHex: string | null
  readonly connectionSecretHex: string
}

const hex = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'hex')
const keyOf = (text: string | null | undefined): CryptoKey | undefined =>
  text === null || text === undefined ? undefined : aesKey(hex(text))

/** A capture of test/fixture/auth. */
export const capturedHandshake = (name: string): Handshake => {
  const captured = JSON.parse(fixture(`auth/${name}.json`).toString()) as Captured
  return {
    name,
    key: keyOf(captured.keyHex),
    oldSessionKey: keyOf(captured.oldSessionKeyHex),
    method: captured.method,
    request: hex(captured.requestHex),
    replyMore: hex(captured.replyMoreHex),
    requestMore: hex(captured.requestMoreHex),
    done: {
      globalId: BigInt(captured.done.globalId),
      mode: captured.done.mode,
      payload: hex(captured.done.payloadHex),
    },
    sessionKey: captured.sessionKeyHex === null ? undefined : hex(captured.sessionKeyHex),
    connectionSecret: hex(captured.connectionSecretHex),
  }
}

export const CAPTURED_CLIENTS = ['client-crc', 'client-secure', 'mgr-reclaim-crc'] as const
export const CAPTURED_MONS = ['mon-mon-crc', 'mon-mon-secure'] as const

/** The handshake at the beginning of a recorded stream of `entity`. */
export const handshakeOf = (stream: WireStream, entity: string, oldSessionKeyHex?: string): Handshake => {
  const frames = [...stream.c2s.frames, ...stream.s2c.frames].map(({ frame }) => frame)
  const request = frames.find((f) => f._tag === 'AUTH_REQUEST')
  const done = frames.find((f) => f._tag === 'AUTH_DONE')
  assert(request !== undefined && done !== undefined, `${stream.name}: no handshake`)
  const key = stream.keys.get(entity)
  return {
    name: stream.name,
    key: request.method === AUTH_METHOD.none || key === undefined ? undefined : aesKey(key),
    oldSessionKey: keyOf(oldSessionKeyHex),
    method: request.method,
    request: request.payload,
    replyMore: frames.find((f) => f._tag === 'AUTH_REPLY_MORE')?.payload ?? Buffer.alloc(0),
    requestMore: frames.find((f) => f._tag === 'AUTH_REQUEST_MORE')?.payload ?? Buffer.alloc(0),
    done,
    sessionKey: stream.sessionKey,
    connectionSecret: stream.connectionSecret ?? Buffer.alloc(0),
  }
}

export const doneReply = (reply: AuthReply): Extract<AuthReply, { _tag: 'AuthDone' }> => {
  assert(reply._tag === 'AuthDone', `expected AuthDone, got ${inspect(reply)}`)
  return reply
}

export const moreReply = (reply: AuthReply): Extract<AuthReply, { _tag: 'AuthReplyMore' }> => {
  assert(reply._tag === 'AuthReplyMore', `expected AuthReplyMore, got ${inspect(reply)}`)
  return reply
}

export const refusal = (reply: AuthReply): number => {
  assert(reply._tag === 'AuthBadMethod', `expected AuthBadMethod, got ${inspect(reply)}`)
  return reply.result
}
