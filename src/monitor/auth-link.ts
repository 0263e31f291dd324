/**
 * Handshakes of peers: the messenger asks, the committed keys answer.
 *
 * Limits: AUTH_ATTEMPTS_MAX handshakes that have a challenge out.
 * Source: ceph src/mon/Monitor.cc Monitor::handle_auth_request.
 */
import {
  type AuthEvent,
  type AuthServer,
  type AuthStep,
  continueAuth,
  startAuth,
} from '../auth/auth-server.ts'
import { withEntry, withoutEntry } from '../base/ordered.ts'
import type { EntityAddr } from '../codec/type/entity-addr.ts'
import { authOptions } from '../service/auth/auth-options.ts'
import type { MonitorEvent } from './event.ts'
import { logRefusal } from './refusal-log.ts'
import type { MonitorState } from './state.ts'
import type { Turn } from './turn.ts'

export const AUTH_ATTEMPTS_MAX = 4096

const serverOf = (state: MonitorState): AuthServer => ({
  keys: { data: state.services.auth.keys, keyring: state.config.keyring },
  options: authOptions(state.config.options),
  globalIds: state.globalIds,
  // Ids are given out only in a quorum: its size and our rank keep them apart from the others'.
  monCount: state.quorum.ranks.length > 0 ? state.monmap.ranks.length : 0,
  rank: state.rank,
})

const finish = (
  turn: Turn,
  { attempt, socketAddr }: { readonly attempt: number; readonly socketAddr: EntityAddr },
  step: AuthStep,
): void => {
  const { authAttempts } = turn.state
  if (step.refused !== undefined) logRefusal(turn, step.refused, step.refused.entityName, socketAddr)
  turn.update({
    globalIds: step.globalIds,
    authAttempts:
      step.attempt === undefined
        ? withoutEntry(authAttempts, attempt)
        : withEntry(authAttempts, attempt, step.attempt),
  })
  turn.emit({ _tag: 'AuthReplyReady', attempt, reply: step.reply })
}

export const handleAuthRequest = (
  turn: Turn,
  event: Extract<MonitorEvent, { _tag: 'AuthRequestReceived' }>,
): void => {
  const { state } = turn
  if (state.authAttempts.size >= AUTH_ATTEMPTS_MAX) {
    const reply = { _tag: 'AuthDrop' as const, reason: `more than ${AUTH_ATTEMPTS_MAX} handshakes under way` }
    turn.emit({ _tag: 'AuthReplyReady', attempt: event.attempt, reply })
    return
  }
  finish(turn, event, startAuth(serverOf(state), event, authEvent(turn)))
}

export const handleAuthRequestMore = (
  turn: Turn,
  event: Extract<MonitorEvent, { _tag: 'AuthRequestMoreReceived' }>,
): void => {
  const attempt = turn.state.authAttempts.get(event.attempt)
  if (attempt === undefined) {
    const reply = { _tag: 'AuthDrop' as const, reason: 'AUTH_REQUEST_MORE without a challenge' }
    turn.emit({ _tag: 'AuthReplyReady', attempt: event.attempt, reply })
    return
  }
  finish(turn, event, continueAuth(serverOf(turn.state), attempt, event.payload, authEvent(turn)))
}

const authEvent = (turn: Turn): AuthEvent => ({ now: turn.now, entropy: turn.entropy })
