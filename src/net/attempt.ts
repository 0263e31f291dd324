/**
 * One handshake on one socket: runs the effects of the handshake machine and feeds the answers back. When it
 * succeeds, the socket goes to the connection that `host.adopt` names; when it fails, `host.failed` is told.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { AuthClient, AuthFailure, AuthIdentity, AuthReply } from '../auth/contract.ts'
import { CON_MODE } from '../auth/contract.ts'
import { known } from '../base/assert.ts'
import type { EntityAddr } from '../codec/type/entity-addr.ts'
import type { ConnectionId } from './contract.ts'
import type { Link, LinkHandler } from './link.ts'
import { MSGR2_FEATURE_REVISION_1, type Banner } from './msgr2/banner.ts'
import type { Frame } from './msgr2/frame.ts'
import {
  authRepliedEvent,
  handshakeEventOf,
  type HandshakeEvent,
  type SessionFrame,
} from './msgr2/handshake-event.ts'
import { handshake, type HandshakeEffect } from './msgr2/handshake-machine.ts'
import type { HandshakeInput } from './msgr2/handshake-setup.ts'

type EffectOfType<Type extends HandshakeEffect['type']> = Extract<HandshakeEffect, { readonly type: Type }>

export interface AttemptHost {
  /** Accepting: the peer wants to authenticate; answered by `Attempt.authReply`. */
  readonly askAuth: (attempt: Attempt, params: EffectOfType<'AskAuth'>['params']) => void
  readonly askAuthMore: (attempt: Attempt, payload: Buffer) => void
  /** Connecting: the peer says which address we come from. */
  readonly learnAddr: (addr: EntityAddr) => void
  /** Connecting: how to ask for the session. */
  readonly openSession: (attempt: Attempt) => HandshakeEvent
  readonly judgeSession: (attempt: Attempt, frame: SessionFrame, peerType: number) => HandshakeEvent
  readonly adopt: (attempt: Attempt) => void
  readonly failed: (attempt: Attempt, reason: string) => void
}

export class Attempt implements LinkHandler {
  readonly id: ConnectionId
  readonly link: Link
  /** Accepting: who the peer proved to be, after AUTH_DONE. */
  identity: AuthIdentity | undefined
  /** Accepting: the node has been asked, and must be told the end. */
  asked = false
  private readonly host: AttemptHost
  private readonly side: HandshakeInput['side']
  private snapshot
  private authClient: AuthClient | undefined
  private readonly events: HandshakeEvent[] = []
  private running = false
  private readonly timer: NodeJS.Timeout
  private over = false

  constructor(options: {
    readonly id: ConnectionId
    readonly input: (peerAddr: EntityAddr) => HandshakeInput
    readonly authClient: AuthClient | undefined
    readonly host: AttemptHost
    readonly timeoutMs: number
    readonly makeLink: (handler: LinkHandler) => Link
  }) {
    this.id = options.id
    this.host = options.host
    this.authClient = options.authClient
    this.link = options.makeLink(this)
    const input = options.input(this.link.peerAddr)
    this.side = input.side
    this.timer = setTimeout(() => this.feed({ type: 'HandshakeTimeout' }), options.timeoutMs)
    const [snapshot, effects] = handshake.initial(input)
    this.snapshot = snapshot
    this.runAll(effects)
  }

  /** The node's answer to `askAuth` or `askAuthMore`. */
  authReply(reply: AuthReply): void {
    if (reply._tag === 'AuthDone') this.identity = reply.identity
    this.feed(authRepliedEvent(reply))
  }

  /** Ends the attempt without telling the host. */
  abandon(): void {
    this.end()
    this.link.abandon()
  }

  bannerReceived(banner: Banner): void {
    this.feed({ type: 'BannerReceived', banner })
  }

  frameReceived(frame: Frame): void {
    this.feed(handshakeEventOf(frame))
  }

  chunkDone(): void {
    // Only a connection that stands has something to say after a chunk.
  }

  linkLost(reason: string): void {
    this.fail(reason)
  }

  private feed(event: HandshakeEvent): void {
    this.events.push(event)
    if (this.running) return
    this.running = true
    for (let next = this.events.shift(); next !== undefined && !this.over; next = this.events.shift()) {
      const [snapshot, effects] = handshake.next(this.snapshot, next)
      this.snapshot = snapshot
      this.runAll(effects)
    }
    this.running = false
  }

  private runAll(effects: readonly HandshakeEffect[]): void {
    for (const effect of effects) this.run(effect)
  }

  private run(effect: HandshakeEffect): void {
    const { host, link } = this
    switch (effect.type) {
      case 'SendBanner':
        return void link.sendBanner()
      case 'UseBanner':
        return void link.useRevision(
          (effect.params.banner.supported & MSGR2_FEATURE_REVISION_1) !== 0n ? 1 : 0,
        )
      case 'SendFrame':
        return void link.send(effect.params.frame)
      case 'LearnAddr':
        return void host.learnAddr(effect.params.addr)
      case 'AskAuth':
        this.asked = true
        return void host.askAuth(this, effect.params)
      case 'AskAuthMore':
        return void host.askAuthMore(this, effect.params.payload)
      case 'ContinueAuth':
        return void this.feed(this.continueAuth(effect.params.payload))
      case 'FinishAuth':
        return void this.feed(this.finishAuth(effect.params))
      case 'UseSecret':
        if (effect.params.mode === CON_MODE.secure) link.useSecret(effect.params.secret, this.side)
        return undefined
      case 'Sign':
        return void this.feed({ type: 'Signed', ...link.sign(effect.params.sessionKey) })
      case 'OpenSession':
        return void this.feed(host.openSession(this))
      case 'JudgeSession':
        return void this.feed(host.judgeSession(this, effect.params.frame, effect.params.peerType))
      case 'AdoptSession':
        this.end()
        return void host.adopt(this)
      case 'Close':
        return void this.fail(effect.params.reason)
    }
  }

  private continueAuth(payload: Buffer): HandshakeEvent {
    const answer = known(this.authClient, 'an authenticating client').more(payload)
    if (E.isLeft(answer)) return { type: 'AuthFailed', reason: describeAuthFailure(answer.left) }
    this.authClient = answer.right.next
    return { type: 'AuthContinued', payload: answer.right.payload }
  }

  private finishAuth(done: EffectOfType<'FinishAuth'>['params']): HandshakeEvent {
    const answer = known(this.authClient, 'an authenticating client').done(done)
    return E.isLeft(answer)
      ? { type: 'AuthFailed', reason: describeAuthFailure(answer.left) }
      : { type: 'AuthFinished', mode: done.mode, secrets: answer.right }
  }

  private end(): void {
    this.over = true
    clearTimeout(this.timer)
  }

  private fail(reason: string): void {
    if (this.over) return
    this.end()
    // What was written explains the end to the peer: AUTH_BAD_METHOD, WAIT.
    this.link.close()
    this.host.failed(this, reason)
  }
}

const describeAuthFailure = (failure: AuthFailure): string =>
  failure._tag === 'AuthRefused'
    ? `authentication refused: result ${failure.result}, method ${failure.method}`
    : `authentication failed: ${failure.what}`
