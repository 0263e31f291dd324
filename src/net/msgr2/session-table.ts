/**
 * How the accepting side judges a peer that asks for a session. `existing` is the session known for the same peer
 * addresses, in whatever phase; peers without sessions are judged with none.
 *
 * Differs: Ceph also answers WAIT or SESSION_RETRY_GLOBAL while it moves a socket into a session from one thread
 * to another. Here that is one synchronous step, and no peer can see it half done.
 * Source: ceph src/msg/async/ProtocolV2.cc handle_client_ident, handle_existing_connection, handle_reconnect.
 */
import {
  compareAddr,
  isBlankAddr,
  msgr2Addr,
  printAddr,
  sameAddr,
  type EntityAddrvec,
} from '../../codec/type/entity-addr.ts'
import { FLAG_LOSSY, type ClientIdent, type ServerIdent, type SessionReconnect } from './frame.ts'
import type { SessionFrame } from './handshake-event.ts'
import { acknowledged, newSession, reset, standing, type Own, type Session } from './session.ts'

export type Verdict =
  /** Close the socket. */
  | { readonly _tag: 'Refuse'; readonly reason: string }
  /** The peer has to ask in another way, or to wait. `existing` is what becomes of the session meanwhile. */
  | { readonly _tag: 'Correct'; readonly frame: SessionFrame; readonly existing: Session | undefined }
  /** The session stands on the peer's socket. `remoteReset`: the peer had restarted and forgotten the old one. */
  | {
      readonly _tag: 'Accept'
      readonly frame: SessionFrame
      readonly session: Session
      readonly remoteReset: boolean
    }

/** What a new session takes from the messenger: the next global_seq, and a random cookie that is not 0. */
export interface Fresh {
  readonly globalSeq: bigint
  readonly cookie: bigint
}

/** What is wrong with a CLIENT_IDENT, whatever session it is about; undefined when nothing is. */
export const identProblem = (ident: ClientIdent, own: Own): Verdict | undefined => {
  const [first] = ident.addrs
  if (first === undefined || isBlankAddr(first)) return { _tag: 'Refuse', reason: 'peer gives no address' }
  if (!own.addrs.some((addr) => sameAddr(addr, ident.target)))
    return { _tag: 'Refuse', reason: `peer means to reach ${printAddr(ident.target)}, which is not ours` }
  const features = own.featuresRequired & ~ident.supported
  if (features === 0n) return undefined
  return { _tag: 'Correct', frame: { _tag: 'IDENT_MISSING_FEATURES', features }, existing: undefined }
}

/** SERVER_IDENT for a peer without a session: everyone but monitors. */
export const lossyServerIdent = (own: Own, globalSeq: bigint): ServerIdent => ({
  ...serverIdent(own, { globalSeq, cookie: 0n }),
  flags: FLAG_LOSSY,
})

/** Judges CLIENT_IDENT of a lossless peer; `identProblem` has found nothing. */
export const judgeIdent = (
  existing: Session | undefined,
  ident: ClientIdent,
  own: Own,
  fresh: Fresh,
): Verdict => {
  const accept = (session: Session, remoteReset = false): Verdict => ({
    _tag: 'Accept',
    frame: serverIdent(own, fresh),
    session: {
      ...standing(session),
      peerAddrs: ident.addrs,
      clientCookie: ident.cookie,
      serverCookie: fresh.cookie,
      peerGlobalSeq: ident.globalSeq,
      inSeq: 0n,
    },
    remoteReset,
  })

  if (existing === undefined || existing.lossy) return accept(newSession(ident.addrs))
  if (existing.peerGlobalSeq > ident.globalSeq)
    return { _tag: 'Refuse', reason: `stale: global_seq ${ident.globalSeq} < ${existing.peerGlobalSeq}` }
  if (existing.serverCookie !== 0n && existing.clientCookie !== 0n && existing.clientCookie !== ident.cookie)
    return accept(reset(existing, true), true)
  if (existing.clientCookie === ident.cookie) return accept(existing)
  if (existing.phase === 'READY' || existing.phase === 'STANDBY') return accept(existing)
  // Both sides are connecting to each other.
  return ourSocketWins(ident.addrs, own)
    ? { _tag: 'Correct', frame: { _tag: 'WAIT' }, existing: { ...existing, nudged: true } }
    : accept(existing)
}

/** Judges SESSION_RECONNECT. */
export const judgeReconnect = (existing: Session | undefined, ask: SessionReconnect, own: Own): Verdict => {
  const correct = (frame: SessionFrame): Verdict => ({ _tag: 'Correct', frame, existing })

  if (existing === undefined || existing.clientCookie !== ask.clientCookie)
    return correct({ _tag: 'SESSION_RESET', full: true })
  // We were the client and never saw SERVER_IDENT; the peer did send it, and resumes.
  if (existing.serverCookie === 0n) return correct({ _tag: 'SESSION_RESET', full: false })
  if (existing.peerGlobalSeq > ask.globalSeq)
    return correct({ _tag: 'SESSION_RETRY_GLOBAL', globalSeq: existing.peerGlobalSeq })
  if (existing.connectSeq > ask.connectSeq)
    return correct({ _tag: 'SESSION_RETRY', connectSeq: existing.connectSeq })
  if (existing.connectSeq === ask.connectSeq && ourSocketWins(existing.peerAddrs, own))
    return correct({ _tag: 'WAIT' })
  return {
    _tag: 'Accept',
    frame: { _tag: 'SESSION_RECONNECT_OK', messageSeq: existing.inSeq },
    session: {
      ...standing(acknowledged(existing, ask.messageSeq)),
      connectSeq: ask.connectSeq,
      peerGlobalSeq: ask.globalSeq,
    },
    remoteReset: false,
  }
}

/** The key of a peer in a table of sessions: its addresses, in their order. */
export const peerKey = (addrs: EntityAddrvec): string =>
  addrs.map(({ type, nonce, sockaddr }) => `${type}/${nonce}/${sockaddr.toString('hex')}`).join(',')

// Of two sockets opened at once, the one from the lower msgr2 address wins. A peer without such an address could
// not have been dialled, so there is no socket of ours.
const ourSocketWins = (peerAddrs: EntityAddrvec, own: Own): boolean => {
  const theirs = msgr2Addr(peerAddrs)
  const ours = msgr2Addr(own.addrs)
  return theirs !== undefined && ours !== undefined && compareAddr(theirs, ours) > 0
}

const serverIdent = (own: Own, fresh: Fresh): ServerIdent => ({
  _tag: 'SERVER_IDENT',
  addrs: own.addrs,
  gid: own.num,
  globalSeq: fresh.globalSeq,
  supported: own.featuresSupported,
  required: own.featuresRequired,
  flags: 0n,
  cookie: fresh.cookie,
})
