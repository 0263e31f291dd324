/**
 * What the messenger tells the node, and is told. A connection is what Ceph calls one: for lossy peers it lives
 * as long as its socket; for a fellow monitor it outlives sockets, keeps its queue, and reconnects.
 */
import type { AuthClient, AuthIdentity, AuthReply } from '../auth/contract.ts'
import type { EntityAddr, EntityAddrvec } from '../codec/type/entity-addr.ts'
import type { RawMessage } from '../message/raw.ts'

/** Never reused within a process. */
export type ConnectionId = number

export interface Peer {
  /** Entity type from HELLO: see ENTITY_TYPE. */
  readonly type: number
  /** Number from the IDENT frame: rank, OSD id, global id; -1 while the peer has none. */
  readonly num: bigint
  /** The addresses that the peer says are its own. */
  readonly addrs: EntityAddrvec
  /** Where its socket comes from. */
  readonly socketAddr: EntityAddr
  /** Features that both sides support. */
  readonly features: bigint
  readonly lossy: boolean
  /** True when the peer opened the connection. */
  readonly incoming: boolean
  /** What authentication found out; undefined on a connection that we opened. */
  readonly identity: AuthIdentity | undefined
}

export type NetEvent =
  /** The connecting side of a socket wants to authenticate; answered by `authReply` with the same `attempt`. */
  | {
      readonly _tag: 'AuthRequestReceived'
      readonly attempt: ConnectionId
      readonly peerType: number
      readonly socketAddr: EntityAddr
      readonly method: number
      readonly modes: readonly number[]
      readonly payload: Buffer
    }
  | {
      readonly _tag: 'AuthRequestMoreReceived'
      readonly attempt: ConnectionId
      readonly socketAddr: EntityAddr
      readonly payload: Buffer
    }
  /** The handshake ended before a connection stood; whatever was kept for the attempt can go. */
  | { readonly _tag: 'AuthAttemptClosed'; readonly attempt: ConnectionId }
  | { readonly _tag: 'ConnectionReady'; readonly connection: ConnectionId; readonly peer: Peer }
  | { readonly _tag: 'MessageReceived'; readonly connection: ConnectionId; readonly message: RawMessage }
  | { readonly _tag: 'KeepaliveReceived'; readonly connection: ConnectionId }
  /** A lossy connection is gone, or a lossless one was closed for good. */
  | { readonly _tag: 'ConnectionClosed'; readonly connection: ConnectionId; readonly reason: string }
  /** The lossless peer restarted: its side of the session is new. */
  | { readonly _tag: 'RemoteReset'; readonly connection: ConnectionId }

export type NetError =
  | { readonly _tag: 'AddressInUse'; readonly addr: EntityAddr }
  | { readonly _tag: 'CannotBind'; readonly addr: EntityAddr; readonly cause: Error }

/** Names an authenticating client for a peer that we connect to. */
export type AuthClientFor = (peer: {
  readonly type: number
  readonly addrs: EntityAddrvec
}) => AuthClient | undefined

export type { AuthReply }
