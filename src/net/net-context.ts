/** What connections share: the messenger's identity, ports and limits. Given by `messenger.ts`. */
import type { AuthClient } from '../auth/contract.ts'
import type { Clock } from '../base/port/clock.ts'
import type { Logger } from '../base/port/logger.ts'
import type { EntityAddr, EntityAddrvec } from '../codec/type/entity-addr.ts'
import type { RawMessage } from '../message/raw.ts'
import type { Attempt, AttemptHost } from './attempt.ts'
import type { ConnectionId, NetEvent } from './contract.ts'
import type { HeldBytes } from './held-bytes.ts'
import type { Own } from './msgr2/session.ts'
import type { Opening } from './msgr2/session-opening.ts'

export interface NetLimits {
  readonly readyTimeoutMs: number
  readonly idleTimeoutMs: number
  readonly unsentBytesMax: number
  readonly heldBytesMax: number
  readonly connectionsMax: number
  readonly handshakesMax: number
}

export interface NetContext {
  readonly clock: Clock
  readonly log: Logger
  readonly limits: NetLimits
  /** For every socket. */
  readonly socketOptions: {
    readonly now: () => number
    readonly unsentBytesMax: number
    readonly held: HeldBytes
  }
  /** Ourselves, as said to a peer of this type. */
  readonly own: (peerType: number) => Own
  readonly emit: (event: NetEvent) => void
  /** Greater than every earlier one and than `above`. */
  readonly nextGlobalSeq: (above?: bigint) => bigint
  /** Random, not 0. */
  readonly newCookie: () => bigint
  readonly learnAddr: (addr: EntityAddr) => void
  readonly authClientFor: (peer: {
    readonly type: number
    readonly addrs: EntityAddrvec
  }) => AuthClient | undefined
  /** Dials and shakes hands; undefined when we have no key for the peer. */
  readonly dial: (
    peer: { readonly id: ConnectionId; readonly type: number; readonly target: EntityAddr },
    authClient: AuthClient,
    host: AttemptHost,
  ) => Attempt
  /** The session is also known by these addresses: a peer may have more than the one that was dialled. */
  readonly register: (connection: Connection, addrs: EntityAddrvec) => void
  /** The connection is closed for good. */
  readonly forget: (connection: Connection, reason: string) => void
}

/** What the messenger sees of either kind of connection. */
export interface Connection {
  readonly id: ConnectionId
  readonly peerType: number
  /** When the peer was last heard of, milliseconds since 1970; undefined without a socket that stands. */
  readonly heardMs: number | undefined
  /** Messages kept for the peer. */
  readonly queuedCount: number
  readonly send: (message: RawMessage) => void
  readonly sendKeepalive: () => void
  /** Drops the socket, as if it had broken. */
  readonly breakSocket: (reason: string) => void
  /** Ends it for good, without telling the messenger. */
  readonly end: () => void
}

/** How a connection of ours to a peer of this type, at this address, asks for its session. */
export const openingOf = (net: NetContext, peerType: number, target: EntityAddr): Opening => ({
  own: net.own(peerType),
  target,
  cookie: net.newCookie(),
  nextGlobalSeq: net.nextGlobalSeq,
})
