/**
 * Sockets that peers open: one handshake each, until it becomes a connection. Lossless peers are looked up among
 * the sessions by their addresses, everyone else gets a connection of its own.
 */
import type { Socket } from 'node:net'
import type { AuthReply } from '../auth/contract.ts'
import { printAddr, type EntityAddrvec } from '../codec/type/entity-addr.ts'
import { Attempt, type AttemptHost } from './attempt.ts'
import type { ConnectionId, Peer } from './contract.ts'
import { Link } from './link.ts'
import type { LosslessConnection } from './lossless-connection.ts'
import type { LossyConnection } from './lossy-connection.ts'
import type { ClientIdent, SessionReconnect } from './msgr2/frame.ts'
import type { HandshakeEvent, SessionFrame } from './msgr2/handshake-event.ts'
import {
  identProblem,
  judgeIdent,
  judgeReconnect,
  lossyServerIdent,
  type Verdict,
} from './msgr2/session-table.ts'
import type { NetContext } from './net-context.ts'

/** The messenger's side of accepting. */
export interface AcceptorHost {
  readonly ownType: number
  readonly isLossless: (peerType: number) => boolean
  readonly newId: () => ConnectionId
  /** Connections that end with their socket. */
  readonly lossyCount: () => number
  readonly losslessAt: (addrs: EntityAddrvec) => LosslessConnection | undefined
  readonly addLossless: (id: ConnectionId, peerType: number, addrs: EntityAddrvec) => LosslessConnection
  readonly addLossy: (id: ConnectionId, peerType: number) => LossyConnection
}

export class Acceptor {
  private readonly net: NetContext
  private readonly host: AcceptorHost
  /** Oldest first. */
  private readonly attempts = new Map<ConnectionId, Attempt>()
  /** What to do with the socket of an attempt that was judged to stand. */
  private readonly adoptions = new Map<ConnectionId, () => void>()

  constructor(net: NetContext, host: AcceptorHost) {
    this.net = net
    this.host = host
  }

  accept(socket: Socket): void {
    const { limits, socketOptions } = this.net
    this.makeRoom()
    const id = this.host.newId()
    const attempt = new Attempt({
      id,
      host: this.attemptHost,
      authClient: undefined,
      input: (peerAddr) => ({ side: 'accepting', ownType: this.host.ownType, peerAddr }),
      timeoutMs: limits.readyTimeoutMs,
      makeLink: (handler) => new Link(socket, { ...socketOptions, handler }),
    })
    this.attempts.set(id, attempt)
  }

  authReply(id: ConnectionId, reply: AuthReply): void {
    this.attempts.get(id)?.authReply(reply)
  }

  dropAll(): void {
    for (const attempt of [...this.attempts.values()]) {
      attempt.abandon()
      this.ended(attempt)
    }
  }

  // An attacker who only opens sockets must not keep others out: the oldest handshake gives way.
  private makeRoom(): void {
    if (this.attempts.size < this.net.limits.handshakesMax) return
    const [oldest] = this.attempts.values()
    if (oldest === undefined) return
    oldest.abandon()
    this.failed(oldest, 'too many handshakes, the oldest gives way')
  }

  private readonly attemptHost: AttemptHost = {
    askAuth: ({ id, link }, { peerType, request }) =>
      this.net.emit({
        _tag: 'AuthRequestReceived',
        attempt: id,
        peerType,
        socketAddr: link.peerAddr,
        method: request.method,
        modes: request.modes,
        payload: request.payload,
      }),
    askAuthMore: ({ id, link }, payload) =>
      this.net.emit({
        _tag: 'AuthRequestMoreReceived',
        attempt: id,
        socketAddr: link.peerAddr,
        payload,
      }),
    learnAddr: () => undefined,
    openSession: () => ({ type: 'SessionRefused', reason: 'the accepting side does not ask' }),
    judgeSession: (attempt, frame, peerType) => this.judge(attempt, frame, peerType),
    adopt: (attempt) => this.adopt(attempt),
    failed: (attempt, reason) => this.failed(attempt, reason),
  }

  private judge(attempt: Attempt, frame: SessionFrame, peerType: number): HandshakeEvent {
    // Differs: Ceph believes HELLO. A client that calls itself a monitor could then take over a monitor's session.
    if (this.host.isLossless(peerType) && attempt.identity?.entityName.type !== peerType)
      return { type: 'SessionRefused', reason: 'a monitor by its HELLO, but not by its key' }
    if (frame._tag === 'CLIENT_IDENT') return this.judgeClientIdent(attempt, frame, peerType)
    if (frame._tag === 'SESSION_RECONNECT') return this.judgeReconnect(attempt, frame, peerType)
    return { type: 'SessionRefused', reason: `${frame._tag} from the connecting side` }
  }

  private judgeClientIdent(attempt: Attempt, ident: ClientIdent, peerType: number): HandshakeEvent {
    const own = this.net.own(peerType)
    const problem = identProblem(ident, own)
    if (problem !== undefined) return this.take(problem, undefined)
    const features = ident.supported & own.featuresSupported
    const peer: Peer = {
      type: peerType,
      num: ident.gid,
      addrs: ident.addrs,
      socketAddr: attempt.link.peerAddr,
      features,
      lossy: true,
      incoming: true,
      identity: attempt.identity,
    }
    if (!this.host.isLossless(peerType)) {
      // Not at the door: however many clients there are, monitors find each other.
      if (this.host.lossyCount() >= this.net.limits.connectionsMax)
        return { type: 'SessionRefused', reason: 'too many connections' }
      this.adoptions.set(attempt.id, () => {
        this.host.addLossy(attempt.id, peerType).stand(attempt.link, peer)
      })
      return { type: 'SessionAccepted', frame: lossyServerIdent(own, this.net.nextGlobalSeq()) }
    }
    const existing = this.host.losslessAt(ident.addrs)
    const fresh = { globalSeq: this.net.nextGlobalSeq(), cookie: this.net.newCookie() }
    const verdict = judgeIdent(existing?.session, ident, own, fresh)
    if (verdict._tag === 'Accept') {
      const identified = { num: ident.gid, features }
      this.adoptions.set(attempt.id, () => {
        const connection = existing ?? this.host.addLossless(attempt.id, peerType, ident.addrs)
        this.adoptInto(connection, attempt, verdict, identified)
      })
    }
    return this.take(verdict, existing)
  }

  private judgeReconnect(attempt: Attempt, ask: SessionReconnect, peerType: number): HandshakeEvent {
    const existing = this.host.isLossless(peerType) ? this.host.losslessAt(ask.addrs) : undefined
    const verdict = judgeReconnect(existing?.session, ask, this.net.own(peerType))
    if (verdict._tag === 'Accept' && existing !== undefined)
      this.adoptions.set(attempt.id, () => this.adoptInto(existing, attempt, verdict, undefined))
    return this.take(verdict, existing)
  }

  private take(verdict: Verdict, existing: LosslessConnection | undefined): HandshakeEvent {
    switch (verdict._tag) {
      case 'Refuse':
        return { type: 'SessionRefused', reason: verdict.reason }
      case 'Correct':
        if (existing !== undefined && verdict.existing !== undefined) {
          existing.session = verdict.existing
          existing.redial()
        }
        return { type: 'SessionCorrected', frame: verdict.frame }
      case 'Accept':
        return { type: 'SessionAccepted', frame: verdict.frame }
    }
  }

  private adoptInto(
    connection: LosslessConnection,
    attempt: Attempt,
    verdict: Extract<Verdict, { readonly _tag: 'Accept' }>,
    identified: { readonly num: bigint; readonly features: bigint } | undefined,
  ): void {
    // The node knows the connection by its own number and need not keep anything for the attempt's.
    if (connection.id !== attempt.id) this.net.emit({ _tag: 'AuthAttemptClosed', attempt: attempt.id })
    connection.adoptIncoming(
      attempt.link,
      verdict.session,
      { identified, identity: attempt.identity },
      verdict.remoteReset,
    )
  }

  private adopt(attempt: Attempt): void {
    const adoption = this.adoptions.get(attempt.id)
    this.attempts.delete(attempt.id)
    this.adoptions.delete(attempt.id)
    adoption?.()
  }

  private failed(attempt: Attempt, reason: string): void {
    this.net.log.info('dropped a socket during its handshake', {
      peer: printAddr(attempt.link.peerAddr),
      reason,
    })
    this.ended(attempt)
  }

  private ended(attempt: Attempt): void {
    this.attempts.delete(attempt.id)
    this.adoptions.delete(attempt.id)
    if (attempt.asked) this.net.emit({ _tag: 'AuthAttemptClosed', attempt: attempt.id })
  }
}
