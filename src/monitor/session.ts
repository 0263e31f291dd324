/**
 * Sessions: who is connected, with which rights, and until when.
 *
 * Over msgr v2 a session exists from the moment a connection has authenticated. Limits: SESSIONS_MAX sessions;
 * one that says nothing for mon_session_timeout is closed.
 */
import type { AuthIdentity } from '../auth/contract.ts'
import { ALLOW_ALL } from '../auth/mon-cap.ts'
import { known } from '../base/assert.ts'
import { withEntry, withoutEntry } from '../base/ordered.ts'
import { ENTITY_TYPE } from '../codec/type/entity-name.ts'
import type { Peer } from '../net/contract.ts'
import type { SessionState } from './state.ts'
import type { Turn } from './turn.ts'

/** More than this many sessions and a new one is turned away. */
export const SESSIONS_MAX = 20_000

// A fellow monitor has proved that it has the monitors' shared key: it may do everything.
const MON_IDENTITY: AuthIdentity = {
  entityName: { type: ENTITY_TYPE.mon, id: '' },
  globalId: 0n,
  globalIdStatus: 'NONE',
  caps: ALLOW_ALL,
}

/** A connection stands: register its session. */
export const openSession = (turn: Turn, connection: number, peer: Peer): void => {
  const { state } = turn
  if (peer.type === ENTITY_TYPE.mon) {
    turn.update({
      monConnections: withEntry(state.monConnections, connection, {
        addrs: peer.addrs,
        features: peer.features,
        resets: state.monConnections.get(connection)?.resets ?? 0,
      }),
    })
  }
  if (state.sessions.size >= SESSIONS_MAX) {
    turn.emit({ _tag: 'CloseConnection', connection, reason: `more than ${SESSIONS_MAX} sessions` })
    return
  }
  const session: SessionState = {
    id: connection,
    peerType: peer.type,
    num: peer.num,
    identity:
      peer.type === ENTITY_TYPE.mon
        ? MON_IDENTITY
        : known(peer.identity, `identity of connection ${connection}`),
    addrs: peer.addrs,
    socketAddr: peer.socketAddr,
    features: peer.features,
    isRouted: false,
    subscriptions: new Map(),
    timeoutMs: turn.now + state.config.options.ms('mon_session_timeout'),
    openedMs: turn.now,
    hostname: '',
    osdmapSent: 0,
  }
  turn.update({ sessions: withEntry(turn.state.sessions, connection, session) })
}

/** A fellow monitor has forgotten the session and begins a new one on the same connection. */
export const resetSession = (turn: Turn, connection: number): void => {
  const { monConnections } = turn.state
  const peer = monConnections.get(connection)
  if (peer === undefined) return
  turn.update({ monConnections: withEntry(monConnections, connection, { ...peer, resets: peer.resets + 1 }) })
}

export const closeSession = (turn: Turn, connection: number): void => {
  const { state } = turn
  turn.update({
    sessions: withoutEntry(state.sessions, connection),
    monConnections: withoutEntry(state.monConnections, connection),
    waiters: state.waiters.some((w) => w.request.session.id === connection)
      ? state.waiters.filter((w) => w.request.session.id !== connection)
      : state.waiters,
  })
}

/** Any sign of life moves the session's end. */
export const touchSession = (turn: Turn, connection: number): void => {
  const session = turn.state.sessions.get(connection)
  if (session === undefined) return
  const timeoutMs = turn.now + turn.state.config.options.ms('mon_session_timeout')
  // Once a second is exact enough, and saves copying the table for each message.
  if (timeoutMs - session.timeoutMs < 1000) return
  turn.update({ sessions: withEntry(turn.state.sessions, connection, { ...session, timeoutMs }) })
}

/** Closes what has been silent too long; monitors are kept. Source: ceph src/mon/Monitor.cc Monitor::tick. */
export const expireSessions = (turn: Turn): void => {
  for (const [connection, session] of turn.state.sessions) {
    if (session.peerType === ENTITY_TYPE.mon || session.timeoutMs > turn.now) continue
    turn.emit({ _tag: 'CloseConnection', connection, reason: 'session timeout' })
    closeSession(turn, connection)
  }
}
