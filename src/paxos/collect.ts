/** The first phase, up to the peon's promise: the leader asks everybody what may have been committed. */
import { version, type ProposalNumber, type Version } from '../base/brand.ts'
import { putU64 } from '../store/transaction.ts'
import type { PaxosEffect, PaxosStep } from './effect.ts'
import type { PaxosEvent } from './event.ts'
import { nextMode } from './machine.ts'
import { NO_PN, PAXOS_OP } from './message.ts'
import { highestPn, newProposalNumber } from './proposal-number.ts'
import { callBootstrap, send, sendToPeers } from './send.ts'
import { shareState } from './share.ts'
import { PAXOS_PREFIX, type PaxosContext, type PaxosState } from './state.ts'
import { startTimer } from './timer.ts'

/**
 * Starts recovery with a new number above `hint`.
 *
 * The number is on disk before COLLECT leaves, as made (`last_pn`) and as promised (`accepted_pn`).
 *
 * Differs: Ceph writes only `last_pn` here. That is safe while a leader writes a value before it sends it; ours sends
 *          first, so the promise itself must survive a crash (spec mutant PromiseNotStored).
 * Source: ceph src/mon/Paxos.cc Paxos::collect; spec Collect.
 */
export const collect = (
  state: PaxosState,
  now: number,
  hint: ProposalNumber,
  { options }: PaxosContext,
): PaxosStep => {
  const { stored, term } = state
  const pn = newProposalNumber(highestPn(stored.lastPn, stored.acceptedPn, hint), term.rank)
  const next: PaxosState = {
    ...state,
    stored: { ...stored, lastPn: pn, acceptedPn: pn },
    acceptedPnFrom: stored.lastCommitted,
    collecting: {
      lasts: [],
      peers: [],
      uncommitted: stored.accepted && {
        ...stored.accepted,
        version: version(stored.lastCommitted + 1n),
      },
    },
  }
  const { firstCommitted, lastCommitted } = stored
  return [
    next,
    [
      {
        _tag: 'Store',
        ops: [putU64(PAXOS_PREFIX, 'last_pn', pn), putU64(PAXOS_PREFIX, 'accepted_pn', pn)],
        durable: true,
        then: undefined,
      },
      ...sendToPeers(next, PAXOS_OP.COLLECT, now, { firstCommitted, lastCommitted, pn }),
      startTimer('collect', options),
    ],
  ]
}

// Committed values that the leader lacks, and the accepted one if the leader has all before it.
const valuesFor = (
  state: PaxosState,
  leaderLastCommitted: Version,
  { log }: PaxosContext,
): { readonly values: ReadonlyMap<Version, Buffer>; readonly uncommittedPn: ProposalNumber } => {
  const { stored } = state
  const values = new Map(shareState(stored, log, leaderLastCommitted))
  if (stored.accepted === undefined || leaderLastCommitted > stored.lastCommitted)
    return { values, uncommittedPn: NO_PN }
  values.set(version(stored.lastCommitted + 1n), stored.accepted.value)
  return { values, uncommittedPn: stored.accepted.pn }
}

/**
 * A leader asks. The peon promises to heed no smaller number, and tells what it has.
 *
 * The uncommitted value travels with the number under which it was accepted, not the one just promised.
 *
 * Post:   the promise is on disk before LAST leaves.
 * Source: ceph src/mon/Paxos.cc Paxos::handle_collect; spec HandleCollect.
 */
export const handleCollect = (
  state: PaxosState,
  { from, message, now }: Extract<PaxosEvent, { _tag: 'HandleCollect' }>,
  context: PaxosContext,
): PaxosStep => {
  const { stored } = state
  const mode = nextMode(state.mode, 'HandleCollect')
  const heard = startTimer('lease', context.options)
  if (message.firstCommitted > stored.lastCommitted + 1n)
    return [
      { ...state, mode },
      [heard, callBootstrap(`mon.${from} has trimmed past ${stored.lastCommitted.toString()}`)],
    ]
  const promises = message.pn > stored.acceptedPn
  const acceptedPn = promises ? message.pn : stored.acceptedPn
  const acceptedPnFrom = promises ? message.pnFrom : state.acceptedPnFrom
  const promise: readonly PaxosEffect[] = promises
    ? [
        {
          _tag: 'Store',
          ops: [putU64(PAXOS_PREFIX, 'accepted_pn', acceptedPn)],
          durable: true,
          then: undefined,
        },
      ]
    : []
  const { firstCommitted, lastCommitted } = stored
  return [
    { ...state, mode, stored: { ...stored, acceptedPn }, acceptedPnFrom },
    [
      heard,
      ...promise,
      send(state, from, PAXOS_OP.LAST, now, {
        firstCommitted,
        lastCommitted,
        pn: acceptedPn,
        pnFrom: acceptedPnFrom,
        ...valuesFor(state, message.lastCommitted, context),
      }),
    ],
  ]
}
