/**
 * What holds in every state of one monitor. The properties of several monitors together (one value per version, no
 * stale read) are the spec's and the simulator's.
 */
import { invariant } from '../base/assert.ts'
import { sortedRanks } from './send.ts'
import type { PaxosState } from './state.ts'
import { sameRanks } from './timer.ts'

const PROPOSING_MODES: ReadonlySet<string> = new Set([
  'leader.updating',
  'leader.updating-previous',
  'leader.writing',
  'leader.writing-previous',
])

/** Throws when `state` contradicts itself; a step ends with it. Source: spec TypeOK and the monitor's part of S7. */
export const checkPaxosState = (state: PaxosState): void => {
  const { mode, stored, term, collecting, proposing, leaseAckedBy } = state
  const leads = mode.startsWith('leader.')
  invariant(stored.firstCommitted <= stored.lastCommitted, 'first committed version is above the last')
  invariant(
    stored.accepted === undefined || stored.accepted.pn <= stored.acceptedPn,
    'a value is accepted under a number above the promise',
  )
  invariant((mode === 'leader.recovering') === (collecting !== undefined), `${mode} and collecting disagree`)
  invariant(PROPOSING_MODES.has(mode) === (proposing !== undefined), `${mode} and proposing disagree`)
  invariant(!leads || term.rank === term.leader, `mon.${term.rank} acts for the leader ${term.leader}`)
  invariant(
    !leads || term.quorum.length === 1 || stored.lastPn === stored.acceptedPn,
    'a leader acts under a number of somebody else',
  )
  for (const ranks of [leaseAckedBy, proposing?.acceptedBy ?? [], collecting?.lasts ?? []]) {
    invariant(sameRanks(ranks, sortedRanks(ranks)), `ranks ${ranks.join()} are not a sorted set`)
    invariant(
      ranks.every((rank) => term.quorum.includes(rank)),
      `ranks ${ranks.join()} are not in the quorum ${term.quorum.join()}`,
    )
  }
  invariant(leaseAckedBy.length === 0 || mode === 'leader.active', `${mode} waits for lease acknowledgements`)
}
