/**
 * The election inside the monitor: messages and timers in, messages and a quorum out.
 *
 * Source: ceph src/mon/Elector.cc; src/mon/Monitor.cc join_election, start_election.
 */
import * as E from 'fp-ts/lib/Either.js'
import { epoch as toEpoch, rank as toRank } from '../base/brand.ts'
import { decodeFrom } from '../codec/reader.ts'
import { encoded } from '../codec/writer.ts'
import type { ElectionEffect } from '../election/effect.ts'
import type { ElectionEvent } from '../election/event.ts'
import { electionStep } from '../election/step.ts'
import { encodeConnectionTracker, withEpoch } from '../map/connection-tracker.ts'
import { decodeCommandTable, encodeCommandTable } from '../map/mon-command.ts'
import { MON_FEATURES_ALL } from '../map/mon-map/mon-feature.ts'
import { ELECTION_STRATEGY, monMapBytes } from '../map/mon-map/mon-map.ts'
import { RELEASE } from '../map/release.ts'
import { ELECTION_OP, type MMonElection } from '../message/mon-election.ts'
import { putU64 } from '../store/transaction.ts'
import { clusterLog } from './cluster-log.ts'
import { MON_COMMANDS } from './command-table.ts'
import { rankOfConnection, sendToRank } from './peer.ts'
import { decodePeerMonmap } from './peer-monmap.ts'
import { leaveQuorum, loseElection, winElection } from './quorum.ts'
import { startTimecheck } from './timecheck.ts'
import { traceElection, traceRefusal } from './trace-link.ts'
import type { Turn } from './turn.ts'

/** One event of the election, and what follows from it. */
export const runElection = (turn: Turn, event: ElectionEvent): void => {
  const { election: before } = turn.state
  const [after, effects] = electionStep(before, event)
  turn.update({ election: after, tracker: withEpoch(turn.state.tracker, after.epoch) })
  traceElection(turn, event, before, after, effects)
  turn.log(10, `${event._tag}: ${before.mode} e${before.epoch} -> ${after.mode} e${after.epoch}`)

  if (isCalledUpon(event, effects)) logCall(turn)
  for (const effect of effects) runEffect(turn, effect)
}

// Who stands because of another's message calls an election as well; who stands once more has called it before.
const isCalledUpon = (event: ElectionEvent, effects: readonly ElectionEffect[]): boolean =>
  (event._tag === 'ReceivePropose' || event._tag === 'ReceiveVictory') &&
  effects.some((effect) => effect._tag === 'StartElectionTimer' && effect.kind === 'normal')

const logCall = (turn: Turn): void =>
  clusterLog(turn, 'cluster', 'info', `mon.${turn.state.config.name} calling monitor election`)

const runEffect = (turn: Turn, effect: ElectionEffect): void => {
  const { options } = turn.state.config
  switch (effect._tag) {
    case 'PersistEpoch':
      turn.commit([putU64('monitor', 'election_epoch', BigInt(effect.epoch))], true, {
        machine: 'election',
        event: { _tag: 'EpochPersisted', epoch: effect.epoch },
      })
      return
    case 'SendPropose':
      sendToRank(turn, effect.to, electionMessage(turn, ELECTION_OP.PROPOSE, effect.epoch, {}))
      return
    case 'SendAck':
      sendToRank(
        turn,
        effect.to,
        electionMessage(turn, ELECTION_OP.ACK, effect.epoch, { metadata: turn.state.config.metadata }),
      )
      return
    case 'SendVictory':
      sendToRank(
        turn,
        effect.to,
        electionMessage(turn, ELECTION_OP.VICTORY, effect.epoch, {
          quorum: new Set(effect.quorum),
          quorumFeatures: effect.quorumFeatures,
          monFeatures: effect.monFeatures,
          release: effect.release,
          sharing: COMMAND_TABLE,
        }),
      )
      return
    case 'StartElectionTimer': {
      // A voter gives its candidate a second more than the candidate gives itself.
      const ms = options.ms('mon_election_timeout') + (effect.kind === 'deferred' ? DEFER_EXTRA_MS : 0)
      turn.emit({ _tag: 'StartTimer', timer: 'election', ms })
      return
    }
    case 'StopElectionTimer':
      turn.emit({ _tag: 'StopTimer', timer: 'election' })
      return
    case 'JoinElection':
      joinElection(turn)
      return
    case 'WinElection':
      turn.update({ leaderCommands: MON_COMMANDS })
      winElection(turn, effect)
      startTimecheck(turn)
      return
    case 'LoseElection':
      adoptLeaderCommands(turn, effect.commandBytes)
      loseElection(turn, effect)
      return
    case 'CallBootstrap':
      turn.defer({ _tag: 'Bootstrap', reason: 'the election asks for it' })
  }
}

const DEFER_EXTRA_MS = 1000
const COMMAND_TABLE = encoded((w) => encodeCommandTable(w, MON_COMMANDS))

const joinElection = (turn: Turn): void => {
  leaveQuorum(turn)
  turn.emit({ _tag: 'StopTimer', timer: 'probe' })
  turn.update({ phase: 'electing' })
}

const adoptLeaderCommands = (turn: Turn, bytes: Buffer): void => {
  const table = decodeFrom(decodeCommandTable, bytes)
  if (E.isRight(table)) turn.update({ leaderCommands: table.right })
  else turn.log(0, 'the command table of the new leader cannot be decoded; keeping the one I have')
}

const NOTHING = Buffer.alloc(0)

const electionMessage = (
  turn: Turn,
  op: number,
  epoch: number,
  fields: Partial<MMonElection>,
): MMonElection => {
  const { config, monmap, tracker } = turn.state
  return {
    _tag: 'MMonElection',
    fsid: config.fsid,
    op,
    epoch,
    monmapBytes: monMapBytes(monmap),
    quorum: new Set(),
    quorumFeatures: 0n,
    sharing: NOTHING,
    monFeatures: MON_FEATURES_ALL,
    metadata: new Map(),
    release: RELEASE.pacific,
    scoring: encoded((w) => encodeConnectionTracker(w, tracker)),
    strategy: monmap.strategy,
    ...fields,
  }
}

/** Probing has found company: stand for election. */
export const startElection = (turn: Turn): void => {
  logCall(turn)
  joinElection(turn)
  turn.defer({ _tag: 'Election', event: { _tag: 'StartElection' } })
}

/**
 * An election message from a fellow monitor. A sender with a newer monmap is believed before its vote is: we take
 * the map and probe again.
 *
 * Source: ceph src/mon/Elector.cc Elector::dispatch.
 */
export const handleElection = (turn: Turn, connection: number, m: MMonElection): void => {
  const { state } = turn
  const from = rankOfConnection(turn, connection)
  if (m.fsid !== state.config.fsid || from < 0) return
  const event = m.op === ELECTION_OP.NAK ? undefined : eventOf(turn, from, connection, m)
  if (state.phase === 'probing' || state.phase === 'synchronizing') {
    // The election is idle then and ignores the message; a trace says that it came.
    if (event !== undefined) runElection(turn, event)
    return
  }
  const peerMap = decodePeerMonmap(turn, m.monmapBytes)
  if (E.isLeft(peerMap)) {
    turn.log(0, `election message of rank ${from} carries a monmap that is of no use: ${peerMap.left}`)
    return
  }
  if (peerMap.right.epoch > state.monmap.epoch) {
    turn.log(
      0,
      `rank ${from} has monmap epoch ${peerMap.right.epoch}, mine is ${state.monmap.epoch}: taking it`,
    )
    if (event !== undefined) traceRefusal(turn, event)
    adoptMonmap(turn, m.monmapBytes, peerMap.right.epoch)
    turn.update({ monmap: peerMap.right })
    turn.defer({ _tag: 'Bootstrap', reason: 'a newer monmap' })
    return
  }
  if (m.strategy !== state.monmap.strategy || m.strategy !== ELECTION_STRATEGY.classic) return
  if (m.op === ELECTION_OP.NAK) leaveForGood(turn, from)
  else if (event !== undefined) runElection(turn, event)
}

const leaveForGood = (turn: Turn, from: number): void =>
  turn.emit({
    _tag: 'Exit',
    code: 0,
    reason: `rank ${from} says that this monitor lacks required features`,
  })

const adoptMonmap = (turn: Turn, bytes: Buffer, epoch: number): void =>
  turn.commit(
    [
      { type: 'put', prefix: 'monmap', key: String(epoch), value: bytes },
      putU64('monmap', 'last_committed', BigInt(epoch)),
    ],
    true,
  )

/** Epochs this far ahead of ours, or close to the end of a u32, no election has led to: the message is garbage. */
export const EPOCH_LEAP_MAX = 2 ** 28
const EPOCH_MAX = 2 ** 32 - EPOCH_LEAP_MAX

const isPlausible = (turn: Turn, from: number, m: MMonElection): boolean => {
  const { election, monmap, rank } = turn.state
  if (m.epoch > election.epoch + EPOCH_LEAP_MAX || m.epoch > EPOCH_MAX) return false
  if (m.op !== ELECTION_OP.VICTORY) return true
  const size = monmap.ranks.length
  const isMajority = 2 * m.quorum.size > size && [...m.quorum].every((r) => r >= 0 && r < size)
  return isMajority && m.quorum.has(from) && m.quorum.has(rank)
}

/** Undefined for what cannot come from a sound monitor; Ceph ends the process at some of it. */
const eventOf = (
  turn: Turn,
  rank: number,
  connection: number,
  m: MMonElection,
): ElectionEvent | undefined => {
  if (!isPlausible(turn, rank, m)) {
    turn.log(0, `election message of rank ${rank} ignored: epoch ${m.epoch}, quorum ${[...m.quorum].join()}`)
    return undefined
  }
  const from = toRank(rank)
  const epoch = toEpoch(m.epoch)
  switch (m.op) {
    case ELECTION_OP.PROPOSE:
      // Only odd epochs are elections; a real monitor would take an even one for our own mistake.
      if (m.epoch % 2 === 0) return undefined
      return { _tag: 'ReceivePropose', from, epoch }
    case ELECTION_OP.ACK:
      return {
        _tag: 'ReceiveAck',
        from,
        epoch,
        connectionFeatures: turn.state.monConnections.get(connection)?.features ?? 0n,
        monFeatures: m.monFeatures,
        release: m.release,
        metadata: m.metadata,
      }
    case ELECTION_OP.VICTORY:
      return {
        _tag: 'ReceiveVictory',
        from,
        epoch,
        quorum: [...m.quorum].sort((a, b) => a - b).map(toRank),
        quorumFeatures: m.quorumFeatures,
        monFeatures: m.monFeatures,
        release: m.release,
        commandBytes: m.sharing,
      }
    default:
      return undefined
  }
}
