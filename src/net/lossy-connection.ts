/**
 * A connection that ends with its socket: clients, OSDs, managers, metadata servers, and our own as a client.
 * Messages are numbered and not kept.
 */
import { msgr2Addr, printAddrvec, type EntityAddr, type EntityAddrvec } from '../codec/type/entity-addr.ts'
import type { RawMessage } from '../message/raw.ts'
import type { Attempt, AttemptHost } from './attempt.ts'
import type { ConnectionId, Peer } from './contract.ts'
import type { Link, LinkHandler } from './link.ts'
import { FLAG_LOSSY, type Frame } from './msgr2/frame.ts'
import type { HandshakeEvent, SessionFrame } from './msgr2/handshake-event.ts'
import { FRONT_BYTES_MAX } from './msgr2/limit.ts'
import { messageBytes } from './msgr2/session.ts'
import { connecting, newSession } from './msgr2/session.ts'
import { ask, judgeAnswer, type Opening } from './msgr2/session-opening.ts'
import { openingOf, type Connection, type NetContext } from './net-context.ts'
import { isReadyFrame, messageFrame, stampOf } from './ready-frame.ts'

export class LossyConnection implements Connection, LinkHandler {
  readonly id: ConnectionId
  readonly peerType: number
  private readonly net: NetContext
  private link: Link | undefined
  private attempt: Attempt | undefined
  private inSeq = 0n
  private outSeq = 0n
  /** Of a connection of ours that does not stand yet. */
  private waiting: RawMessage[] = []
  private waitingBytes = 0
  private incoming = false
  private ended = false

  constructor(net: NetContext, id: ConnectionId, peerType: number) {
    this.net = net
    this.id = id
    this.peerType = peerType
  }

  get heardMs(): number | undefined {
    return this.link?.heardMs
  }

  get queuedCount(): number {
    return this.waiting.length
  }

  send(message: RawMessage): void {
    if (this.ended) return
    const { link } = this
    if (link !== undefined) {
      link.send(messageFrame({ ...message, seq: ++this.outSeq }, this.inSeq))
      return
    }
    this.waiting.push(message)
    this.waitingBytes += messageBytes(message)
    if (this.waitingBytes > this.net.limits.unsentBytesMax)
      this.breakSocket(`${this.waitingBytes} bytes wait to be sent`)
  }

  sendKeepalive(): void {
    this.link?.send({ _tag: 'KEEPALIVE2', stamp: stampOf(this.net.clock.now()) })
  }

  breakSocket(reason: string): void {
    this.link?.abandon()
    this.linkLost(reason)
  }

  end(): void {
    this.ended = true
    this.attempt?.abandon()
    this.attempt = undefined
    this.link?.close()
    this.link = undefined
    this.waiting = []
  }

  /** Our own connection: the one attempt that it has. */
  dial(addrs: EntityAddrvec): void {
    const target = msgr2Addr(addrs)
    const authClient = this.net.authClientFor({ type: this.peerType, addrs })
    if (target === undefined || authClient === undefined) {
      this.linkLost(target === undefined ? 'peer has no msgr2 address' : 'no key to authenticate with')
      return
    }
    const peer = { id: this.id, type: this.peerType, target }
    this.attempt = this.net.dial(peer, authClient, this.connectingHost(addrs, target))
  }

  /** The socket stands. */
  stand(link: Link, peer: Peer): void {
    this.link = link
    this.incoming = peer.incoming
    link.handOver(this)
    this.net.log.debug('connection stands', {
      connection: this.id,
      peer: printAddrvec(peer.addrs),
      incoming: peer.incoming,
      ...link.negotiated,
    })
    this.net.emit({ _tag: 'ConnectionReady', connection: this.id, peer })
    const { waiting } = this
    this.waiting = []
    for (const message of waiting) this.send(message)
  }

  bannerReceived(): void {
    // The banner belongs to the handshake.
  }

  frameReceived(frame: Frame): void {
    if (!isReadyFrame(frame)) return void this.breakSocket(`${frame._tag} on a connection that stands`)
    switch (frame._tag) {
      case 'MESSAGE':
        if (this.incoming && frame.message.front.length > FRONT_BYTES_MAX)
          return void this.breakSocket(`message whose front is ${frame.message.front.length} bytes`)
        if (frame.message.seq <= this.inSeq) return undefined
        this.inSeq = frame.message.seq
        return void this.net.emit({ _tag: 'MessageReceived', connection: this.id, message: frame.message })
      case 'KEEPALIVE2':
        this.link?.send({ _tag: 'KEEPALIVE2_ACK', stamp: frame.stamp })
        return void this.net.emit({ _tag: 'KeepaliveReceived', connection: this.id })
      case 'KEEPALIVE2_ACK':
      case 'ACK':
        return undefined
    }
  }

  chunkDone(): void {
    // A lossy peer is not sent acknowledgements.
  }

  linkLost(reason: string): void {
    if (this.ended) return
    this.end()
    this.net.forget(this, reason)
  }

  private connectingHost(addrs: EntityAddrvec, target: EntityAddr): AttemptHost {
    let session = { ...connecting(newSession(addrs), this.net.nextGlobalSeq()), lossy: true }
    let peer: Peer | undefined
    const opening = (): Opening => openingOf(this.net, this.peerType, target)
    return {
      askAuth: () => undefined,
      askAuthMore: () => undefined,
      learnAddr: this.net.learnAddr,
      openSession: () => ask(session, opening()).event,
      judgeSession: ({ link }, frame: SessionFrame): HandshakeEvent => {
        const answer = judgeAnswer(session, frame, opening())
        session = { ...answer.session, lossy: true }
        if (frame._tag === 'SERVER_IDENT') {
          peer = {
            type: this.peerType,
            num: frame.gid,
            addrs: frame.addrs,
            socketAddr: link.peerAddr,
            features: frame.supported & this.net.own(this.peerType).featuresSupported,
            lossy: (frame.flags & FLAG_LOSSY) !== 0n,
            incoming: false,
            identity: undefined,
          }
        }
        return answer.event
      },
      adopt: ({ link }) => {
        this.attempt = undefined
        if (peer === undefined) this.linkLost('session stands without SERVER_IDENT')
        else this.stand(link, peer)
      },
      failed: (_, reason) => {
        this.attempt = undefined
        this.linkLost(reason)
      },
    }
  }
}
