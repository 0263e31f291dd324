/**
 * The accepting side of every handshake of a monitor: which method and mode, which kind of authentication, and the
 * answer to each AUTH_REQUEST and AUTH_REQUEST_MORE. What is kept between the two is a value, the attempt.
 *
 * Grammar: payload of AUTH_REQUEST = u8 mode 10, EntityName, u64 global id (0: new)      clients and daemons
 *                                  | authorizer, whose first byte is mode 1              fellow monitors
 *                                  | u8 1, EntityName, u64 global id                     the same without keys
 * Source:  ceph src/mon/Monitor.cc handle_auth_request, src/msg/async/ProtocolV2.cc _handle_auth_request.
 */
import * as E from 'fp-ts/lib/Either.js'
import { invariant } from '../base/assert.ts'
import { decodeFrom, Reader } from '../codec/reader.ts'
import { decodeEntityName, ENTITY_TYPE, type EntityName, entityTypeName } from '../codec/type/entity-name.ts'
import { utimeOfMs } from '../codec/type/utime.ts'
import { encoded } from '../codec/writer.ts'
import { openAuthorizer, type SecretOf, writeAuthorizeReply } from './authorizer.ts'
import { AUTH_MODE, encodeServerChallenge, plusOne, SECRET_ID_SHARED } from './cephx-protocol.ts'
import { authenticateClient, type CephxClaim } from './cephx-server.ts'
import { AUTH_METHOD, type AuthIdentity, type AuthReply, CON_MODE } from './contract.ts'
import { sameProof, seal } from './crypto.ts'
import { isUsableKey } from './crypto-key.ts'
import { entropyBytes, entropyU64 } from './entropy.ts'
import { entryOf } from './entity-auth.ts'
import { assignGlobalId, type GlobalIds } from './global-id.ts'
import type { KeyServer } from './key-server.ts'
import { ALLOW_ALL } from './mon-cap.ts'
import { advertisedFor, type AuthOptions, methodsForType, pickConMode, printConMode } from './options.ts'
import { type Refusal, refusal } from './refusal.ts'
import { RESULT } from './result.ts'

/** Four AES blocks: two keys and two nonces' worth. Source: ceph src/auth/Auth.h get_connection_secret_length. */
const CONNECTION_SECRET_BYTES = 64

/** Of the modes that a peer offers, as many are named in the log. */
const MODES_SHOWN_MAX = 4

/** What a monitor brings to a handshake. */
export interface AuthServer {
  /** Committed keys; version 0 means that there has never been a quorum. */
  readonly keys: KeyServer
  readonly options: AuthOptions
  readonly globalIds: GlobalIds
  /** Monitors in the monmap, and our rank among them; -1 when we are not one. */
  readonly monCount: number
  readonly rank: number
}

/** What an attempt remembers between its first and second request. */
export type AuthAttempt =
  | {
      readonly _tag: 'Client'
      readonly peerType: number
      readonly mode: number
      readonly claim: CephxClaim
    }
  | {
      readonly _tag: 'Authorizer'
      readonly peerType: number
      readonly mode: number
      readonly challenge: bigint
    }

/** An AUTH_REQUEST, as the messenger hands it over. */
export interface AuthRequest {
  readonly peerType: number
  readonly method: number
  readonly modes: readonly number[]
  readonly payload: Buffer
}

/** The event's own time and randomness. */
export interface AuthEvent {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly entropy: Buffer
}

export interface AuthStep {
  readonly reply: AuthReply
  /** Why the reply is AuthBadMethod, and who it was who asked, by his own account; undefined for any other reply. */
  readonly refused: (Refusal & { readonly entityName: EntityName | undefined }) | undefined
  /** Kept for continueAuth; undefined when the attempt is over. */
  readonly attempt: AuthAttempt | undefined
  /** Changed when an id was given out. */
  readonly globalIds: GlobalIds
}

interface Exchange {
  readonly server: AuthServer
  readonly peerType: number
  readonly method: number
  readonly mode: number
  readonly event: AuthEvent
}

/**
 * Answers an AUTH_REQUEST.
 *
 * Errors: as AuthBadMethod: EOPNOTSUPP for a method or modes that are not allowed, EACCES for a payload that is
 *         none. AuthDrop while there are no committed keys or ids: the peer tries again, perhaps elsewhere.
 */
export const startAuth = (server: AuthServer, request: AuthRequest, event: AuthEvent): AuthStep => {
  const { peerType, method, payload } = request
  const mode = pickConMode(server.options, peerType, method, request.modes)
  if (mode === undefined) {
    const { methods, modes } = advertisedFor(server.options, peerType)
    const why = methods.includes(method) ? modeNotAllowed(request.modes, modes) : methodNotAllowed(method)
    return refuse({ server, peerType, method }, why)
  }
  const exchange = { server, peerType, method, mode, event }
  const authMode = payload.at(0) ?? 0
  if (authMode >= AUTH_MODE.authorizer && authMode <= AUTH_MODE.authorizerMax)
    return startAuthorizer(exchange, payload)
  if (authMode >= AUTH_MODE.mon && authMode <= AUTH_MODE.monMax) return startClient(exchange, payload)
  return refuse(
    exchange,
    refusal('Malformed', RESULT.EACCES, `there is no kind ${authMode} of authentication`),
  )
}

const methodNotAllowed = (method: number): Refusal =>
  refusal('MethodNotAllowed', RESULT.EOPNOTSUPP, `method ${method} is not allowed`)

const modeNotAllowed = (wanted: readonly number[], allowed: readonly number[]): Refusal => {
  const [offer, want] = [wanted, allowed].map((modes) =>
    modes.slice(0, MODES_SHOWN_MAX).map(printConMode).join(),
  )
  return refusal(
    'ModeNotAllowed',
    RESULT.EOPNOTSUPP,
    `it offers connection mode ${offer}, allowed is ${want}`,
  )
}

/** Answers an AUTH_REQUEST_MORE of an attempt that got AuthReplyMore. Every attempt has one answer; then it is over. */
export const continueAuth = (
  server: AuthServer,
  attempt: AuthAttempt,
  payload: Buffer,
  event: AuthEvent,
): AuthStep => {
  const { peerType, mode } = attempt
  const exchange = { server, peerType, method: AUTH_METHOD.cephx, mode, event }
  return attempt._tag === 'Client'
    ? finishClient(exchange, attempt.claim, payload)
    : finishAuthorizer(exchange, attempt.challenge, payload)
}

const refuse = (
  { server, peerType, method }: Pick<Exchange, 'server' | 'peerType' | 'method'>,
  why: Refusal,
  entityName?: EntityName,
): AuthStep => {
  const { methods, modes } = advertisedFor(server.options, peerType)
  return {
    ...over(server, {
      _tag: 'AuthBadMethod',
      method,
      result: why.result,
      allowedMethods: methods,
      allowedModes: modes,
    }),
    refused: { ...why, entityName },
  }
}

const over = (server: AuthServer, reply: AuthReply): AuthStep => ({
  reply,
  refused: undefined,
  attempt: undefined,
  globalIds: server.globalIds,
})

const drop = (server: AuthServer, reason: string): AuthStep => over(server, { _tag: 'AuthDrop', reason })

const connectionSecretBytes = (mode: number): number =>
  mode === CON_MODE.secure ? CONNECTION_SECRET_BYTES : 0

// ── clients and daemons ──

interface ClientHello {
  readonly entityName: EntityName
  readonly globalId: bigint
}

const MALFORMED_HELLO = refusal('Malformed', RESULT.EACCES, 'its name and global_id are cut short')

const decodeClientHello = (r: Reader): ClientHello => {
  r.u8()
  return { entityName: decodeEntityName(r), globalId: r.u64() }
}

const startClient = (exchange: Exchange, payload: Buffer): AuthStep => {
  const { server, method } = exchange
  if (server.keys.data.version === 0n) return drop(server, 'no initial quorum yet')
  if (method !== AUTH_METHOD.cephx && method !== AUTH_METHOD.none)
    return refuse(exchange, methodNotAllowed(method))
  const hello = decodeFrom(decodeClientHello, payload)
  if (E.isLeft(hello)) return refuse(exchange, MALFORMED_HELLO)
  const { entityName, globalId: claimed } = hello.right
  if (!methodsForType(server.options, entityName.type).includes(method))
    return refuse(exchange, methodNotAllowed(method), entityName)
  const assigned =
    claimed === 0n
      ? assignGlobalId(server.globalIds, server.monCount, server.rank)
      : { id: claimed, ids: server.globalIds }
  if (assigned === undefined) return drop(server, 'no global id to give out')
  const step =
    method === AUTH_METHOD.none
      ? clientWithoutKey(exchange, entityName, assigned.id)
      : challengeClient(exchange, entityName, assigned.id, claimed === 0n)
  return { ...step, globalIds: assigned.ids }
}

const clientWithoutKey = (exchange: Exchange, entityName: EntityName, globalId: bigint): AuthStep =>
  over(exchange.server, doneWithoutKey({ entityName, globalId, globalIdStatus: 'NONE', caps: ALLOW_ALL }))

const doneWithoutKey = (identity: AuthIdentity): AuthReply => ({
  _tag: 'AuthDone',
  globalId: identity.globalId,
  mode: CON_MODE.crc,
  payload: Buffer.alloc(0),
  sessionKey: undefined,
  connectionSecret: Buffer.alloc(0),
  identity,
})

const challengeClient = (
  { server, peerType, mode, event }: Exchange,
  entityName: EntityName,
  globalId: bigint,
  isNewGlobalId: boolean,
): AuthStep => {
  const serverChallenge = entropyU64(event.entropy, 'server challenge')
  return {
    reply: {
      _tag: 'AuthReplyMore',
      payload: encoded((w) => encodeServerChallenge(w, serverChallenge)),
    },
    attempt: {
      _tag: 'Client',
      peerType,
      mode,
      claim: { entityName, globalId, isNewGlobalId, serverChallenge },
    },
    refused: undefined,
    globalIds: server.globalIds,
  }
}

const finishClient = (exchange: Exchange, claim: CephxClaim, payload: Buffer): AuthStep => {
  const { server, mode, event } = exchange
  const granted = authenticateClient(claim, payload, {
    keys: server.keys,
    options: server.options,
    now: utimeOfMs(event.now),
    entropy: event.entropy,
    connectionSecretBytes: connectionSecretBytes(mode),
  })
  if (E.isLeft(granted)) return refuse(exchange, granted.left, claim.entityName)
  const { sessionKey, connectionSecret, globalIdStatus, caps } = granted.right
  const { entityName, globalId } = claim
  return over(server, {
    _tag: 'AuthDone',
    globalId,
    mode,
    payload: granted.right.payload,
    sessionKey: sessionKey.secret,
    connectionSecret,
    identity: { entityName, globalId, globalIdStatus, serverChallenge: claim.serverChallenge, caps },
  })
}

// ── fellow monitors ──

// Differs: a real monitor completes the handshake of an authorizer from a client too, and then ignores all that
// the client says.
const startAuthorizer = (exchange: Exchange, payload: Buffer): AuthStep => {
  const { server, peerType, method, event } = exchange
  if (!methodsForType(server.options, peerType).includes(method))
    return refuse(exchange, methodNotAllowed(method))
  if (peerType !== ENTITY_TYPE.mon)
    return refuse(
      exchange,
      refusal('NotAMonitor', RESULT.EACCES, 'it shows an authorizer, but is no monitor'),
    )
  if (method === AUTH_METHOD.none) return authorizerWithoutKey(exchange, payload)
  const opened = openAuthorizer(new Reader(payload), sharedSecretOf(server.keys))
  if (E.isLeft(opened)) return refuse(exchange, badAuthorizer(opened.left.what))
  if (!isUsableKey(opened.right.info.sessionKey))
    return refuse(exchange, badAuthorizer('its session key is of no use'))
  const challenge = entropyU64(event.entropy, 'authorizer challenge')
  return {
    reply: {
      _tag: 'AuthReplyMore',
      payload: seal(opened.right.info.sessionKey, (w) => encodeServerChallenge(w, challenge)),
    },
    attempt: { _tag: 'Authorizer', peerType, mode: exchange.mode, challenge },
    refused: undefined,
    globalIds: server.globalIds,
  }
}

const badAuthorizer = (what: string): Refusal =>
  refusal('BadAuthorizer', RESULT.EACCES, `its authorizer is of no use: ${what}`)

// Tickets of monitors are sealed under the key that all monitors share, not under one that rotates: it must work
// before there is a quorum.
const sharedSecretOf =
  (keys: KeyServer): SecretOf =>
  (serviceId, secretId) => {
    const service = entityTypeName(serviceId)
    if (secretId !== SECRET_ID_SHARED)
      return E.left(`key ${secretId} of service ${service}, not under the one that monitors share`)
    const shared = entryOf(keys.keyring, { type: serviceId, id: '' })?.key
    return shared !== undefined && isUsableKey(shared)
      ? E.right(shared)
      : E.left(`the shared key of service ${service}, which our keyring does not have`)
  }

const finishAuthorizer = (exchange: Exchange, challenge: bigint, payload: Buffer): AuthStep => {
  const { server, mode, event } = exchange
  const opened = openAuthorizer(new Reader(payload), sharedSecretOf(server.keys))
  if (E.isLeft(opened)) return refuse(exchange, badAuthorizer(opened.left.what))
  const { info, authorize } = opened.right
  if (!authorize.haveChallenge || !sameProof(authorize.serverChallengePlusOne, plusOne(challenge)))
    return refuse(exchange, badAuthorizer('it answers another challenge'), info.ticket.name)
  invariant(isUsableKey(info.sessionKey), 'a session key that opened a proof cannot seal the reply')
  const connectionSecret = entropyBytes(event.entropy, 'connection secret', connectionSecretBytes(mode))
  const { name: entityName, globalId } = info.ticket
  return over(server, {
    _tag: 'AuthDone',
    globalId,
    mode,
    payload: encoded((w) => writeAuthorizeReply(w, opened.right, connectionSecret)),
    sessionKey: info.sessionKey.secret,
    connectionSecret,
    identity: { entityName, globalId, globalIdStatus: 'NONE', caps: ALLOW_ALL },
  })
}

const authorizerWithoutKey = (exchange: Exchange, payload: Buffer): AuthStep => {
  const hello = decodeFrom(decodeClientHello, payload)
  if (E.isLeft(hello)) return refuse(exchange, MALFORMED_HELLO)
  return over(exchange.server, doneWithoutKey({ ...hello.right, globalIdStatus: 'NONE', caps: ALLOW_ALL }))
}
