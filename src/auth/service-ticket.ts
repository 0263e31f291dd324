/**
 * Tickets: how a monitor makes them, and how a principal reads the reply that brings them.
 *
 * Grammar: ticket reply = u8 1, u32 count, count × {
 *            u32 service id, u8 1, sealed blob (principal's key) { CephXServiceTicket },
 *            u8 sealed again, 0: blob { CephXTicketBlob } | 1: sealed blob (old session key) { blob { CephXTicketBlob } } }
 * Source:  ceph src/auth/cephx/CephxProtocol.cc cephx_build_service_ticket_reply, CephxKeyServer.cc
 *          build_session_auth_info.
 */
import * as E from 'fp-ts/lib/Either.js'
import { decodeFrom, Reader } from '../codec/reader.ts'
import { addSeconds, type Utime, UTIME_ZERO } from '../codec/type/utime.ts'
import { encoded, type Writer } from '../codec/writer.ts'
import type { AuthTicket } from './auth-ticket.ts'
import {
  type CephxServiceTicketInfo,
  type CephxTicketBlob,
  decodeServiceTicket,
  decodeServiceTicketInfo,
  decodeTicketBlob,
  encodeServiceTicket,
  encodeServiceTicketInfo,
  encodeTicketBlob,
} from './cephx-protocol.ts'
import { readSealedBlob, seal, unseal, type UnsealError, writeSealedBlob } from './crypto.ts'
import { type CryptoKey, generateKey, isUsableKey } from './crypto-key.ts'
import { currentServiceSecret, type KeyServer, ticketCapsOf } from './key-server.ts'
import type { AuthOptions } from './options.ts'

/** A ticket before it is sealed. */
export interface SessionAuthInfo {
  readonly serviceId: number
  /** Which of the service's keys seals it. */
  readonly secretId: bigint
  readonly serviceSecret: CryptoKey
  readonly ticket: AuthTicket
  readonly sessionKey: CryptoKey
  readonly validity: Utime
}

/** What every ticket made in one event shares. `label` keeps the session keys of several apart. */
export interface Issue {
  readonly now: Utime
  readonly entropy: Buffer
  readonly label: string
}

/** A ticket for `serviceId` in the name of `parent`'s principal, with that principal's capabilities; undefined without key or principal. */
export const buildSessionAuthInfo = (
  server: KeyServer,
  options: AuthOptions,
  serviceId: number,
  parent: Pick<AuthTicket, 'name' | 'globalId'>,
  issue: Issue,
): SessionAuthInfo | undefined => {
  const secret = currentServiceSecret(server, options, serviceId, issue.now)
  const caps = ticketCapsOf(server, parent.name, serviceId)
  if (secret === undefined || caps === undefined || !isUsableKey(secret.key)) return undefined
  return sessionAuthInfo(serviceId, { ...secret, secret: secret.key }, { ...parent, caps }, issue)
}

/** A ticket from its parts. */
export const sessionAuthInfo = (
  serviceId: number,
  sealedUnder: { readonly id: bigint; readonly secret: CryptoKey; readonly ttlSeconds: number },
  principal: Pick<AuthTicket, 'name' | 'globalId' | 'caps'>,
  { now, entropy, label }: Issue,
): SessionAuthInfo => ({
  serviceId,
  secretId: sealedUnder.id,
  serviceSecret: sealedUnder.secret,
  ticket: {
    name: principal.name,
    globalId: principal.globalId,
    created: now,
    expires: addSeconds(now, sealedUnder.ttlSeconds),
    caps: principal.caps,
    flags: 0,
  },
  sessionKey: generateKey(entropy, `${label}: session key for service ${serviceId}`, now),
  validity: addSeconds(UTIME_ZERO, sealedUnder.ttlSeconds),
})

/** The ticket, sealed for its service. */
export const buildTicketBlob = (info: SessionAuthInfo): CephxTicketBlob => ({
  secretId: info.secretId,
  blob: seal(info.serviceSecret, (w) => encodeServiceTicketInfo(w, info)),
})

/** Inverse of `buildTicketBlob`. An expired ticket is read like any other: its key's rotation ends it. */
export const openTicketBlob = (
  secret: CryptoKey,
  ticket: CephxTicketBlob,
): E.Either<UnsealError, CephxServiceTicketInfo> => unseal(secret, ticket.blob, decodeServiceTicketInfo)

/**
 * The reply that brings `infos` to the owner of `principalKey`. With `oldSessionKey` the tickets are sealed once
 * more: only the holder of the ticket that was shown can use them.
 */
export const writeTicketReply = (
  w: Writer,
  principalKey: CryptoKey,
  infos: readonly SessionAuthInfo[],
  oldSessionKey?: CryptoKey,
): void => {
  w.u8(1)
  w.array(infos, (out, info) => {
    out.u32(info.serviceId)
    out.u8(1)
    writeSealedBlob(out, principalKey, (body) => encodeServiceTicket(body, info))
    const blob = encoded((inner) => encodeTicketBlob(inner, buildTicketBlob(info)))
    out.bool(oldSessionKey !== undefined)
    if (oldSessionKey === undefined) out.blob(blob)
    else writeSealedBlob(out, oldSessionKey, (body) => body.blob(blob))
  })
}

/** A ticket as its principal holds it: opaque, with the session key that proves ownership. */
export interface ServiceTicket {
  readonly serviceId: number
  readonly sessionKey: CryptoKey
  readonly ticket: CephxTicketBlob
  /** How long it may be used, a duration. */
  readonly validity: Utime
}

const TICKETS_MAX = 32

/** Inverse of `writeTicketReply`; `oldSessionKeys` are those of the tickets held so far, by service. */
export const readTicketReply = (
  r: Reader,
  principalKey: CryptoKey,
  oldSessionKeys: ReadonlyMap<number, CryptoKey>,
): E.Either<UnsealError, readonly ServiceTicket[]> => {
  r.u8()
  const count = r.count()
  if (count > TICKETS_MAX) return malformed(`${count} tickets in one reply`)
  const tickets: ServiceTicket[] = []
  for (let i = 0; i < count && !r.failed; i++) {
    const ticket = readOneTicket(r, principalKey, oldSessionKeys)
    if (E.isLeft(ticket)) return ticket
    tickets.push(ticket.right)
  }
  return r.failed ? malformed('malformed ticket reply') : E.right(tickets)
}

const malformed = (what: string): E.Either<UnsealError, never> => E.left({ _tag: 'Unsealable', what })

const readOneTicket = (
  r: Reader,
  principalKey: CryptoKey,
  oldSessionKeys: ReadonlyMap<number, CryptoKey>,
): E.Either<UnsealError, ServiceTicket> => {
  const serviceId = r.u32()
  r.u8()
  const forPrincipal = readSealedBlob(r, principalKey, decodeServiceTicket)
  if (E.isLeft(forPrincipal)) return forPrincipal
  const blob = r.bool()
    ? sealedAgain(r, oldSessionKeys.get(serviceId))
    : E.right<UnsealError, Buffer>(r.blob())
  if (E.isLeft(blob)) return blob
  const ticket = decodeFrom(decodeTicketBlob, blob.right)
  if (E.isLeft(ticket)) return malformed('malformed ticket blob')
  return E.right({ serviceId, ...forPrincipal.right, ticket: ticket.right })
}

const sealedAgain = (r: Reader, oldSessionKey: CryptoKey | undefined): E.Either<UnsealError, Buffer> =>
  oldSessionKey === undefined
    ? malformed('ticket sealed under a session key that we do not have')
    : readSealedBlob(r, oldSessionKey, (body) => body.blob())
