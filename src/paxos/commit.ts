/** The end of the second phase: everybody has the value, so it is committed, and everybody is told. */
import * as E from 'fp-ts/lib/Either.js'
import { invariant } from '../base/assert.ts'
import { version, type Rank } from '../base/brand.ts'
import type { PaxosEffect, PaxosStep } from './effect.ts'
import type { PaxosEvent } from './event.ts'
import { extendLease } from './lease.ts'
import { nextMode } from './machine.ts'
import { PAXOS_OP } from './message.ts'
import { callBootstrap, sendToPeers, withRank } from './send.ts'
import { storeState } from './share.ts'
import type { PaxosContext, PaxosState, Proposing } from './state.ts'
import { sameRanks } from './timer.ts'
import { acceptedTransaction, firstCommittedAfter, putLastCommitted } from './value.ts'

const proposingOf = (state: PaxosState): Proposing => {
  invariant(state.proposing !== undefined, `paxos ${state.mode} proposes nothing`)
  return state.proposing
}

/**
 * Counts `rank` among those who accepted, and commits when the whole quorum has.
 *
 * A majority is not enough: a member that has not accepted may still answer reads under its lease.
 *
 * Source: ceph src/mon/Paxos.cc Paxos::handle_accept, Paxos::commit_start; spec Accepted, mutant P5.
 */
export const commitIfEveryone = (
  state: PaxosState,
  tag: 'BeginWritten' | 'HandleAccept',
  rank: Rank,
): PaxosStep => {
  const proposing = proposingOf(state)
  const acceptedBy = withRank(proposing.acceptedBy, rank)
  const everyone = sameRanks(acceptedBy, state.term.quorum)
  const next: PaxosState = {
    ...state,
    mode: nextMode(state.mode, tag, everyone ? 'everyone' : 'unchanged'),
    proposing: { ...proposing, acceptedBy },
  }
  if (!everyone) return [next, []]
  const committed = version(state.stored.lastCommitted + 1n)
  return [
    next,
    [
      {
        _tag: 'Store',
        ops: [putLastCommitted(committed), ...acceptedTransaction(proposing.value).ops],
        durable: false,
        then: { _tag: 'CommitWritten', epoch: state.term.epoch, version: committed },
      },
    ],
  ]
}

/**
 * A peon has the value on its disk.
 *
 * Source: ceph src/mon/Paxos.cc Paxos::handle_accept; spec HandleAccept.
 */
export const handleAccept = (
  state: PaxosState,
  { from, message }: Extract<PaxosEvent, { _tag: 'HandleAccept' }>,
): PaxosStep => {
  const { acceptedPn, lastCommitted } = state.stored
  const ours = message.pn === acceptedPn && message.lastCommitted === lastCommitted
  return ours ? commitIfEveryone(state, 'HandleAccept', from) : [state, []]
}

/**
 * The committed version becomes the last one, and the peons are told.
 *
 * Shape:  the mode is left to the caller.
 * Source: ceph src/mon/Paxos.cc Paxos::commit_finish.
 */
export const exposeCommit = (state: PaxosState, now: number): PaxosStep => {
  const { stored } = state
  const { value } = proposingOf(state)
  const lastCommitted = version(stored.lastCommitted + 1n)
  const next: PaxosState = {
    ...state,
    stored: {
      ...stored,
      lastCommitted,
      firstCommitted: firstCommittedAfter(acceptedTransaction(value).ops, stored.firstCommitted),
      accepted: undefined,
    },
    proposing: undefined,
    leaseExpireMs: 0,
  }
  const values = new Map([[lastCommitted, value]])
  return [next, sendToPeers(next, PAXOS_OP.COMMIT, now, { lastCommitted, pn: stored.acceptedPn, values })]
}

/** The leader's commit is in the store: services re-read it. Source: Paxos::commit_finish; spec CommitWritten. */
export const commitWritten = (
  state: PaxosState,
  event: Extract<PaxosEvent, { _tag: 'CommitWritten' }>,
): PaxosStep => {
  const { epoch } = state.term
  if (event.epoch !== epoch || event.version !== version(state.stored.lastCommitted + 1n)) return [state, []]
  const [next, commits] = exposeCommit(state, event.now)
  return [
    { ...next, mode: nextMode(state.mode, 'CommitWritten') },
    [...commits, { _tag: 'Refresh', then: { _tag: 'RefreshDone', epoch, version: event.version } }],
  ]
}

/**
 * Services have re-read the store: clients are answered, the lease is extended, and the leader is active.
 *
 * The answers come first, so whoever reads again afterwards sees what was committed.
 *
 * Source: ceph src/mon/Paxos.cc Paxos::commit_proposal, Paxos::finish_round; spec RefreshDone.
 */
export const refreshDone = (
  state: PaxosState,
  event: Extract<PaxosEvent, { _tag: 'RefreshDone' }>,
  { options }: PaxosContext,
): PaxosStep => {
  const { lastCommitted } = state.stored
  if (event.epoch !== state.term.epoch || event.version !== lastCommitted) return [state, []]
  const active: PaxosState = { ...state, mode: nextMode(state.mode, 'RefreshDone') }
  const [next, lease] = state.term.quorum.length > 1 ? extendLease(active, event.now, options) : [active, []]
  return [
    next,
    [
      { _tag: 'ProposalCommitted', version: lastCommitted },
      ...lease,
      { _tag: 'Active' },
      { _tag: 'Readable' },
      { _tag: 'Writeable' },
    ],
  ]
}

/**
 * The leader says what is committed: the value just accepted, or everything this peon has missed.
 *
 * Source: ceph src/mon/Paxos.cc Paxos::handle_commit; spec HandleCommit.
 */
export const handleCommit = (
  state: PaxosState,
  { from, message }: Extract<PaxosEvent, { _tag: 'HandleCommit' }>,
  { log }: PaxosContext,
): PaxosStep => {
  const mode = nextMode(state.mode, 'HandleCommit')
  const learned = storeState(state, from, message, log)
  if (E.isLeft(learned)) return [{ ...state, mode }, [callBootstrap(learned.left)]]
  const { state: next, effects } = learned.right
  const refresh: readonly PaxosEffect[] = effects.length > 0 ? [{ _tag: 'Refresh', then: undefined }] : []
  return [{ ...next, mode }, [...effects, ...refresh]]
}
