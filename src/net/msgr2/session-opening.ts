/**
 * The connecting side of a lossless session: how it asks, and what it makes of the peer's answer.
 *
 * Source: ceph src/msg/async/ProtocolV2.cc handle_server_ident, handle_session_reset, handle_session_retry,
 *         handle_session_retry_global, handle_reconnect_ok, handle_wait, handle_ident_missing_features.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { EntityAddr } from '../../codec/type/entity-addr.ts'
import type { HandshakeEvent, SessionFrame } from './handshake-event.ts'
import {
  openSession,
  reconnected,
  reset,
  retried,
  serverIdentified,
  type Own,
  type Session,
} from './session.ts'

export interface Opening {
  readonly own: Own
  /** The peer's address that was dialled. */
  readonly target: EntityAddr
  /** Random, not 0. */
  readonly cookie: bigint
  /** The next global_seq of this process, greater than the argument. */
  readonly nextGlobalSeq: (above: bigint) => bigint
}

export interface Answer {
  readonly session: Session
  /** For the handshake machine. */
  readonly event: HandshakeEvent
  /** The peer has forgotten the session. */
  readonly remoteReset: boolean
}

/** Asks for the session over a new socket. */
export const ask = (session: Session, { own, target, cookie }: Opening): Answer => {
  const [opened, frame] = openSession(session, own, target, cookie)
  const event: HandshakeEvent =
    frame._tag === 'CLIENT_IDENT' ? { type: 'IdentChosen', frame } : { type: 'ReconnectChosen', frame }
  return { session: opened, event, remoteReset: false }
}

/** What the peer's answer makes of the session, and how to go on. */
export const judgeAnswer = (session: Session, frame: SessionFrame, opening: Opening): Answer => {
  const refused = (reason: string, after = session): Answer => ({
    session: after,
    event: { type: 'SessionRefused', reason },
    remoteReset: false,
  })
  const established = (after: Session): Answer => ({
    session: after,
    event: { type: 'SessionEstablished' },
    remoteReset: false,
  })
  switch (frame._tag) {
    case 'SERVER_IDENT': {
      const identified = serverIdentified(session, frame, opening.target)
      return E.isLeft(identified) ? refused(identified.left) : established(identified.right)
    }
    case 'SESSION_RECONNECT_OK':
      return established(reconnected(session, frame.messageSeq))
    case 'SESSION_RETRY':
      return ask(retried(session, frame.connectSeq), opening)
    case 'SESSION_RETRY_GLOBAL':
      return ask({ ...session, globalSeq: opening.nextGlobalSeq(frame.globalSeq) }, opening)
    case 'SESSION_RESET':
      return { ...ask(reset(session, frame.full), opening), remoteReset: frame.full }
    case 'WAIT':
      return refused('the peer’s own socket wins the race', { ...session, phase: 'WAIT' })
    case 'IDENT_MISSING_FEATURES':
      return refused(`the peer requires features 0x${frame.features.toString(16)}`)
    case 'CLIENT_IDENT':
    case 'SESSION_RECONNECT':
      return refused(`${frame._tag} from the accepting side`)
  }
}
