/**
 * Authorizers: how the holder of a ticket opens a connection to the ticket's service, and how the service checks it.
 *
 * Grammar: authorizer = u8 1, u64 global id, u32 service id, CephXTicketBlob,
 *                       sealed blob (session key) { CephXAuthorize }
 *          challenge  = sealed (session key) { CephXAuthorizeChallenge }
 *          reply      = sealed blob (session key) { CephXAuthorizeReply }
 * Source:  ceph src/auth/cephx/CephxProtocol.cc build_authorizer, cephx_verify_authorizer.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Reader } from '../codec/reader.ts'
import { encoded, type Writer } from '../codec/writer.ts'
import {
  AUTH_MODE,
  type CephxAuthorize,
  type CephxServiceTicketInfo,
  decodeAuthorize,
  decodeTicketBlob,
  encodeAuthorize,
  encodeAuthorizeReply,
  encodeTicketBlob,
  plusOne,
} from './cephx-protocol.ts'
import { unseal, type UnsealError, writeSealedBlob } from './crypto.ts'
import type { CryptoKey } from './crypto-key.ts'
import { openTicketBlob, type ServiceTicket } from './service-ticket.ts'

/** The key that seals tickets of a service under a secret id; else which one that would be, and why there is none. */
export type SecretOf = (serviceId: number, secretId: bigint) => E.Either<string, CryptoKey>

export interface OpenedAuthorizer {
  readonly info: CephxServiceTicketInfo
  readonly authorize: CephxAuthorize
}

/**
 * Reads an authorizer: the ticket under the service's key, then the proof that its sender knows the session key.
 *
 * Errors: Unsealable for a key that we do not have, a ticket or proof that does not open, or a global id that is
 *         not the ticket's.
 */
export const openAuthorizer = (r: Reader, secretOf: SecretOf): E.Either<UnsealError, OpenedAuthorizer> => {
  r.u8()
  const globalId = r.u64()
  const serviceId = r.u32()
  const blob = decodeTicketBlob(r)
  const sealedProof = r.blob()
  if (r.failed) return refused('malformed authorizer')
  const secret = secretOf(serviceId, blob.secretId)
  if (E.isLeft(secret)) return refused(`its ticket is under ${secret.left}`)
  const info = openTicketBlob(secret.right, blob)
  if (E.isLeft(info)) return info
  if (info.right.ticket.globalId !== globalId) return refused(`global id ${globalId} is not the ticket's`)
  const authorize = unseal(info.right.sessionKey, sealedProof, decodeAuthorize)
  return E.isLeft(authorize) ? authorize : E.right({ info: info.right, authorize: authorize.right })
}

const refused = (what: string): E.Either<UnsealError, never> => E.left({ _tag: 'Unsealable', what })

/** The service's proof in return: the nonce's successor, and in secure mode the connection secret. */
export const writeAuthorizeReply = (w: Writer, opened: OpenedAuthorizer, connectionSecret: Buffer): void =>
  writeSealedBlob(w, opened.info.sessionKey, (body) =>
    encodeAuthorizeReply(body, { noncePlusOne: plusOne(opened.authorize.nonce), connectionSecret }),
  )

/** The bytes of an authorizer for `ticket`. `serverChallenge` is undefined the first time, when none is known yet. */
export const buildAuthorizer = (
  ticket: Pick<ServiceTicket, 'serviceId' | 'sessionKey' | 'ticket'>,
  globalId: bigint,
  nonce: bigint,
  serverChallenge: bigint | undefined,
): Buffer =>
  encoded((w) => {
    w.u8(AUTH_MODE.authorizer)
    w.u64(globalId)
    w.u32(ticket.serviceId)
    encodeTicketBlob(w, ticket.ticket)
    writeSealedBlob(w, ticket.sessionKey, (body) =>
      encodeAuthorize(body, {
        nonce,
        haveChallenge: serverChallenge !== undefined,
        serverChallengePlusOne: serverChallenge === undefined ? 0n : plusOne(serverChallenge),
      }),
    )
  })
