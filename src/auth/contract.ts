/**
 * What the messenger's handshake and the authentication code say to each other. Both sides are pure: the
 * messenger hands over payloads of AUTH_* frames and gets payloads and keys back.
 */
import type * as E from 'fp-ts/lib/Either.js'
import type { EntityName } from '../codec/type/entity-name.ts'
import type { MonCap } from './mon-cap.ts'

/** Methods: none 1, cephx 2. Modes: crc 1, secure 2. Source: ceph src/include/ceph_fs.h CEPH_AUTH_*, CEPH_CON_MODE_*. */
export const AUTH_METHOD = { none: 1, cephx: 2 } as const
export const CON_MODE = { crc: 1, secure: 2 } as const

/** How a session came by its global id. Source: ceph src/auth/Auth.h global_id_status_t. */
export type GlobalIdStatus =
  | 'NONE'
  | 'NEW_PENDING'
  | 'NEW_OK'
  | 'NEW_NOT_EXPOSED'
  | 'RECLAIM_PENDING'
  | 'RECLAIM_OK'
  | 'RECLAIM_INSECURE'

/** Who is at the other end, once AUTH_DONE is sent. */
export interface AuthIdentity {
  readonly entityName: EntityName
  readonly globalId: bigint
  readonly globalIdStatus: GlobalIdStatus
  /** What cephx sent to be proven; a client that renews its auth ticket on this connection proves it again. */
  readonly serverChallenge?: bigint
  /** The monitor capability that the entity's key carries; everything for a fellow monitor. */
  readonly caps: MonCap
}

/** Answer of the accepting side to an AUTH_REQUEST or AUTH_REQUEST_MORE payload. */
export type AuthReply =
  | { readonly _tag: 'AuthReplyMore'; readonly payload: Buffer }
  | {
      readonly _tag: 'AuthDone'
      readonly globalId: bigint
      readonly mode: number
      readonly payload: Buffer
      /** Key of AUTH_SIGNATURE; undefined with method none, whose signatures are zeros. */
      readonly sessionKey: Buffer | undefined
      /** 64 bytes in secure mode, empty in crc mode. */
      readonly connectionSecret: Buffer
      readonly identity: AuthIdentity
    }
  /** `result` is a negative errno. */
  | {
      readonly _tag: 'AuthBadMethod'
      readonly method: number
      readonly result: number
      readonly allowedMethods: readonly number[]
      readonly allowedModes: readonly number[]
    }
  /** Close the socket without a frame. */
  | { readonly _tag: 'AuthDrop'; readonly reason: string }

/** Why the connecting side gives up. */
export type AuthFailure =
  | { readonly _tag: 'AuthRefused'; readonly result: number; readonly method: number }
  | { readonly _tag: 'AuthMalformed'; readonly what: string }

export interface AuthSecrets {
  readonly globalId: bigint
  readonly sessionKey: Buffer | undefined
  readonly connectionSecret: Buffer
}

/** The connecting side of one handshake, as an immutable value: each answer gives the next one. */
export interface AuthClient {
  /** Content of the AUTH_REQUEST frame. */
  readonly request: { readonly method: number; readonly modes: readonly number[]; readonly payload: Buffer }
  /** An AUTH_REPLY_MORE came: the payload of AUTH_REQUEST_MORE, and the client to go on with. */
  readonly more: (
    payload: Buffer,
  ) => E.Either<AuthFailure, { readonly payload: Buffer; readonly next: AuthClient }>
  readonly done: (done: {
    readonly globalId: bigint
    readonly mode: number
    readonly payload: Buffer
  }) => E.Either<AuthFailure, AuthSecrets>
}
