/**
 * The accepting side of cephx's first exchange: a client proves that it knows its entity's key and gets a session
 * key, a ticket to come back with, and tickets for the services it asks for.
 *
 * Grammar: request = u16 0x0100, CephXAuthenticate
 *          reply   = CephXResponseHeader, ticket reply (entity's key) { auth ticket }
 *                    and, when other keys were asked for,
 *                    boxed blob (session key) { blob connection secret } | blob { nothing } (a renewal),
 *                    blob { ticket reply (session key) | nothing }
 * Source:  ceph src/auth/cephx/CephxServiceHandler.cc handle_request, verify_old_ticket.
 */
import * as E from 'fp-ts/lib/Either.js'
import { decodeFrom, Reader } from '../codec/reader.ts'
import { ENTITY_TYPE, type EntityName } from '../codec/type/entity-name.ts'
import type { Utime } from '../codec/type/utime.ts'
import { encoded } from '../codec/writer.ts'
import { NO_CAPS } from './auth-ticket.ts'
import {
  CEPHX_GET_AUTH_SESSION_KEY,
  type CephxAuthenticate,
  decodeAuthenticate,
  decodeRequestHeader,
  encodeResponseHeader,
} from './cephx-protocol.ts'
import type { GlobalIdStatus } from './contract.ts'
import { calcClientServerChallenge, sameProof, writeBoxedBlob } from './crypto.ts'
import { type CryptoKey, isUsableKey } from './crypto-key.ts'
import { entropyBytes } from './entropy.ts'
import { capsText, type EntityAuth } from './entity-auth.ts'
import { authOf, capsOf, currentServiceSecret, type KeyServer, serviceSecretById } from './key-server.ts'
import type { MonCap } from './mon-cap.ts'
import { parseMonCap } from './mon-cap-grammar.ts'
import type { AuthOptions } from './options.ts'
import { type Refusal, refusal } from './refusal.ts'
import { RESULT } from './result.ts'
import {
  buildSessionAuthInfo,
  openTicketBlob,
  type SessionAuthInfo,
  sessionAuthInfo,
  writeTicketReply,
} from './service-ticket.ts'

const NOTHING = Buffer.alloc(0)

/** Highest service bit that a client may ask a ticket for. */
const SERVICE_BIT_MAX = 0x80

/** Who wants in, and what was sent to it. */
export interface CephxClaim {
  readonly entityName: EntityName
  readonly globalId: bigint
  /** True when the id was just given out, false when the client claims it from before. */
  readonly isNewGlobalId: boolean
  readonly serverChallenge: bigint
}

/** What the answer is made with. */
export interface CephxContext {
  readonly keys: KeyServer
  readonly options: AuthOptions
  readonly now: Utime
  readonly entropy: Buffer
  /** 64 in secure mode, 0 in crc mode; undefined when the connection stands already and needs no secret. */
  readonly connectionSecretBytes: number | undefined
}

export interface CephxGrant {
  readonly payload: Buffer
  readonly sessionKey: CryptoKey
  readonly connectionSecret: Buffer
  readonly globalIdStatus: GlobalIdStatus
  readonly caps: MonCap
}

/**
 * Answers a client's proof.
 *
 * Errors: EPERM for a malformed request, EINVAL for another request or a superfluous old ticket, EACCES for an
 *         unknown entity, a wrong proof, a global id that is not the client's, or no usable monitor capability,
 *         EIO when there is no key to make tickets with.
 * Differs: for a capability that does not parse, a real monitor completes the handshake and then ignores every
 *          message; here the client hears EACCES at once.
 */
export const authenticateClient = (
  claim: CephxClaim,
  payload: Buffer,
  context: CephxContext,
): E.Either<Refusal, CephxGrant> => {
  const request = decodeRequest(payload)
  if (E.isLeft(request)) return request
  const entity = proven(claim, request.right, context)
  if (E.isLeft(entity)) return entity
  const reclaim = verifyOldTicket(claim, request.right, context)
  if (E.isLeft(reclaim)) return reclaim
  const info = authTicket(claim, context)
  if (info === undefined)
    return refused('NoServiceKeys', RESULT.EIO, 'there is no key to make its ticket with')
  const caps = monCapOf(context.keys, claim.entityName)
  if (E.isLeft(caps)) return caps
  return E.right({
    ...writeGrant(entity.right.key, info, request.right, reclaim.right, context),
    caps: caps.right,
  })
}

const refused = (...what: Parameters<typeof refusal>): E.Either<Refusal, never> => E.left(refusal(...what))

const decodeRequest = (payload: Buffer): E.Either<Refusal, CephxAuthenticate> => {
  const r = new Reader(payload)
  const requestType = decodeRequestHeader(r)
  if (r.failed) return refused('Malformed', RESULT.EPERM, 'its proof is cut short')
  if (requestType !== CEPHX_GET_AUTH_SESSION_KEY)
    return refused('Malformed', RESULT.EINVAL, `it asks for ${requestType} where its proof is due`)
  const decoded = decodeFrom(decodeAuthenticate, r.rest())
  return E.isLeft(decoded) ? refused('Malformed', RESULT.EPERM, 'its proof is malformed') : decoded
}

const proven = (
  { entityName, serverChallenge }: CephxClaim,
  request: CephxAuthenticate,
  { keys }: CephxContext,
): E.Either<Refusal, EntityAuth> => {
  const entity = authOf(keys, entityName)
  if (entity === undefined) return refused('UnknownEntity', RESULT.EACCES, 'there is no such entity')
  if (!isUsableKey(entity.key))
    return refused('WrongKey', RESULT.EACCES, 'the key that it has here is of no use')
  const expected = calcClientServerChallenge(entity.key, serverChallenge, request.clientChallenge)
  return sameProof(request.key, expected)
    ? E.right(entity)
    : refused('WrongKey', RESULT.EACCES, 'its proof is of another key, or of another challenge')
}

interface Reclaim {
  readonly globalIdStatus: GlobalIdStatus
  /** Of the ticket that was shown: the new one is sealed under it as well. */
  readonly oldSessionKey: CryptoKey | undefined
}

const verifyOldTicket = (
  claim: CephxClaim,
  request: CephxAuthenticate,
  context: CephxContext,
): E.Either<Refusal, Reclaim> => {
  const isLegacy = request.structV < 3
  if (claim.isNewGlobalId) {
    if (request.oldTicket.blob.length > 0)
      return refused('BadTicket', RESULT.EINVAL, 'it shows a ticket, but claims no global_id')
    return E.right({ globalIdStatus: isLegacy ? 'NEW_NOT_EXPOSED' : 'NEW_OK', oldSessionKey: undefined })
  }
  const oldSessionKey = sessionKeyOfOldTicket(claim, request, context)
  if (E.isRight(oldSessionKey))
    return E.right({ globalIdStatus: 'RECLAIM_OK', oldSessionKey: oldSessionKey.right })
  return isLegacy && context.options.allowInsecureGlobalIdReclaim
    ? E.right({ globalIdStatus: 'RECLAIM_INSECURE', oldSessionKey: undefined })
    : refused(
        'BadTicket',
        RESULT.EACCES,
        `attempt to reclaim global_id ${claim.globalId} ${oldSessionKey.left}`,
      )
}

/** The session key of the ticket that proves the claimed id; else what is wrong with the ticket. */
const sessionKeyOfOldTicket = (
  claim: CephxClaim,
  { oldTicket }: CephxAuthenticate,
  { keys }: CephxContext,
): E.Either<string, CryptoKey> => {
  if (oldTicket.blob.length === 0) return E.left('without a ticket')
  const secret = serviceSecretById(keys, ENTITY_TYPE.auth, oldTicket.secretId)
  if (E.isLeft(secret)) return E.left(`by a ticket under ${secret.left}`)
  const opened = openTicketBlob(secret.right, oldTicket)
  if (E.isLeft(opened)) return E.left(`by a ticket that does not open: ${opened.left.what}`)
  const { ticket, sessionKey } = opened.right
  if (ticket.globalId !== claim.globalId) return E.left(`by the ticket of global_id ${ticket.globalId}`)
  return isUsableKey(sessionKey) ? E.right(sessionKey) : E.left('by a ticket whose session key is of no use')
}

const authTicket = (claim: CephxClaim, context: CephxContext): SessionAuthInfo | undefined => {
  const { keys, options, now, entropy } = context
  const secret = currentServiceSecret(keys, options, ENTITY_TYPE.auth, now)
  if (secret === undefined || !isUsableKey(secret.key)) return undefined
  return sessionAuthInfo(
    ENTITY_TYPE.auth,
    { ...secret, secret: secret.key },
    { name: claim.entityName, globalId: claim.globalId, caps: NO_CAPS },
    { now, entropy, label: 'authenticate' },
  )
}

const monCapOf = (keys: KeyServer, name: EntityName): E.Either<Refusal, MonCap> => {
  const caps = capsOf(keys, name, 'mon')
  const text = caps === undefined ? undefined : capsText(caps)
  if (text === undefined || text === '')
    return refused('NoCapability', RESULT.EACCES, 'it has no capability for monitors')
  const parsed = parseMonCap(text)
  return E.isLeft(parsed)
    ? refused('NoCapability', RESULT.EACCES, `its capability for monitors does not parse: '${text}'`)
    : parsed
}

const writeGrant = (
  entityKey: CryptoKey,
  info: SessionAuthInfo,
  request: CephxAuthenticate,
  { globalIdStatus, oldSessionKey }: Reclaim,
  context: CephxContext,
): Omit<CephxGrant, 'caps'> => {
  const { sessionKey } = info
  const secretBytes = request.otherKeys === 0 ? undefined : context.connectionSecretBytes
  const connectionSecret = entropyBytes(context.entropy, 'connection secret', secretBytes ?? 0)
  const payload = encoded((w) => {
    encodeResponseHeader(w, { requestType: CEPHX_GET_AUTH_SESSION_KEY, status: 0 })
    writeTicketReply(w, entityKey, [info], oldSessionKey)
    if (request.otherKeys === 0) return
    if (secretBytes === undefined) w.blob(NOTHING)
    else writeBoxedBlob(w, sessionKey, (body) => body.blob(connectionSecret))
    const extra = serviceTickets(request.otherKeys, info.ticket, context)
    w.blob(extra.length === 0 ? NOTHING : encoded((out) => writeTicketReply(out, sessionKey, extra)))
  })
  return { payload, sessionKey, connectionSecret, globalIdStatus }
}

/**
 * Tickets for every service in `keys` that has rotating keys, the auth service excepted: its ticket comes from
 * proving the entity's key.
 *
 * Differs: asked during the handshake for a service without keys, a real monitor writes a broken reply.
 */
export const serviceTickets = (
  keys: number,
  principal: Pick<SessionAuthInfo['ticket'], 'name' | 'globalId'>,
  context: Pick<CephxContext, 'keys' | 'options' | 'now' | 'entropy'>,
): readonly SessionAuthInfo[] => {
  const issue = { now: context.now, entropy: context.entropy, label: 'service ticket' }
  const infos: SessionAuthInfo[] = []
  for (let bit = 1; bit <= SERVICE_BIT_MAX; bit <<= 1) {
    if ((keys & bit) === 0 || bit === ENTITY_TYPE.auth) continue
    const info = buildSessionAuthInfo(context.keys, context.options, bit, principal, issue)
    if (info !== undefined) infos.push(info)
  }
  return infos
}
