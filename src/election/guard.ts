/**
 * The questions that the statechart asks. Each is a pure predicate of the context and the event.
 *
 * Source: ceph src/mon/ElectionLogic.cc propose_classic_prefix, propose_classic_handler, receive_ack,
 *         end_election_period, victory_makes_sense, receive_victory_claim; src/mon/Elector.cc Elector::dispatch.
 */
import type { ReceiveAck, ReceivePropose, ReceiveVictory } from './event.ts'
import type { ElectionContext } from './state.ts'

/** The proposal's epoch is over. */
export const proposeIsOld = ({ epoch }: ElectionContext, propose: ReceivePropose): boolean =>
  propose.epoch < epoch

/** The proposal opens an epoch that this monitor has not seen. */
export const proposeIsNew = ({ epoch }: ElectionContext, propose: ReceivePropose): boolean =>
  propose.epoch > epoch

/** The sender is a monitor of the map that the standing quorum lacks: it has just started and wants to join. */
export const senderIsOutside = ({ quorum }: ElectionContext, { from }: ReceivePropose): boolean =>
  !quorum.includes(from)

/** The sender is a better leader than this monitor, and than the one it voted for, or is that one again. */
export const senderWins = ({ rank, leaderAcked }: ElectionContext, { from }: ReceivePropose): boolean =>
  from < rank && (leaderAcked === null || from <= leaderAcked)

/**
 * The sender stands too, with less claim to it, and has not voted for this candidate, whose own proposals have left.
 *
 * Differs: Ceph's candidate ignores it. A monitor that was still probing when the candidate proposed has ignored that,
 *          and then both wait for a timer, mon_election_timeout; see Remind in spec/MonElection.tla.
 */
export const senderNeedsReminder = (context: ElectionContext, propose: ReceivePropose): boolean =>
  !proposeIsNew(context, propose) &&
  (proposeIsOld(context, propose) || !senderWins(context, propose)) &&
  !context.ackedMe.has(propose.from) &&
  context.persistedEpoch === context.epoch

/** The vote is for the candidacy that runs. */
export const ackIsCurrent = ({ epoch, rank, size }: ElectionContext, ack: ReceiveAck): boolean =>
  ack.epoch === epoch && ack.from !== rank && ack.from < size

/** With this vote every monitor of the map has voted for this one. */
export const ackIsLast = (context: ElectionContext, ack: ReceiveAck): boolean =>
  ackIsCurrent(context, ack) &&
  context.ackedMe.size + (context.ackedMe.has(ack.from) ? 0 : 1) === context.size

/** More than half of the map has voted for this monitor. */
export const hasMajority = ({ ackedMe, size }: ElectionContext): boolean =>
  ackedMe.size > Math.floor(size / 2)

/**
 * A victory that this monitor can take note of at all.
 *
 * Differs: Ceph ends the process when the winner's rank is not lower than its own, by an assertion. The sender is
 *          a stranger's program, so the message is dropped.
 */
const victoryCounts = ({ rank, epoch }: ElectionContext, victory: ReceiveVictory): boolean =>
  victory.from < rank && victory.epoch >= epoch

/** The victory ends the election that this monitor takes part in. */
export const victoryEndsElection = (context: ElectionContext, victory: ReceiveVictory): boolean =>
  victoryCounts(context, victory) && victory.epoch === context.epoch + 1

/** The victory is of an election that this monitor has missed. */
export const victoryIsStrange = (context: ElectionContext, victory: ReceiveVictory): boolean =>
  victoryCounts(context, victory) && victory.epoch !== context.epoch + 1
