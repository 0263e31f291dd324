/**
 * Arithmetic of election epochs: odd while an election runs, even while its quorum stands.
 */
import { epoch, type Epoch } from '../base/brand.ts'

/** Whether an election runs in this epoch. */
export const isElecting = (of: Epoch): boolean => of % 2 === 1

/**
 * The epoch with which a process begins after reading `persisted`.
 *
 * Shape:  0 → 1; an odd epoch, an election cut short by the restart, → the even one after it; even → itself.
 * Source: ceph src/mon/ElectionLogic.cc ElectionLogic::init; spec/MonElection.tla InitialEpoch.
 */
export const initialEpoch = (persisted: Epoch): Epoch =>
  persisted === 0 ? epoch(1) : isElecting(persisted) ? epoch(persisted + 1) : persisted

/**
 * The epoch in which a candidate stands that has seen `seen`.
 *
 * Shape:  odd and greater than `seen`; 0 → 1. From an odd epoch it is the next odd one, so that nobody stands twice
 *         in one epoch.
 * Source: ceph src/mon/ElectionLogic.cc ElectionLogic::start; spec/MonElection.tla CandidateEpoch.
 */
export const candidateEpoch = (seen: Epoch): Epoch => {
  const initial = initialEpoch(seen)
  return isElecting(initial) ? initial : epoch(initial + 1)
}
