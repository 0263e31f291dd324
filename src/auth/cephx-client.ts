/**
 * The connecting side: an entity that proves its key to a monitor, and the holder of a ticket that opens a
 * connection to the ticket's service.
 *
 * Source: ceph src/auth/cephx/CephxClientHandler.cc, src/mon/MonClient.cc MonConnection, CephxProtocol.cc.
 */
import * as E from 'fp-ts/lib/Either.js'
import { decodeFrom, Reader } from '../codec/reader.ts'
import { encodeEntityName, ENTITY_TYPE, type EntityName } from '../codec/type/entity-name.ts'
import { utimeOfMs } from '../codec/type/utime.ts'
import { encoded } from '../codec/writer.ts'
import { NO_CAPS } from './auth-ticket.ts'
import { buildAuthorizer } from './authorizer.ts'
import {
  AUTH_MODE,
  AUTHENTICATE_VERSION,
  CEPHX_GET_AUTH_SESSION_KEY,
  decodeAuthorizeReply,
  decodeResponseHeader,
  decodeServerChallenge,
  encodeAuthenticate,
  encodeRequestHeader,
  NO_TICKET,
  plusOne,
  SECRET_ID_SHARED,
} from './cephx-protocol.ts'
import { AUTH_METHOD, type AuthClient, type AuthFailure, type AuthSecrets, CON_MODE } from './contract.ts'
import { calcClientServerChallenge, readBoxedBlob, readSealedBlob, unseal } from './crypto.ts'
import type { CryptoKey } from './crypto-key.ts'
import { entropyU64 } from './entropy.ts'
import { MON_ENTITY } from './key-server.ts'
import { buildTicketBlob, readTicketReply, type ServiceTicket, sessionAuthInfo } from './service-ticket.ts'

const CONNECTION_SECRET_BYTES = 64

const malformed = (what: string): E.Either<AuthFailure, never> => E.left({ _tag: 'AuthMalformed', what })
const unexpectedMore = (): E.Either<AuthFailure, never> => malformed('an AUTH_REPLY_MORE out of turn')
const unexpectedDone = (): E.Either<AuthFailure, never> => malformed('an AUTH_DONE out of turn')

/** The secret that the mode calls for: 64 bytes in secure mode, none in crc mode. */
const isSecretFor = (mode: number, secret: Buffer): boolean =>
  secret.length === (mode === CON_MODE.secure ? CONNECTION_SECRET_BYTES : 0)

// ── an entity and its key, to a monitor ──

export interface EntityCredentials {
  readonly entityName: EntityName
  readonly key: CryptoKey
  /** From an earlier connection; 0 to be given one. */
  readonly globalId: bigint
  /** The auth service's ticket of that connection, which proves that the id is ours. */
  readonly oldTicket: ServiceTicket | undefined
  /** Service bits to get tickets for at once; 0x20, the auth service, for none but its own. */
  readonly wantedServices: number
}

/** What an authenticated entity holds besides the connection's secrets. */
export interface EntitySecrets extends AuthSecrets {
  /** By service, the auth service's own included. */
  readonly tickets: ReadonlyMap<number, ServiceTicket>
}

/** `AuthClient` whose end result brings tickets. */
export interface EntityClient extends AuthClient {
  readonly more: (
    payload: Buffer,
  ) => E.Either<AuthFailure, { readonly payload: Buffer; readonly next: EntityClient }>
  readonly done: (done: Parameters<AuthClient['done']>[0]) => E.Either<AuthFailure, EntitySecrets>
}

/** Authenticates an entity to a monitor. `modes` in order of preference; `entropy` is 32 fresh random bytes. */
export const entityClient = (
  credentials: EntityCredentials,
  modes: readonly number[],
  entropy: Buffer,
): EntityClient => {
  const request = {
    method: AUTH_METHOD.cephx,
    modes,
    payload: monRequest(credentials.entityName, credentials.globalId),
  }
  const authenticated: EntityClient = {
    request,
    more: unexpectedMore,
    done: (done) => readAuthenticated(credentials, done),
  }
  return {
    request,
    done: unexpectedDone,
    more: (payload) => {
      const challenge = decodeFrom(decodeServerChallenge, payload)
      if (E.isLeft(challenge)) return malformed('server challenge')
      return E.right({ payload: proof(credentials, challenge.right, entropy), next: authenticated })
    },
  }
}

const monRequest = (entityName: EntityName, globalId: bigint): Buffer =>
  encoded((w) => {
    w.u8(AUTH_MODE.mon)
    encodeEntityName(w, entityName)
    w.u64(globalId)
  })

const proof = (credentials: EntityCredentials, serverChallenge: bigint, entropy: Buffer): Buffer => {
  const clientChallenge = entropyU64(entropy, 'client challenge')
  return encoded((w) => {
    encodeRequestHeader(w, CEPHX_GET_AUTH_SESSION_KEY)
    encodeAuthenticate(w, {
      structV: AUTHENTICATE_VERSION,
      clientChallenge,
      key: calcClientServerChallenge(credentials.key, serverChallenge, clientChallenge),
      oldTicket: credentials.oldTicket?.ticket ?? NO_TICKET,
      otherKeys: credentials.wantedServices,
    })
  })
}

const readAuthenticated = (
  credentials: EntityCredentials,
  { globalId, mode, payload }: Parameters<AuthClient['done']>[0],
): E.Either<AuthFailure, EntitySecrets> => {
  const r = new Reader(payload)
  const { status } = decodeResponseHeader(r)
  if (status !== 0) return E.left({ _tag: 'AuthRefused', result: status, method: AUTH_METHOD.cephx })
  const old = credentials.oldTicket
  const oldKeys = new Map(old === undefined ? [] : [[ENTITY_TYPE.auth, old.sessionKey] as const])
  const reply = readTicketReply(r, credentials.key, oldKeys)
  const auth = E.isRight(reply) ? reply.right.find((t) => t.serviceId === ENTITY_TYPE.auth) : undefined
  if (E.isLeft(reply) || auth === undefined) return malformed('auth ticket')
  const secret = readBoxedBlob(r, auth.sessionKey, (body) => body.blob())
  if (E.isLeft(secret) || !isSecretFor(mode, secret.right)) return malformed('connection secret')
  const extra = r.blob()
  const more =
    extra.length === 0 ? E.right([]) : readTicketReply(new Reader(extra), auth.sessionKey, new Map())
  if (r.failed || E.isLeft(more)) return malformed('service tickets')
  return E.right({
    globalId,
    sessionKey: auth.sessionKey.secret,
    connectionSecret: secret.right,
    tickets: new Map([auth, ...more.right].map((ticket) => [ticket.serviceId, ticket])),
  })
}

// ── the holder of a ticket, to its service ──

/** Opens a connection to the service of `ticket`. The service answers with a challenge first. */
export const authorizerClient = (
  ticket: Pick<ServiceTicket, 'serviceId' | 'sessionKey' | 'ticket'>,
  globalId: bigint,
  modes: readonly number[],
  entropy: Buffer,
): AuthClient => {
  const nonce = entropyU64(entropy, 'authorizer nonce')
  const request = {
    method: AUTH_METHOD.cephx,
    modes,
    payload: buildAuthorizer(ticket, globalId, nonce, undefined),
  }
  const done: AuthClient['done'] = (frame) => readAuthorized(ticket.sessionKey, nonce, frame)
  return {
    request,
    done: unexpectedDone,
    more: (payload) => {
      const challenge = unseal(ticket.sessionKey, payload, decodeServerChallenge)
      if (E.isLeft(challenge)) return malformed('authorizer challenge')
      return E.right({
        payload: buildAuthorizer(ticket, globalId, nonce, challenge.right),
        next: { request, more: unexpectedMore, done },
      })
    },
  }
}

const readAuthorized = (
  sessionKey: CryptoKey,
  nonce: bigint,
  { globalId, mode, payload }: Parameters<AuthClient['done']>[0],
): E.Either<AuthFailure, AuthSecrets> => {
  const reply = readSealedBlob(new Reader(payload), sessionKey, decodeAuthorizeReply)
  if (E.isLeft(reply) || reply.right.noncePlusOne !== plusOne(nonce)) return malformed('authorizer reply')
  const { connectionSecret } = reply.right
  if (!isSecretFor(mode, connectionSecret)) return malformed('connection secret')
  return E.right({ globalId, sessionKey: sessionKey.secret, connectionSecret })
}

/**
 * A monitor's way to a fellow monitor: a ticket that it makes itself, sealed under the key that all monitors share.
 *
 * Source: ceph src/mon/Monitor.cc get_authorizer.
 */
export const monAuthorizerClient = (
  monKey: CryptoKey,
  modes: readonly number[],
  serviceTicketTtlSeconds: number,
  event: { readonly now: number; readonly entropy: Buffer },
): AuthClient => {
  const info = sessionAuthInfo(
    ENTITY_TYPE.mon,
    { id: SECRET_ID_SHARED, secret: monKey, ttlSeconds: serviceTicketTtlSeconds },
    { name: MON_ENTITY, globalId: 0n, caps: NO_CAPS },
    { now: utimeOfMs(event.now), entropy: event.entropy, label: 'mon authorizer' },
  )
  return authorizerClient({ ...info, ticket: buildTicketBlob(info) }, 0n, modes, event.entropy)
}

// ── without keys ──

const noneClient = (modes: readonly number[], payload: Buffer): AuthClient => ({
  request: { method: AUTH_METHOD.none, modes: modes.filter((mode) => mode === CON_MODE.crc), payload },
  more: unexpectedMore,
  done: ({ globalId }) => E.right({ globalId, sessionKey: undefined, connectionSecret: Buffer.alloc(0) }),
})

/** An entity to a monitor, method none. */
export const entityNoneClient = (
  entityName: EntityName,
  globalId: bigint,
  modes: readonly number[],
): AuthClient => noneClient(modes, monRequest(entityName, globalId))

/** A daemon to a daemon, method none. */
export const authorizerNoneClient = (
  entityName: EntityName,
  globalId: bigint,
  modes: readonly number[],
): AuthClient =>
  noneClient(
    modes,
    encoded((w) => {
      w.u8(AUTH_MODE.authorizer)
      encodeEntityName(w, entityName)
      w.u64(globalId)
    }),
  )
