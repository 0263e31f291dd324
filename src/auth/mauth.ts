/**
 * MAuth requests of a session that is already authenticated: the auth ticket anew, other tickets, or a daemon's
 * rotating keys.
 *
 * Grammar: 0x0100 = as in the handshake, with the handshake's challenge and the ticket that is about to expire
 *          0x0200 = u16, authorizer for the auth service, CephXServiceTicketRequest
 *                   → CephXResponseHeader, ticket reply (session key of the auth ticket)
 *          0x0400 = u16 → CephXResponseHeader, sealed blob (entity's key) { RotatingSecrets of its type }
 * Source:  ceph src/mon/AuthMonitor.cc prep_auth, src/auth/cephx/CephxServiceHandler.cc handle_request.
 */
import * as E from 'fp-ts/lib/Either.js'
import { Reader } from '../codec/reader.ts'
import { ENTITY_TYPE, entityTypeName } from '../codec/type/entity-name.ts'
import type { Utime } from '../codec/type/utime.ts'
import { encoded } from '../codec/writer.ts'
import { openAuthorizer } from './authorizer.ts'
import {
  CEPHX_GET_AUTH_SESSION_KEY,
  CEPHX_GET_PRINCIPAL_SESSION_KEY,
  CEPHX_GET_ROTATING_KEY,
  decodeRequestHeader,
  decodeServiceTicketRequest,
  encodeResponseHeader,
  SECRET_ID_SHARED,
} from './cephx-protocol.ts'
import { authenticateClient, serviceTickets } from './cephx-server.ts'
import { AUTH_METHOD, type AuthIdentity } from './contract.ts'
import { writeSealedBlob } from './crypto.ts'
import { type CryptoKey, isUsableKey } from './crypto-key.ts'
import { entryOf } from './entity-auth.ts'
import { authOf, type KeyServer, serviceSecretById } from './key-server.ts'
import type { AuthOptions } from './options.ts'
import { encodeRotatingSecrets } from './rotating-secrets.ts'
import { type Refusal, refusal } from './refusal.ts'
import { RESULT } from './result.ts'
import { writeTicketReply } from './service-ticket.ts'

export interface MAuthContext {
  readonly keys: KeyServer
  readonly options: AuthOptions
  readonly now: Utime
  readonly entropy: Buffer
}

/** Content of the MAuthReply: 0 or a negative errno, and the payload. */
export interface MAuthOutcome {
  readonly result: number
  readonly payload: Buffer
  /** Why the result is not 0; not for the peer. */
  readonly refused?: Refusal
}

const EMPTY = Buffer.alloc(0)
const failed = (...what: Parameters<typeof refusal>): MAuthOutcome => refusedWith(refusal(...what), EMPTY)
const refusedWith = (refused: Refusal, payload: Buffer): MAuthOutcome => ({
  result: refused.result,
  payload,
  refused,
})

/**
 * Answers an MAuth of `identity`'s session; `method` is the message's protocol field.
 *
 * Errors: EPERM for a malformed request, EINVAL for an unknown one, EACCES for an authorizer that does not open, a
 *         service without keys, an entity that has no rotating keys, or an auth ticket that is not renewed by its
 *         owner.
 */
export const handleMAuth = (
  identity: AuthIdentity,
  method: number,
  payload: Buffer,
  context: MAuthContext,
): MAuthOutcome => {
  if (method === AUTH_METHOD.none) return { result: 0, payload: EMPTY }
  const r = new Reader(payload)
  const requestType = decodeRequestHeader(r)
  if (r.failed) return failed('Malformed', RESULT.EPERM, 'its request is cut short')
  if (requestType === CEPHX_GET_AUTH_SESSION_KEY) return authSessionKey(identity, payload, context)
  if (requestType === CEPHX_GET_PRINCIPAL_SESSION_KEY) return principalSessionKey(r, context)
  if (requestType === CEPHX_GET_ROTATING_KEY) return rotatingKey(identity.entityName, context)
  return failed('Malformed', RESULT.EINVAL, `there is no request ${requestType}`)
}

// The id is the session's own by now: the ticket that proves it is asked for as from anybody who comes back.
const authSessionKey = (identity: AuthIdentity, payload: Buffer, context: MAuthContext): MAuthOutcome => {
  const { entityName, globalId, serverChallenge } = identity
  if (serverChallenge === undefined)
    return failed('WrongKey', RESULT.EACCES, 'it proves a key on a session that began without a challenge')
  const claim = { entityName, globalId, isNewGlobalId: false, serverChallenge }
  const granted = authenticateClient(claim, payload, { ...context, connectionSecretBytes: undefined })
  return E.isLeft(granted) ? refusedWith(granted.left, EMPTY) : { result: 0, payload: granted.right.payload }
}

const principalSessionKey = (r: Reader, context: MAuthContext): MAuthOutcome => {
  const opened = openAuthorizer(r, (serviceId, secretId) =>
    secretId === SECRET_ID_SHARED
      ? sharedSecret(context.keys, serviceId)
      : serviceSecretById(context.keys, serviceId, secretId),
  )
  if (E.isLeft(opened))
    return failed('BadAuthorizer', RESULT.EACCES, `no tickets for its authorizer: ${opened.left.what}`)
  const wanted = decodeServiceTicketRequest(r)
  if (r.failed) return failed('Malformed', RESULT.EPERM, 'its request for tickets is cut short')
  const { ticket, sessionKey } = opened.right.info
  const tickets = serviceTickets(wanted, ticket, context)
  const isRefused = tickets.length === 0 && (wanted & ~ENTITY_TYPE.auth) !== 0
  const result = isRefused ? RESULT.EACCES : 0
  const payload = encoded((w) => {
    encodeResponseHeader(w, { requestType: CEPHX_GET_PRINCIPAL_SESSION_KEY, status: result })
    writeTicketReply(w, sessionKey, tickets)
  })
  if (!isRefused) return { result, payload }
  const why = `there is no key for tickets to any of the services 0x${wanted.toString(16)}, or it is unknown by now`
  return refusedWith(refusal('NoServiceKeys', result, why), payload)
}

const sharedSecret = (keys: KeyServer, serviceId: number): E.Either<string, CryptoKey> => {
  const shared = authOf(keys, { type: serviceId, id: '' })?.key
  return shared === undefined
    ? E.left(`the shared key of service ${entityTypeName(serviceId)}, which has none`)
    : E.right(shared)
}

const rotatingKey = (entityName: AuthIdentity['entityName'], { keys }: MAuthContext): MAuthOutcome => {
  const key = entryOf(keys.data.secrets, entityName)?.key
  const rotating = keys.data.rotating.get(entityName.type)
  const found = key !== undefined && isUsableKey(key) && rotating !== undefined
  const payload = encoded((w) => {
    encodeResponseHeader(w, { requestType: CEPHX_GET_ROTATING_KEY, status: 0 })
    if (found) writeSealedBlob(w, key, (body) => encodeRotatingSecrets(body, rotating))
  })
  if (found) return { result: 0, payload }
  const why = refusalOfRotatingKey(key, rotating !== undefined)
  return refusedWith(why, payload)
}

const refusalOfRotatingKey = (key: CryptoKey | undefined, hasService: boolean): Refusal => {
  if (!hasService) return refusal('NoServiceKeys', RESULT.EACCES, 'its type of entity has no rotating keys')
  return key === undefined
    ? refusal('UnknownEntity', RESULT.EACCES, 'no rotating keys for it: there is no such entity any more')
    : refusal('WrongKey', RESULT.EACCES, 'no rotating keys for it: the key that it has here is of no use')
}
