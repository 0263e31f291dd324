/**
 * The election's part of a trace: the state, the event and the effects as far as the specification knows them.
 */
import { byNumber } from '../base/ordered.ts'
import type { TraceStep } from '../trace/record.ts'
import type { ElectionEffect } from './effect.ts'
import type { ElectionEvent } from './event.ts'
import type { ElectionState } from './state.ts'

type Fields = TraceStep['before']

/** The state as a trace shows it. */
export const projectElection = (state: ElectionState): Fields => ({
  mode: state.mode,
  rank: state.rank,
  size: state.size,
  epoch: state.epoch,
  stored: state.storedEpoch,
  persisted: state.persistedEpoch,
  leaderAcked: state.leaderAcked,
  ackedMe: [...state.ackedMe.keys()].sort(byNumber),
  leader: state.leader,
  quorum: state.quorum,
})

/** The fields of an event that the specification knows. */
export const argsOf = (event: ElectionEvent): Fields => {
  switch (event._tag) {
    case 'Restart':
      return { persistedEpoch: event.persistedEpoch, rank: event.rank, size: event.size }
    case 'Bootstrap':
      return { rank: event.rank, size: event.size }
    case 'ReceivePropose':
    case 'ReceiveAck':
      return { from: event.from, epoch: event.epoch }
    case 'ReceiveVictory':
      return { from: event.from, epoch: event.epoch, quorum: [...event.quorum].sort(byNumber) }
    case 'ElectionTimeout':
      return { hasEverJoined: event.hasEverJoined }
    case 'EpochPersisted':
      return { epoch: event.epoch }
    case 'Shutdown':
    case 'StartElection':
    case 'StandaloneVictory':
      return {}
  }
}

/** What an effect writes or sends, as a trace shows it. */
export const outOf = (effect: ElectionEffect): readonly Fields[] => {
  switch (effect._tag) {
    case 'PersistEpoch':
      return [{ kind: 'write', epoch: effect.epoch }]
    case 'SendPropose':
      return [{ kind: 'propose', to: effect.to, epoch: effect.epoch }]
    case 'SendAck':
      return [{ kind: 'ack', to: effect.to, epoch: effect.epoch }]
    case 'SendVictory':
      return [{ kind: 'victory', to: effect.to, epoch: effect.epoch, quorum: effect.quorum }]
    case 'StartElectionTimer':
    case 'StopElectionTimer':
    case 'JoinElection':
    case 'WinElection':
    case 'LoseElection':
    case 'CallBootstrap':
      return []
  }
}

const RECEIVED = ['ReceivePropose', 'ReceiveAck', 'ReceiveVictory']

/**
 * What a trace says of one step, or null when there is nothing to say.
 *
 * A received message is always said, also when it is ignored: otherwise it would seem to be under way for ever.
 */
export const electionTraceStep = (
  event: ElectionEvent,
  before: ElectionState,
  after: ElectionState,
  effects: readonly ElectionEffect[],
): TraceStep | null => {
  const projections = [projectElection(before), projectElection(after)] as const
  const out = effects.flatMap(outOf)
  const isIdle = out.length === 0 && JSON.stringify(projections[0]) === JSON.stringify(projections[1])
  if (isIdle && !RECEIVED.includes(event._tag)) return null
  return {
    machine: 'election',
    action: event._tag,
    args: argsOf(event),
    before: projections[0],
    after: projections[1],
    out,
  }
}

/**
 * What a trace says of a message that was refused before the election saw it, for its cluster, its map or its
 * strategy; null for an event that is no message. To the election the message is lost.
 */
export const electionDropStep = (event: ElectionEvent, state: ElectionState): TraceStep | null => {
  if (event._tag !== 'ReceivePropose' && event._tag !== 'ReceiveAck' && event._tag !== 'ReceiveVictory')
    return null
  const projection = projectElection(state)
  return {
    machine: 'election',
    action: 'LoseMessage',
    args: { of: event._tag, ...argsOf(event) },
    before: projection,
    after: projection,
    out: [],
  }
}
