/**
 * The structs of cephx, as they are once unsealed. Each has a bare version byte in front, except the headers and
 * the challenge blob.
 *
 * Grammar: CephXServerChallenge      = u8 1, u64 challenge
 *          CephXRequestHeader        = u16 request type
 *          CephXResponseHeader       = u16 request type, i32 status
 *          CephXTicketBlob           = u8 1, u64 secret id, blob sealed
 *          CephXAuthenticate         = u8 3, u64 client challenge, u64 key, CephXTicketBlob, u32 other keys (from 2)
 *          CephXChallengeBlob        = u64 server challenge, u64 client challenge
 *          CephXServiceTicketRequest = u8 1, u32 keys
 *          CephXServiceTicket        = u8 1, CryptoKey, utime validity (a duration)
 *          CephXServiceTicketInfo    = u8 1, AuthTicket, CryptoKey
 *          CephXAuthorize            = u8 2, u64 nonce, bool have challenge, u64 challenge + 1 (both from 2)
 *          CephXAuthorizeReply       = u8 1, u64 nonce + 1 | u8 2, u64 nonce + 1, string connection secret
 * Source:  ceph src/auth/cephx/CephxProtocol.h.
 */
import type { Reader } from '../codec/reader.ts'
import { decodeUtime, encodeUtime, type Utime } from '../codec/type/utime.ts'
import type { Writer } from '../codec/writer.ts'
import { type AuthTicket, decodeAuthTicket, encodeAuthTicket } from './auth-ticket.ts'
import { type CryptoKey, decodeCryptoKey, encodeCryptoKey } from './crypto-key.ts'

export const CEPHX_GET_AUTH_SESSION_KEY = 0x0100
export const CEPHX_GET_PRINCIPAL_SESSION_KEY = 0x0200
export const CEPHX_GET_ROTATING_KEY = 0x0400

/** First byte of an AUTH_REQUEST payload: what kind of authentication follows. Source: ceph src/auth/Auth.h. */
export const AUTH_MODE = { authorizer: 1, authorizerMax: 9, mon: 10, monMax: 19 } as const

/** Secret id of a ticket that is sealed under the service's own key instead of a rotating one. */
export const SECRET_ID_SHARED = 0xffff_ffff_ffff_ffffn

/** CephXServerChallenge, and CephXAuthorizeChallenge, which is alike. */
export const encodeServerChallenge = (w: Writer, challenge: bigint): void => {
  w.u8(1)
  w.u64(challenge)
}

export const decodeServerChallenge = (r: Reader): bigint => {
  r.u8()
  return r.u64()
}

export const encodeRequestHeader = (w: Writer, requestType: number): void => w.u16(requestType)
export const decodeRequestHeader = (r: Reader): number => r.u16()

export interface CephxResponseHeader {
  readonly requestType: number
  readonly status: number
}

export const encodeResponseHeader = (w: Writer, header: CephxResponseHeader): void => {
  w.u16(header.requestType)
  w.i32(header.status)
}

export const decodeResponseHeader = (r: Reader): CephxResponseHeader => ({
  requestType: r.u16(),
  status: r.i32(),
})

export interface CephxTicketBlob {
  readonly secretId: bigint
  /** A sealed CephxServiceTicketInfo; empty for no ticket. */
  readonly blob: Buffer
}

export const NO_TICKET: CephxTicketBlob = { secretId: 0n, blob: Buffer.alloc(0) }

export const encodeTicketBlob = (w: Writer, ticket: CephxTicketBlob): void => {
  w.u8(1)
  w.u64(ticket.secretId)
  w.blob(ticket.blob)
}

export const decodeTicketBlob = (r: Reader): CephxTicketBlob => {
  r.u8()
  return { secretId: r.u64(), blob: r.blob() }
}

export interface CephxAuthenticate {
  /** 3 promises to show the old ticket whenever there is one; an older client may leave it out. */
  readonly structV: number
  readonly clientChallenge: bigint
  readonly key: bigint
  readonly oldTicket: CephxTicketBlob
  /** Service bits whose tickets are wanted at once. */
  readonly otherKeys: number
}

export const AUTHENTICATE_VERSION = 3

export const encodeAuthenticate = (w: Writer, authenticate: CephxAuthenticate): void => {
  w.u8(authenticate.structV)
  w.u64(authenticate.clientChallenge)
  w.u64(authenticate.key)
  encodeTicketBlob(w, authenticate.oldTicket)
  if (authenticate.structV >= 2) w.u32(authenticate.otherKeys)
}

export const decodeAuthenticate = (r: Reader): CephxAuthenticate => {
  const structV = r.u8()
  return {
    structV,
    clientChallenge: r.u64(),
    key: r.u64(),
    oldTicket: decodeTicketBlob(r),
    otherKeys: structV >= 2 ? r.u32() : 0,
  }
}

export interface CephxChallengeBlob {
  readonly serverChallenge: bigint
  readonly clientChallenge: bigint
}

export const encodeChallengeBlob = (w: Writer, blob: CephxChallengeBlob): void => {
  w.u64(blob.serverChallenge)
  w.u64(blob.clientChallenge)
}

export const decodeChallengeBlob = (r: Reader): CephxChallengeBlob => ({
  serverChallenge: r.u64(),
  clientChallenge: r.u64(),
})

/** CephXServiceTicketRequest: the service bits asked for. */
export const encodeServiceTicketRequest = (w: Writer, keys: number): void => {
  w.u8(1)
  w.u32(keys)
}

export const decodeServiceTicketRequest = (r: Reader): number => {
  r.u8()
  return r.u32()
}

/** What the principal learns of its ticket. */
export interface CephxServiceTicket {
  readonly sessionKey: CryptoKey
  readonly validity: Utime
}

export const encodeServiceTicket = (w: Writer, ticket: CephxServiceTicket): void => {
  w.u8(1)
  encodeCryptoKey(w, ticket.sessionKey)
  encodeUtime(w, ticket.validity)
}

export const decodeServiceTicket = (r: Reader): CephxServiceTicket => {
  r.u8()
  return { sessionKey: decodeCryptoKey(r), validity: decodeUtime(r) }
}

/** What the service learns of it. */
export interface CephxServiceTicketInfo {
  readonly ticket: AuthTicket
  readonly sessionKey: CryptoKey
}

export const encodeServiceTicketInfo = (w: Writer, info: CephxServiceTicketInfo): void => {
  w.u8(1)
  encodeAuthTicket(w, info.ticket)
  encodeCryptoKey(w, info.sessionKey)
}

export const decodeServiceTicketInfo = (r: Reader): CephxServiceTicketInfo => {
  r.u8()
  return { ticket: decodeAuthTicket(r), sessionKey: decodeCryptoKey(r) }
}

export interface CephxAuthorize {
  readonly nonce: bigint
  readonly haveChallenge: boolean
  readonly serverChallengePlusOne: bigint
}

export const encodeAuthorize = (w: Writer, authorize: CephxAuthorize): void => {
  w.u8(2)
  w.u64(authorize.nonce)
  w.bool(authorize.haveChallenge)
  w.u64(authorize.serverChallengePlusOne)
}

export const decodeAuthorize = (r: Reader): CephxAuthorize => {
  const structV = r.u8()
  const nonce = r.u64()
  if (structV < 2) return { nonce, haveChallenge: false, serverChallengePlusOne: 0n }
  return { nonce, haveChallenge: r.bool(), serverChallengePlusOne: r.u64() }
}

export interface CephxAuthorizeReply {
  readonly noncePlusOne: bigint
  /** Empty in crc mode, and then not written at all. */
  readonly connectionSecret: Buffer
}

export const encodeAuthorizeReply = (w: Writer, reply: CephxAuthorizeReply): void => {
  const secret = reply.connectionSecret.length > 0
  w.u8(secret ? 2 : 1)
  w.u64(reply.noncePlusOne)
  if (secret) w.blob(reply.connectionSecret)
}

export const decodeAuthorizeReply = (r: Reader): CephxAuthorizeReply => {
  const structV = r.u8()
  return { noncePlusOne: r.u64(), connectionSecret: structV >= 2 ? r.blob() : Buffer.alloc(0) }
}

const U64_MAX = 0xffff_ffff_ffff_ffffn

/** The successor of a nonce or challenge, which wraps. */
export const plusOne = (n: bigint): bigint => (n + 1n) & U64_MAX
