/**
 * A peon's requests go to the leader, and the answers come back.
 *
 * The peon keeps every request that it forwarded until its answer is routed back, and sends all of them again after
 * an election; the leader drops what it was sent before one. So a request is handled at least once, whoever dies.
 *
 * Limits: ROUTED_MAX requests under way; one more ends its client's session.
 * Source: ceph src/mon/Monitor.cc forward_request_leader, handle_forward, handle_route, resend_routed_requests.
 */
import * as E from 'fp-ts/lib/Either.js'
import { parseMonCap } from '../auth/mon-cap-grammar.ts'
import { withEntry, withoutEntry } from '../base/ordered.ts'
import { describeDecodeError } from '../codec/error.ts'
import { ENTITY_TYPE, printEntityName } from '../codec/type/entity-name.ts'
import { FEATURES_ALL } from '../map/feature.ts'
import type { MForward } from '../message/forward.ts'
import { decodeMessage, encodeMessage } from '../message/message.ts'
import type { MRoute } from '../message/route.ts'
import type { Request, Session } from '../service/contract.ts'
import { sendOsdmaps } from './osdmap-push.ts'
import { sendToRank } from './peer.ts'
import { makeRoom } from './request-bytes.ts'
import type { Turn } from './turn.ts'

export const ROUTED_MAX = 50_000

/** Sends a request to the leader; a request that was forwarded to us, or comes from a fellow monitor, goes no further. */
export const forwardToLeader = (turn: Turn, request: Request): void => {
  const { state } = turn
  const { session } = request
  if (session.isRouted || (session.peerType === ENTITY_TYPE.mon && session.id >= 0)) return
  if (state.routed.size >= ROUTED_MAX) {
    turn.emit({ _tag: 'CloseConnection', connection: session.id, reason: 'too many requests under way' })
    return
  }
  if (!makeRoom(turn, request)) return
  const tid = state.nextRoutedTid
  turn.update({ nextRoutedTid: tid + 1n, routed: withEntry(state.routed, tid, { tid, request }) })
  turn.log(10, `forward_request ${tid} to mon.${state.quorum.leader}`)
  sendToRank(turn, state.quorum.leader, forwardOf(tid, request))
}

const forwardOf = (tid: bigint, request: Request): MForward => {
  const { session } = request
  return {
    _tag: 'MForward',
    tid,
    clientType: session.peerType,
    clientAddrs: session.addrs,
    clientSocketAddr: session.socketAddr,
    clientCaps: session.identity.caps.text,
    embedded: {
      src: { type: session.peerType, num: session.num },
      message: request.raw ?? encodeMessage(request.message, { tid: request.tid }),
    },
    conFeatures: session.features,
    entityName: session.identity.entityName,
  }
}

/** After an election: to the new leader, or to ourselves when that is us. */
export const resendRouted = (turn: Turn): void => {
  const { state } = turn
  if (state.phase === 'leader') {
    turn.update({ routed: new Map() })
    for (const { request } of state.routed.values()) turn.defer({ _tag: 'Dispatch', request })
    return
  }
  for (const { tid, request } of state.routed.values())
    sendToRank(turn, state.quorum.leader, forwardOf(tid, request))
}

/** On the leader: the request in an MForward, with the session of the client behind it. */
export const handleForward = (turn: Turn, connection: number, m: MForward): Request | undefined => {
  const decoded = decodeMessage(m.embedded.message)
  if (E.isLeft(decoded)) {
    turn.log(0, `forwarded message of type ${m.embedded.message.type}: ${describeDecodeError(decoded.left)}`)
    return undefined
  }
  const caps = parseMonCap(m.clientCaps)
  if (E.isLeft(caps)) {
    turn.log(0, `forwarded message of type ${m.embedded.message.type}: caps '${m.clientCaps}' do not parse`)
    return undefined
  }
  turn.log(10, `handle_forward ${m.tid} for ${printEntityName(m.entityName)}`)
  const id = turn.state.nextRoutedSession
  const session: Session = {
    id,
    peerType: m.clientType,
    num: m.embedded.src.num,
    identity: { entityName: m.entityName, globalId: 0n, globalIdStatus: 'NONE', caps: caps.right },
    addrs: m.clientAddrs,
    socketAddr: m.clientSocketAddr,
    features: m.conFeatures === 0n ? FEATURES_ALL : m.conFeatures,
    isRouted: true,
  }
  turn.update({
    nextRoutedSession: id - 1,
    routeBack: withEntry(turn.state.routeBack, id, { connection, tid: m.tid }),
  })
  return {
    session,
    message: decoded.right,
    tid: m.embedded.message.tid,
    command: undefined,
    raw: m.embedded.message,
  }
}

/** On the peon: the leader's answer, passed on to the client. */
export const handleRoute = (turn: Turn, m: MRoute): void => {
  const routed = turn.state.routed.get(m.tid)
  if (routed === undefined) return
  turn.log(10, `handle_route ${m.tid}`)
  turn.update({ routed: withoutEntry(turn.state.routed, m.tid) })
  const { session } = routed.request
  if (m.embedded !== undefined) {
    const message = decodeMessage(m.embedded.message)
    if (E.isRight(message)) turn.send(session.id, message.right, m.embedded.message.tid)
    else
      turn.log(0, `routed message of type ${m.embedded.message.type}: ${describeDecodeError(message.left)}`)
  }
  if (m.sendOsdmapFirst !== 0) sendOsdmaps(turn, session.id, m.sendOsdmapFirst)
}

/** A client is gone: what it asked for needs no answer. */
export const forgetRouted = (turn: Turn, connection: number): void => {
  const { routed } = turn.state
  const left = [...routed].filter(([, r]) => r.request.session.id !== connection)
  if (left.length < routed.size) turn.update({ routed: new Map(left) })
}
