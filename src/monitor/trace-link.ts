/**
 * What the monitor records when a trace is asked for (`monclave_trace`): a line for each step of the election and
 * of Paxos, emitted before the effects of the step, so that it is written before its messages leave.
 */
import type { ElectionEffect } from '../election/effect.ts'
import type { ElectionEvent } from '../election/event.ts'
import type { ElectionState } from '../election/state.ts'
import { electionDropStep, electionTraceStep } from '../election/trace.ts'
import type { PaxosEffect } from '../paxos/effect.ts'
import type { PaxosEvent } from '../paxos/event.ts'
import type { PaxosState } from '../paxos/state.ts'
import { paxosTraceStep, storeStep, type StoreAction } from '../paxos/trace.ts'
import type { TraceStep } from '../trace/record.ts'
import type { Turn } from './turn.ts'

/** Records a step of the election. */
export const traceElection = (
  turn: Turn,
  event: ElectionEvent,
  before: ElectionState,
  after: ElectionState,
  effects: readonly ElectionEffect[],
): void => {
  if (!turn.state.config.trace) return
  const line = electionTraceStep(event, before, after, effects)
  if (line !== null) record(turn, line)
}

/** Records that an election message was refused before the election saw it. */
export const traceRefusal = (turn: Turn, event: ElectionEvent): void => {
  if (!turn.state.config.trace) return
  const line = electionDropStep(event, turn.state.election)
  if (line !== null) record(turn, line)
}

/** Records that Paxos was read anew from a store into which another monitor's was copied. */
export const traceStoreReplaced = (turn: Turn, before: PaxosState): void =>
  traceStore(turn, 'StoreReplaced', before)

/** Records that the store was emptied, but for the promises, to be copied from another monitor. */
export const traceStoreDropped = (turn: Turn, before: PaxosState): void =>
  traceStore(turn, 'StoreDropped', before)

const traceStore = (turn: Turn, action: StoreAction, before: PaxosState): void => {
  if (!turn.state.config.trace) return
  const line = storeStep(action, before, turn.state.paxos)
  if (line !== null) record(turn, line)
}

/** Records a step of Paxos. */
export const tracePaxos = (
  turn: Turn,
  event: PaxosEvent,
  before: PaxosState,
  after: PaxosState,
  effects: readonly PaxosEffect[],
): void => {
  if (!turn.state.config.trace) return
  const line = paxosTraceStep(event, before, after, effects)
  if (line !== null) record(turn, line)
}

// A step that names a sender is about the message of this turn.
const record = (turn: Turn, line: TraceStep): void => {
  const { received, state } = turn
  const about =
    received === undefined || !('from' in line.args)
      ? {}
      : {
          received: {
            connection: received.connection,
            session: state.monConnections.get(received.connection)?.resets ?? 0,
            seq: received.seq.toString(),
          },
        }
  turn.emit({ _tag: 'Trace', line: { ...line, ...about } })
}
