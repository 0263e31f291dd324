/**
 * A lossless session: what two monitors remember of each other beyond a socket. Every message is numbered, kept
 * until the peer has acknowledged it, and sent again over the next socket; what arrives twice is dropped. So a
 * socket that breaks loses, doubles and reorders nothing, as long as both processes live.
 *
 * A session keeps its pair of cookies for life: the client's is of the side that opened it first, the server's of
 * the other, whoever reconnects later. `connectSeq` counts reconnects, `globalSeq` connect attempts of a process.
 * How the accepting side finds and judges sessions is in `session-table.ts`.
 *
 * Source: ceph src/msg/async/ProtocolV2.cc.
 */
import * as E from 'fp-ts/lib/Either.js'
import { invariant } from '../../base/assert.ts'
import { sameAddr, type EntityAddr, type EntityAddrvec } from '../../codec/type/entity-addr.ts'
import type { RawMessage } from '../../message/raw.ts'
import { EMPTY_FIFO, itemsOf, oldest, pushed, shifted, type Fifo } from '../../base/fifo.ts'
import { FLAG_LOSSY, type ClientIdent, type ServerIdent, type SessionReconnect } from './frame.ts'
import { BACKOFF_MS_INITIAL, BACKOFF_MS_MAX, QUEUE_BYTES_MAX, QUEUE_MESSAGES_MAX } from './limit.ts'

/** CONNECTING: a socket of ours is on its way. BACKOFF: waits to try again. WAIT: the peer said its socket wins. */
export type SessionPhase = 'CONNECTING' | 'BACKOFF' | 'WAIT' | 'READY' | 'STANDBY'

export interface Session {
  readonly phase: SessionPhase
  /** The peer's addresses as it gave them, or as we were told to reach it. */
  readonly peerAddrs: EntityAddrvec
  /** Set by a server that keeps no sessions: this one ends with its socket. */
  readonly lossy: boolean
  readonly clientCookie: bigint
  /** 0 until the session was once established. */
  readonly serverCookie: bigint
  /** Of our current attempt. */
  readonly globalSeq: bigint
  /** Of the peer's last attempt. */
  readonly peerGlobalSeq: bigint
  readonly connectSeq: bigint
  /** Last message received, last number given out. */
  readonly inSeq: bigint
  readonly outSeq: bigint
  /** Sent, numbered, not acknowledged. */
  readonly sent: Fifo<RawMessage>
  /** Not sent, not numbered. */
  readonly waiting: Fifo<RawMessage>
  /** Payload bytes of both queues. */
  readonly queuedBytes: number
  readonly backoffMs: number
  /** The peer wants us to connect, even with nothing to send. */
  readonly nudged: boolean
}

/** Ourselves, as IDENT frames say it. */
export interface Own {
  readonly addrs: EntityAddrvec
  readonly num: bigint
  readonly featuresSupported: bigint
  /** What this type of peer must support. */
  readonly featuresRequired: bigint
}

export const newSession = (peerAddrs: EntityAddrvec): Session => ({
  phase: 'STANDBY',
  peerAddrs,
  lossy: false,
  clientCookie: 0n,
  serverCookie: 0n,
  globalSeq: 0n,
  peerGlobalSeq: 0n,
  connectSeq: 0n,
  inSeq: 0n,
  outSeq: 0n,
  sent: EMPTY_FIFO,
  waiting: EMPTY_FIFO,
  queuedBytes: 0,
  backoffMs: 0,
  nudged: false,
})

/** Payload bytes of a message. */
export const messageBytes = ({ front, middle, data }: RawMessage): number =>
  front.length + middle.length + data.length

/** Accepts a message for sending. Errors: why there is no room; the session cannot go on without the message. */
export const enqueue = (session: Session, message: RawMessage): E.Either<string, Session> => {
  const queuedBytes = session.queuedBytes + messageBytes(message)
  if (session.sent.length + session.waiting.length >= QUEUE_MESSAGES_MAX)
    return E.left(`${QUEUE_MESSAGES_MAX} messages are queued`)
  if (queuedBytes > QUEUE_BYTES_MAX) return E.left(`${queuedBytes} bytes are queued`)
  return E.right({ ...session, waiting: pushed(session.waiting, message), queuedBytes })
}

/** Numbers what is waiting and moves it to what is sent. Shape: the messages given are to be sent in this order. */
export const takeWaiting = (session: Session): readonly [Session, readonly RawMessage[]] => {
  if (session.waiting.length === 0) return [session, []]
  let { outSeq, sent } = session
  const messages = itemsOf(session.waiting).map((message) => ({ ...message, seq: ++outSeq }))
  for (const message of messages) sent = pushed(sent, message)
  return [{ ...session, outSeq, sent, waiting: EMPTY_FIFO }, messages]
}

/** The peer has every message up to `seq`. */
export const acknowledged = (session: Session, seq: bigint): Session => {
  let { sent, queuedBytes } = session
  for (let first = oldest(sent); first !== undefined && first.seq <= seq; first = oldest(sent)) {
    queuedBytes -= messageBytes(first)
    sent = shifted(sent)
  }
  return sent === session.sent ? session : { ...session, sent, queuedBytes }
}

/** A message came; undefined when it came before. */
export const received = (session: Session, seq: bigint): Session | undefined =>
  seq <= session.inSeq ? undefined : { ...session, inSeq: seq }

/** An attempt begins. */
export const connecting = (session: Session, globalSeq: bigint): Session => ({
  ...session,
  phase: 'CONNECTING',
  globalSeq,
})

/**
 * How to ask for the session over a new socket: CLIENT_IDENT until it was once established, else
 * SESSION_RECONNECT. `cookie` is random and not 0, and is used for a session that has none.
 */
export const openSession = (
  session: Session,
  own: Own,
  target: EntityAddr,
  cookie: bigint,
): readonly [Session, ClientIdent | SessionReconnect] => {
  invariant(cookie !== 0n, 'cookie 0 means none')
  if (session.serverCookie !== 0n) return [session, reconnectFrame(session, own)]
  const clientCookie = session.lossy ? 0n : session.clientCookie === 0n ? cookie : session.clientCookie
  const ident: ClientIdent = {
    _tag: 'CLIENT_IDENT',
    addrs: own.addrs,
    target,
    gid: own.num,
    globalSeq: session.globalSeq,
    supported: own.featuresSupported,
    required: own.featuresRequired,
    flags: session.lossy ? FLAG_LOSSY : 0n,
    cookie: clientCookie,
  }
  return [{ ...session, clientCookie }, ident]
}

const reconnectFrame = (session: Session, own: Own): SessionReconnect => ({
  _tag: 'SESSION_RECONNECT',
  addrs: own.addrs,
  clientCookie: session.clientCookie,
  serverCookie: session.serverCookie,
  globalSeq: session.globalSeq,
  connectSeq: session.connectSeq,
  messageSeq: session.inSeq,
})

/**
 * SERVER_IDENT came: the session is new on the peer's side. The server's flags decide whether it is lossless.
 *
 * Errors: the peer does not have the address that we meant to reach.
 * Source: ProtocolV2.cc handle_server_ident.
 */
export const serverIdentified = (
  session: Session,
  ident: ServerIdent,
  target: EntityAddr,
): E.Either<string, Session> =>
  ident.addrs.some((addr) => sameAddr(addr, target))
    ? E.right({
        ...standing(session),
        peerAddrs: ident.addrs,
        serverCookie: ident.cookie,
        peerGlobalSeq: ident.globalSeq,
        lossy: (ident.flags & FLAG_LOSSY) !== 0n,
      })
    : E.left('peer does not have the address that was dialled')

/** SESSION_RECONNECT_OK came: the peer goes on, and has every message up to `messageSeq`. */
export const reconnected = (session: Session, messageSeq: bigint): Session =>
  standing(acknowledged(session, messageSeq))

/** SESSION_RETRY came: the peer has counted more reconnects than we. */
export const retried = (session: Session, connectSeq: bigint): Session => ({
  ...session,
  connectSeq: connectSeq + 1n,
})

/**
 * SESSION_RESET came: the peer does not know the session. A full reset forgets all of it, queued messages too; the
 * other kind only that it was ever established.
 *
 * Source: ProtocolV2.cc handle_session_reset, reset_session.
 */
export const reset = (session: Session, full: boolean): Session =>
  full
    ? {
        ...newSession(session.peerAddrs),
        phase: session.phase,
        globalSeq: session.globalSeq,
        backoffMs: session.backoffMs,
        nudged: session.nudged,
      }
    : { ...session, serverCookie: 0n, connectSeq: 0n, inSeq: 0n }

/** A socket stands. */
export const standing = (session: Session): Session => ({
  ...session,
  phase: 'READY',
  backoffMs: 0,
  nudged: false,
})

/** What to do after a socket was lost. */
export type AfterLoss =
  | { readonly _tag: 'Reconnect'; readonly afterMs: number }
  /** Nothing to say: the next message, or the peer, connects. */
  | { readonly _tag: 'StandBy' }

/**
 * The socket, or the attempt to get one, is lost. One that stood is replaced at once; failed attempts back off.
 *
 * Source: ProtocolV2.cc _fault.
 */
export const socketLost = (session: Session): readonly [Session, AfterLoss] => {
  const idle = session.sent.length + session.waiting.length === 0 && !session.nudged
  if (idle && session.phase !== 'WAIT') return [{ ...session, phase: 'STANDBY' }, { _tag: 'StandBy' }]
  if (session.phase === 'READY' || session.phase === 'STANDBY')
    return [attempting(session, 0), { _tag: 'Reconnect', afterMs: 0 }]
  const afterMs =
    session.phase === 'WAIT'
      ? BACKOFF_MS_MAX
      : Math.min(BACKOFF_MS_MAX, session.backoffMs === 0 ? BACKOFF_MS_INITIAL : session.backoffMs * 2)
  return [attempting(session, afterMs), { _tag: 'Reconnect', afterMs }]
}

/** A session that stood by has something to say. */
export const leaveStandby = (session: Session): Session => attempting(session, 0)

const attempting = (session: Session, backoffMs: number): Session => ({
  ...session,
  phase: 'BACKOFF',
  backoffMs,
  connectSeq: session.serverCookie === 0n ? session.connectSeq : session.connectSeq + 1n,
})
