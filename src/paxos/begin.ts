/** The second phase: a value is offered, and everybody in the quorum puts it on disk. */
import * as E from 'fp-ts/lib/Either.js'
import { invariant } from '../base/assert.ts'
import { version } from '../base/brand.ts'
import { describeDecodeError } from '../codec/error.ts'
import { putU64, type Op } from '../store/transaction.ts'
import { commitIfEveryone } from './commit.ts'
import type { PaxosEvent } from './event.ts'
import { nextMode } from './machine.ts'
import { PAXOS_OP } from './message.ts'
import { callBootstrap, send, sendToPeers } from './send.ts'
import { PAXOS_PREFIX, type Accepted, type PaxosContext, type PaxosState, type Stored } from './state.ts'
import type { PaxosStep } from './effect.ts'
import { startTimer } from './timer.ts'
import { putValue, transactionIn, withFirstCommitted } from './value.ts'

// What makes a value accepted: the value itself, and for which version under which number.
const acceptOps = (stored: Stored, { value, pn }: Accepted): readonly Op[] => {
  const next = version(stored.lastCommitted + 1n)
  return [
    putValue(next, value),
    putU64(PAXOS_PREFIX, 'pending_v', next),
    putU64(PAXOS_PREFIX, 'pending_pn', pn),
  ]
}

/**
 * Offers `value` as the next version; `state.mode` is already the updating one.
 *
 * BEGIN leaves before the leader's own write: both disks work at the same time, and the leader counts itself among
 * those who accepted only when its write is done (`BeginWritten`).
 *
 * Source: ceph src/mon/Paxos.cc Paxos::begin; spec Begin.
 */
export const begin = (
  state: PaxosState,
  value: Buffer,
  now: number,
  { options }: PaxosContext,
): PaxosStep => {
  const { stored, term } = state
  invariant(2 * term.quorum.length > term.monCount, `quorum ${term.quorum.join()} of ${term.monCount}`)
  invariant(state.proposing === undefined, 'a value is being proposed already')
  const { lastCommitted, acceptedPn: pn } = stored
  const accepted: Accepted = { value, pn }
  const next: PaxosState = {
    ...state,
    stored: { ...stored, accepted },
    proposing: { value, acceptedBy: [] },
    leaseAckedBy: [],
  }
  const values = new Map([[version(lastCommitted + 1n), value]])
  return [
    next,
    [
      ...sendToPeers(next, PAXOS_OP.BEGIN, now, { lastCommitted, pn, values }),
      {
        _tag: 'Store',
        ops: acceptOps(stored, accepted),
        durable: true,
        then: { _tag: 'BeginWritten', epoch: term.epoch, version: version(lastCommitted + 1n) },
      },
      ...(term.quorum.length > 1 ? [startTimer('accept', options)] : []),
    ],
  ]
}

/**
 * A new value, given by the monitor.
 *
 * The first of all also sets `paxos/first_committed`. A value proposed again after an election has that already;
 * Differs: Ceph prepends it once more, so that version 1 could have different bytes on different monitors.
 *
 * Pre:    `isProposable`.
 * Source: ceph src/mon/Paxos.cc Paxos::propose_pending; spec Propose.
 */
export const propose = (
  state: PaxosState,
  { value, now }: Extract<PaxosEvent, { _tag: 'Propose' }>,
  context: PaxosContext,
): PaxosStep => {
  const first = state.stored.lastCommitted === 0n
  return begin(
    { ...state, mode: nextMode(state.mode, 'Propose') },
    first ? withFirstCommitted(value) : value,
    now,
    context,
  )
}

/** The leader's own write is done: it has accepted too. Source: spec BeginWritten. */
export const beginWritten = (
  state: PaxosState,
  event: Extract<PaxosEvent, { _tag: 'BeginWritten' }>,
): PaxosStep => {
  const ours = event.epoch === state.term.epoch && event.version === version(state.stored.lastCommitted + 1n)
  return ours ? commitIfEveryone(state, 'BeginWritten', state.term.rank) : [state, []]
}

/**
 * The leader offers a value. A peon that has promised a higher number in the meantime ignores it.
 *
 * Post:   the value is on disk before ACCEPT leaves; the lease is cancelled, so nothing older than this value is read
 *         here once it may be committed.
 * Errors: a value that is no transaction, a number above the promise or another version than the next one cannot
 *         come from a sound leader: bootstrap.
 * Source: ceph src/mon/Paxos.cc Paxos::handle_begin (which asserts the last two); spec HandleBegin.
 */
export const handleBegin = (
  state: PaxosState,
  { from, message, now }: Extract<PaxosEvent, { _tag: 'HandleBegin' }>,
): PaxosStep => {
  const { stored } = state
  const { acceptedPn: pn, lastCommitted } = stored
  const stay: PaxosState = { ...state, mode: nextMode(state.mode, 'HandleBegin') }
  if (message.pn < pn) return [stay, []]
  const value = message.values.get(version(lastCommitted + 1n))
  if (message.pn !== pn || message.lastCommitted !== lastCommitted || value === undefined)
    return [
      stay,
      [callBootstrap(`BEGIN of mon.${from} is not for ${pn.toString()} ${lastCommitted.toString()}`)],
    ]
  const transaction = transactionIn(value)
  if (E.isLeft(transaction))
    return [stay, [callBootstrap(`BEGIN of mon.${from}: ${describeDecodeError(transaction.left)}`)]]
  const accepted: Accepted = { value, pn }
  return [
    {
      ...state,
      mode: nextMode(state.mode, 'HandleBegin', 'accepted'),
      stored: { ...stored, accepted },
      leaseExpireMs: 0,
    },
    [
      { _tag: 'Store', ops: acceptOps(stored, accepted), durable: true, then: undefined },
      send(state, from, PAXOS_OP.ACCEPT, now, { lastCommitted, pn }),
    ],
  ]
}
