/** Beginning and end of a term: what elections do to Paxos. */
import { invariant } from '../base/assert.ts'
import { version } from '../base/brand.ts'
import { begin } from './begin.ts'
import { collect } from './collect.ts'
import { exposeCommit } from './commit.ts'
import type { PaxosEffect, PaxosStep } from './effect.ts'
import type { PaxosEvent, Term } from './event.ts'
import { nextMode } from './machine.ts'
import { NO_PN } from './message.ts'
import { NO_TERM, type PaxosContext, type PaxosState } from './state.ts'
import { startTimer } from './timer.ts'

const checkedTerm = (term: Term): Term => {
  const { quorum, monCount, rank, leader } = term
  invariant(2 * quorum.length > monCount, `quorum ${quorum.join()} is no majority of ${monCount}`)
  invariant(
    quorum.includes(rank) && quorum.includes(leader),
    `mon.${rank} or its leader is not in the quorum`,
  )
  invariant(
    quorum.every((member, i) => i === 0 || member > (quorum[i - 1] ?? member)),
    `quorum ${quorum.join()} is not ascending`,
  )
  return term
}

/**
 * This monitor leads. Alone it is active at once, unless a value was left that it had accepted; otherwise recovery
 * starts.
 *
 * Differs: Ceph, alone, forgets an accepted value, which it may: its commits are synced. Ours are not, so the accepted
 *          value is all that a crash may leave of a version that clients were told is committed.
 * Source: ceph src/mon/Paxos.cc Paxos::leader_init; spec LeaderInit.
 */
export const leaderInit = (
  state: PaxosState,
  { term, now }: Extract<PaxosEvent, { _tag: 'LeaderInit' }>,
  context: PaxosContext,
): PaxosStep => {
  invariant(term.rank === term.leader, `mon.${term.rank} is not the leader ${term.leader}`)
  const begun: PaxosState = { ...state, term: checkedTerm(term) }
  if (term.quorum.length > 1)
    return collect({ ...begun, mode: nextMode(state.mode, 'LeaderInit') }, now, NO_PN, context)
  const { accepted } = state.stored
  if (accepted !== undefined) {
    const mode = nextMode(state.mode, 'LeaderInit', 'uncommitted')
    return begin({ ...begun, mode }, accepted.value, now, context)
  }
  return [
    { ...begun, mode: nextMode(state.mode, 'LeaderInit', 'alone') },
    [{ _tag: 'Active' }, { _tag: 'Readable' }, { _tag: 'Writeable' }],
  ]
}

/**
 * This monitor follows. It waits for its leader, but not for ever.
 *
 * Source: ceph src/mon/Paxos.cc Paxos::peon_init; spec PeonInit.
 */
export const peonInit = (
  state: PaxosState,
  { term }: Extract<PaxosEvent, { _tag: 'PeonInit' }>,
  { options }: PaxosContext,
): PaxosStep => {
  invariant(term.rank !== term.leader, `mon.${term.rank} cannot follow itself`)
  return [
    { ...state, mode: nextMode(state.mode, 'PeonInit'), term: checkedTerm(term) },
    [startTimer('lease', options)],
  ]
}

// What becomes of the value at hand. A commit that is in the store counts, whether or not its completion was heard:
// Ceph flushes the store at this point and lets the commit finish. Anything earlier is left to the next quorum.
const settled = (state: PaxosState, now: number): PaxosStep => {
  const next = version(state.stored.lastCommitted + 1n)
  switch (state.mode) {
    case 'leader.writing':
    case 'leader.writing-previous': {
      const [exposed, commits] = exposeCommit(state, now)
      return [
        exposed,
        [...commits, { _tag: 'Refresh', then: undefined }, { _tag: 'ProposalCommitted', version: next }],
      ]
    }
    case 'leader.refresh':
      return [state, [{ _tag: 'ProposalCommitted', version: state.stored.lastCommitted }]]
    case 'leader.updating':
      return [state, [{ _tag: 'ProposalAbandoned', version: next }]]
    case 'electing':
    case 'leader.recovering':
    case 'leader.active':
    case 'leader.updating-previous':
    case 'peon.recovering':
    case 'peon.active':
    case 'peon.updating':
    case 'shutdown':
      return [state, []]
  }
}

const leave = (state: PaxosState, tag: 'Restart' | 'Shutdown', now: number): PaxosStep => {
  const [next, effects]: readonly [PaxosState, readonly PaxosEffect[]] = settled(state, now)
  return [
    {
      ...next,
      mode: nextMode(state.mode, tag),
      term: NO_TERM,
      collecting: undefined,
      proposing: undefined,
      leaseExpireMs: 0,
      leaseAckedBy: [],
    },
    effects,
  ]
}

/**
 * The quorum is left, for a bootstrap or an election.
 *
 * Source: ceph src/mon/Paxos.cc Paxos::restart, src/mon/Monitor.cc wait_for_paxos_write; spec Restart.
 */
export const restart = (state: PaxosState, { now }: Extract<PaxosEvent, { _tag: 'Restart' }>): PaxosStep =>
  leave(state, 'Restart', now)

/** The last event. Source: ceph src/mon/Paxos.cc Paxos::shutdown. */
export const shutdown = (state: PaxosState, { now }: Extract<PaxosEvent, { _tag: 'Shutdown' }>): PaxosStep =>
  leave(state, 'Shutdown', now)
