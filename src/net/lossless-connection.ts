/**
 * A connection to a fellow monitor: a session that outlives its sockets. Runs what `msgr2/session.ts` decides.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { AuthIdentity } from '../auth/contract.ts'
import { msgr2Addr, printAddrvec, type EntityAddr, type EntityAddrvec } from '../codec/type/entity-addr.ts'
import type { RawMessage } from '../message/raw.ts'
import type { Attempt, AttemptHost } from './attempt.ts'
import type { ConnectionId, Peer } from './contract.ts'
import type { Link, LinkHandler } from './link.ts'
import { itemsOf } from '../base/fifo.ts'
import type { Frame } from './msgr2/frame.ts'
import type { HandshakeEvent, SessionFrame } from './msgr2/handshake-event.ts'
import { ACK_DELAY_MS, ACK_MESSAGES_MAX } from './msgr2/limit.ts'
import { ask, judgeAnswer, type Answer, type Opening } from './msgr2/session-opening.ts'
import {
  acknowledged,
  connecting,
  enqueue,
  leaveStandby,
  newSession,
  received,
  socketLost,
  takeWaiting,
  type Session,
} from './msgr2/session.ts'
import { openingOf, type Connection, type NetContext } from './net-context.ts'
import { isReadyFrame, messageFrame, stampOf } from './ready-frame.ts'

/** Who the peer is, as far as an IDENT frame says. */
interface Identified {
  readonly num: bigint
  readonly features: bigint
}

export class LosslessConnection implements Connection, LinkHandler {
  readonly id: ConnectionId
  readonly peerType: number
  session: Session
  private readonly net: NetContext
  private link: Link | undefined
  private attempt: Attempt | undefined
  private timer: NodeJS.Timeout | undefined
  /** Of the acknowledgement that nothing we send has carried yet. */
  private ackTimer: NodeJS.Timeout | undefined
  private identified: Identified = { num: -1n, features: 0n }
  /** Messages that came and are not acknowledged. */
  private unacknowledged = 0
  private ended = false

  constructor(net: NetContext, id: ConnectionId, peerType: number, peerAddrs: EntityAddrvec) {
    this.net = net
    this.id = id
    this.peerType = peerType
    this.session = newSession(peerAddrs)
  }

  get heardMs(): number | undefined {
    return this.link?.heardMs
  }

  get queuedCount(): number {
    return this.session.sent.length + this.session.waiting.length
  }

  send(message: RawMessage): void {
    const queued = enqueue(this.session, message)
    if (E.isLeft(queued)) {
      this.end()
      this.net.forget(this, queued.left)
      return
    }
    this.session = queued.right
    if (this.session.phase === 'READY') this.sendWaiting()
    else this.connect()
  }

  sendKeepalive(): void {
    this.link?.send({ _tag: 'KEEPALIVE2', stamp: stampOf(this.net.clock.now()) })
  }

  breakSocket(reason: string): void {
    if (this.link === undefined && this.attempt === undefined) return
    this.link?.abandon()
    this.link = undefined
    this.attempt?.abandon()
    this.attempt = undefined
    this.lost(reason)
  }

  end(): void {
    this.ended = true
    const { link } = this
    this.link = undefined
    this.dropSockets()
    // What was sent still leaves.
    link?.close()
  }

  /** Connects, unless a socket stands, is on its way, or waits for its next attempt. */
  connect(): void {
    if (this.session.phase !== 'STANDBY') return
    this.session = leaveStandby(this.session)
    this.dial()
  }

  /**
   * The peer was told to wait for our socket: it is there, so our next attempt need not wait for its time.
   *
   * Differs: Ceph leaves its attempt in the back-off, so the peer may wait for up to 15 s.
   */
  redial(): void {
    if (this.session.phase === 'BACKOFF' && this.timer !== undefined) this.dial()
  }

  private dial(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const { peerAddrs } = this.session
    const target = msgr2Addr(peerAddrs)
    const authClient = this.net.authClientFor({ type: this.peerType, addrs: peerAddrs })
    this.session = connecting(this.session, this.net.nextGlobalSeq())
    if (target === undefined || authClient === undefined) {
      this.lost(target === undefined ? 'peer has no msgr2 address' : 'no key to authenticate with')
      return
    }
    const peer = { id: this.id, type: this.peerType, target }
    this.attempt = this.net.dial(peer, authClient, this.connectingHost(target))
  }

  /** The peer's socket takes the place of whatever there is. */
  adoptIncoming(
    link: Link,
    session: Session,
    peer: { readonly identified: Identified | undefined; readonly identity: AuthIdentity | undefined },
    remoteReset: boolean,
  ): void {
    this.dropSockets()
    this.session = session
    if (peer.identified !== undefined) this.identified = peer.identified
    if (remoteReset) this.net.emit({ _tag: 'RemoteReset', connection: this.id })
    this.stand(link, { incoming: true, identity: peer.identity })
  }

  bannerReceived(): void {
    // The banner belongs to the handshake.
  }

  frameReceived(frame: Frame): void {
    if (!isReadyFrame(frame)) return void this.breakSocket(`${frame._tag} on a connection that stands`)
    switch (frame._tag) {
      case 'MESSAGE':
        return void this.messageReceived(frame.message, frame.ackSeq)
      case 'ACK':
        this.session = acknowledged(this.session, frame.seq)
        return undefined
      case 'KEEPALIVE2':
        this.link?.send({ _tag: 'KEEPALIVE2_ACK', stamp: frame.stamp })
        return void this.net.emit({ _tag: 'KeepaliveReceived', connection: this.id })
      case 'KEEPALIVE2_ACK':
        return undefined
    }
  }

  chunkDone(): void {
    if (this.unacknowledged >= ACK_MESSAGES_MAX) this.acknowledge()
    else if (this.unacknowledged > 0)
      this.ackTimer ??= setTimeout(() => {
        this.ackTimer = undefined
        this.acknowledge()
      }, ACK_DELAY_MS)
  }

  linkLost(reason: string): void {
    this.link = undefined
    this.lost(reason)
  }

  private messageReceived(message: RawMessage, ackSeq: bigint): void {
    this.session = acknowledged(this.session, ackSeq)
    this.unacknowledged += 1
    const next = received(this.session, message.seq)
    if (next === undefined) {
      this.net.log.debug('dropped a message that came before', { connection: this.id, seq: message.seq })
      return
    }
    this.session = next
    this.net.emit({ _tag: 'MessageReceived', connection: this.id, message })
  }

  private acknowledge(): void {
    if (this.unacknowledged > 0) this.link?.send({ _tag: 'ACK', seq: this.session.inSeq })
    this.unacknowledged = 0
  }

  private sendWaiting(): void {
    const [session, messages] = takeWaiting(this.session)
    this.session = session
    this.sendNumbered(messages)
  }

  private sendNumbered(messages: readonly RawMessage[]): void {
    for (const message of messages) this.link?.send(messageFrame(message, this.session.inSeq))
    // Each of them carries the number of the last message that came.
    if (messages.length > 0) this.unacknowledged = 0
  }

  private stand(link: Link, how: Pick<Peer, 'incoming' | 'identity'>): void {
    this.link = link
    link.handOver(this)
    link.trust()
    const { session, id, peerType } = this
    this.net.register(this, session.peerAddrs)
    const peer: Peer = {
      type: peerType,
      ...this.identified,
      addrs: session.peerAddrs,
      socketAddr: link.peerAddr,
      lossy: session.lossy,
      ...how,
    }
    this.net.log.info('connection stands', {
      connection: id,
      peer: printAddrvec(peer.addrs),
      incoming: how.incoming,
      ...link.negotiated,
    })
    this.net.emit({ _tag: 'ConnectionReady', connection: id, peer })
    if (!how.incoming) this.sendKeepalive()
    this.sendNumbered(itemsOf(session.sent))
    this.sendWaiting()
  }

  private connectingHost(target: EntityAddr): AttemptHost {
    const opening = (): Opening => openingOf(this.net, this.peerType, target)
    return {
      askAuth: () => undefined,
      askAuthMore: () => undefined,
      learnAddr: this.net.learnAddr,
      openSession: () => this.take(ask(this.session, opening())),
      judgeSession: (_, frame) => {
        this.identify(frame)
        return this.take(judgeAnswer(this.session, frame, opening()))
      },
      adopt: ({ link }) => {
        this.attempt = undefined
        this.stand(link, { incoming: false, identity: undefined })
      },
      failed: (_, reason) => {
        this.attempt = undefined
        this.lost(reason)
      },
    }
  }

  private identify(frame: SessionFrame): void {
    if (frame._tag !== 'SERVER_IDENT') return
    const features = frame.supported & this.net.own(this.peerType).featuresSupported
    this.identified = { num: frame.gid, features }
  }

  private take({ session, event, remoteReset }: Answer): HandshakeEvent {
    this.session = session
    if (remoteReset) this.net.emit({ _tag: 'RemoteReset', connection: this.id })
    return event
  }

  private lost(reason: string): void {
    if (this.ended) return
    this.unacknowledged = 0
    if (this.session.lossy && this.session.phase === 'READY') {
      this.end()
      this.net.forget(this, reason)
      return
    }
    const [session, after] = socketLost(this.session)
    this.session = session
    this.net.log.info('socket to a monitor lost', {
      connection: this.id,
      peer: printAddrvec(session.peerAddrs),
      reason,
      ...after,
    })
    if (after._tag === 'Reconnect') this.timer = setTimeout(() => this.dial(), after.afterMs)
  }

  private dropSockets(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    clearTimeout(this.ackTimer)
    this.ackTimer = undefined
    this.attempt?.abandon()
    this.attempt = undefined
    this.link?.abandon()
    this.link = undefined
    this.unacknowledged = 0
  }
}
