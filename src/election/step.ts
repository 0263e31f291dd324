/**
 * The one entry point of the election: `(state, event) → [state', effects]`.
 *
 * Classic strategy only: the lowest rank that can reach a majority leads. The modes are the statechart in
 * machine.ts, what happens on the way is in the handlers beside it. Nothing here knows a clock, a store or a socket.
 */
import type { ElectionEffect } from './effect.ts'
import type { ElectionEvent } from './event.ts'
import type { ElectionState } from './state.ts'
import { DOWN_ELECTION, nextElection } from './machine.ts'

/** A process that is not running: the state before `Restart`. */
export const downElection: ElectionState = DOWN_ELECTION

/**
 * One event, run to rest.
 *
 * Shape:  (state, event) → [state', effects]; deterministic; an event that the mode does not expect changes nothing.
 * Errors: none for messages, whatever they hold. Asserts on events that contradict the monitor's own doing.
 * Source: ceph src/mon/ElectionLogic.cc, Elector.cc; spec/MonElection.tla.
 */
export const electionStep = (
  state: ElectionState,
  event: ElectionEvent,
): readonly [ElectionState, readonly ElectionEffect[]] => nextElection(state, event)
