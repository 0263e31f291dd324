/**
 * Paxos, one value at a time, as Ceph's monitors run it.
 *
 * What is in the store, prefix `paxos`, local to each monitor except for the values' bytes:
 *
 * ```text
 *   first_committed ─┐                    last_committed ─┐      ┌─ pending_v: its version
 *                    ▼                                    ▼      ▼  pending_pn: the number it was accepted under
 *     … trimmed … │ 12 │ 13 │ 14 │ 15 │ 16 │ 17 │ 18 │ 19 │ 20 ┊ 21 ┊
 *                   └── a value: an encoded transaction, ──┘     └─ accepted here, perhaps committed elsewhere
 *                       applied to the services' prefixes
 *   accepted_pn: no smaller number will be heeded           last_pn: the last number made by this monitor
 * ```
 *
 * A round, as the leader and two peons see it ([d] a synced write, [w] a write in order but not synced):
 *
 * ```text
 *   leader  Propose ─ BEGIN ─┬─ [d] BeginWritten ────────┐
 *   peon             ├ [d] ─ ACCEPT ─────────────────────┼─ everybody: [w] CommitWritten ─ COMMIT ─ Refresh ─ LEASE
 *   peon             └ [d] ─ ACCEPT ─────────────────────┘
 * ```
 *
 * The two kinds of write and the duties of whoever runs the effects are explained in effect.ts. Limits: one value is
 * in flight; a message's values are bounded by what the messenger takes as one message.
 *
 * Source: ceph src/mon/Paxos.h, Paxos.cc; spec/MonPaxos.tla.
 */
import { beginWritten, handleBegin, propose } from './begin.ts'
import { handleCollect } from './collect.ts'
import { commitWritten, handleAccept, handleCommit, refreshDone } from './commit.ts'
import type { PaxosStep } from './effect.ts'
import type { PaxosEvent } from './event.ts'
import { checkPaxosState } from './invariant.ts'
import { handleLast } from './last.ts'
import { handleLease, handleLeaseAck, leaseRenewTimeout } from './lease.ts'
import { expects } from './machine.ts'
import { callBootstrap } from './send.ts'
import type { PaxosContext, PaxosState } from './state.ts'
import { leaderInit, peonInit, restart, shutdown } from './term.ts'
import { armedTimers, stoppedTimers } from './timer.ts'

const handle = (state: PaxosState, event: PaxosEvent, context: PaxosContext): PaxosStep => {
  switch (event._tag) {
    case 'LeaderInit':
      return leaderInit(state, event, context)
    case 'PeonInit':
      return peonInit(state, event, context)
    case 'Restart':
      return restart(state, event)
    case 'Shutdown':
      return shutdown(state, event)
    case 'Propose':
      return propose(state, event, context)
    case 'BeginWritten':
      return beginWritten(state, event)
    case 'CommitWritten':
      return commitWritten(state, event)
    case 'RefreshDone':
      return refreshDone(state, event, context)
    case 'HandleCollect':
      return handleCollect(state, event, context)
    case 'HandleLast':
      return handleLast(state, event, context)
    case 'HandleBegin':
      return handleBegin(state, event)
    case 'HandleAccept':
      return handleAccept(state, event)
    case 'HandleCommit':
      return handleCommit(state, event, context)
    case 'HandleLease':
      return handleLease(state, event, context)
    case 'HandleLeaseAck':
      return handleLeaseAck(state, event, context)
    case 'LeaseRenewTimeout':
      return leaseRenewTimeout(state, event, context)
    case 'CollectTimeout':
    case 'AcceptTimeout':
    case 'LeaseAckTimeout':
    case 'LeaseTimeout':
      return [state, [callBootstrap(event._tag)]]
  }
}

// Messages count only within the quorum and the epoch that this monitor is in; a peon listens to its leader.
const isHeard = (state: PaxosState, event: PaxosEvent): boolean => {
  if (!('message' in event)) return true
  const { term, mode } = state
  return (
    event.message.epoch === term.epoch &&
    (mode.startsWith('peon.') ? event.from === term.leader : term.quorum.includes(event.from))
  )
}

const TIMER_OF = {
  CollectTimeout: 'collect',
  AcceptTimeout: 'accept',
  LeaseAckTimeout: 'leaseAck',
  LeaseRenewTimeout: 'leaseRenew',
  LeaseTimeout: 'lease',
} as const

const isArmed = (state: PaxosState, event: PaxosEvent): boolean =>
  !(event._tag in TIMER_OF) || armedTimers(state).includes(TIMER_OF[event._tag as keyof typeof TIMER_OF])

// Election results are orders: one that comes at the wrong time is a mistake of ours, not a stray.
const isOrder = ({ _tag }: PaxosEvent): boolean =>
  _tag === 'LeaderInit' || _tag === 'PeonInit' || _tag === 'Propose'

/**
 * One event: the next state and what to do about it, in order.
 *
 * Shape:  an event that comes too late (another epoch, a timer that was stopped, the completion of an abandoned
 *         write) changes nothing.
 * Errors: asserts when an order comes in a mode that does not expect it, or when the next state contradicts itself.
 * Source: ceph src/mon/Paxos.cc Paxos::dispatch; spec Next.
 */
export const stepPaxos = (state: PaxosState, event: PaxosEvent, context: PaxosContext): PaxosStep => {
  const late = !expects(state.mode, event._tag) && !isOrder(event)
  if (late || !isHeard(state, event) || !isArmed(state, event)) return [state, []]
  const [next, effects] = handle(state, event, context)
  checkPaxosState(next)
  return [next, [...stoppedTimers(state, next), ...effects]]
}
