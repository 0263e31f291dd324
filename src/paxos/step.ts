/** Paxos's one entry point. */
import type { PaxosEffect } from './effect.ts'
import type { PaxosEvent } from './event.ts'
import type { PaxosContext, PaxosState } from './state.ts'

export type PaxosStep = readonly [PaxosState, readonly PaxosEffect[]]

/** One event: the next state and what to do about it, in order. */
export const stepPaxos = (state: PaxosState, _event: PaxosEvent, _context: PaxosContext): PaxosStep => [
  state,
  [],
]
