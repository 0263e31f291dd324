/**
 * Clocks of the quorum compared: leases are times, so they are worth as much as the clocks agree.
 *
 * The leader asks every peon for its time once a round and takes half of nothing off: the bound on a peon's skew is
 * the difference of the clocks less the time that the answer took.
 *
 * Source: ceph src/mon/Monitor.cc timecheck_start … handle_timecheck; doc: mon_timecheck_interval and siblings.
 */
import { msOfUtime, utimeOfMs, UTIME_ZERO } from '../codec/type/utime.ts'
import { type MTimeCheck2, TIME_CHECK_OP } from '../message/time-check.ts'
import { describeSkew } from '../service/health/checks.ts'
import { clusterLog } from './cluster-log.ts'
import { rankOfConnection, sendToRank } from './peer.ts'
import { NO_TIMECHECK } from './timecheck-state.ts'
import type { Turn } from './turn.ts'

const ROUNDS_PATIENCE = 3
const LATENCY_WEIGHT_OLD = 0.8

/** A leader begins, when there is anybody to compare clocks with. */
export const startTimecheck = (turn: Turn): void => {
  turn.update({ timecheck: NO_TIMECHECK })
  if (turn.state.monmap.ranks.length > 1 && turn.state.monmap.epoch > 0) timecheckRound(turn)
}

export const timecheckRound = (turn: Turn): void => {
  const { state } = turn
  const { options } = state.config
  if (state.phase !== 'leader') return
  const { round } = state.timecheck
  const patienceMs = options.ms('mon_timecheck_interval') * ROUNDS_PATIENCE
  if (round === undefined || turn.now - round.startedMs >= patienceMs) askEverybody(turn)
  scheduleRound(turn)
}

const askEverybody = (turn: Turn): void => {
  const { state } = turn
  const roundNumber = state.timecheck.roundNumber + (state.timecheck.round === undefined ? 1n : 2n)
  const peers = state.quorum.ranks.filter((rank) => rank !== state.rank)
  turn.update({
    timecheck: {
      ...state.timecheck,
      roundNumber,
      round: { startedMs: turn.now, waiting: new Map(peers.map((rank) => [rank, turn.now])) },
      skews: new Map(state.timecheck.skews).set(state.rank, 0),
      latencies: new Map(state.timecheck.latencies).set(state.rank, 0),
    },
  })
  for (const rank of peers) sendToRank(turn, rank, timeCheck(turn, TIME_CHECK_OP.PING, roundNumber))
}

const scheduleRound = (turn: Turn): void => {
  const { options } = turn.state.config
  const usualMs = options.ms('mon_timecheck_interval')
  const skewedMs = options.ms('mon_timecheck_skew_interval') * turn.state.timecheck.roundsSinceClean
  const ms = skewedMs <= 0 || skewedMs > usualMs ? usualMs : skewedMs
  turn.emit({ _tag: 'StartTimer', timer: 'timecheck', ms })
}

const timeCheck = (
  turn: Turn,
  op: number,
  round: bigint,
  fields: Partial<MTimeCheck2> = {},
): MTimeCheck2 => ({
  _tag: 'MTimeCheck2',
  op,
  epoch: BigInt(turn.state.election.epoch),
  round,
  timestamp: UTIME_ZERO,
  skews: new Map(),
  latencies: new Map(),
  ...fields,
})

export const handleTimecheck = (turn: Turn, connection: number, m: MTimeCheck2): void => {
  const { state } = turn
  const from = rankOfConnection(turn, connection)
  if (from < 0 || m.epoch !== BigInt(state.election.epoch)) return
  if (state.phase === 'leader') {
    if (m.op === TIME_CHECK_OP.PONG) handlePong(turn, from, m)
    return
  }
  if (state.phase !== 'peon' || from !== state.quorum.leader) return
  const { timecheck } = state
  if (m.round < timecheck.roundNumber) return
  if (m.op === TIME_CHECK_OP.REPORT) {
    turn.update({ timecheck: { ...timecheck, roundNumber: m.round, skews: m.skews, latencies: m.latencies } })
    return
  }
  turn.update({ timecheck: { ...timecheck, roundNumber: m.round } })
  turn.send(connection, timeCheck(turn, TIME_CHECK_OP.PONG, m.round, { timestamp: utimeOfMs(turn.now) }))
}

const handlePong = (turn: Turn, from: number, m: MTimeCheck2): void => {
  const { timecheck } = turn.state
  const sentMs = timecheck.round?.waiting.get(from)
  if (timecheck.round === undefined || sentMs === undefined || m.round !== timecheck.roundNumber) return
  if (turn.now < sentMs) {
    // Our own clock was set back: nothing measured in this round means anything.
    turn.update({ timecheck: { ...timecheck, round: undefined, roundNumber: m.round + 1n } })
    return
  }
  const measured = (turn.now - sentMs) / 1000
  const before = timecheck.latencies.get(from)
  const latency =
    before === undefined ? measured : before * LATENCY_WEIGHT_OLD + measured * (1 - LATENCY_WEIGHT_OLD)
  const delta = (msOfUtime(m.timestamp) - turn.now) / 1000
  const bound = Math.max(0, Math.abs(delta) - latency)
  warnOfSkew(turn, from, bound)
  const waiting = new Map(timecheck.round.waiting)
  waiting.delete(from)
  turn.update({
    timecheck: {
      ...timecheck,
      round: { ...timecheck.round, waiting },
      latencies: new Map(timecheck.latencies).set(from, latency),
      skews: new Map(timecheck.skews).set(from, delta < 0 ? -bound : bound),
    },
  })
  if (waiting.size === 0) finishRound(turn)
}

const warnOfSkew = (turn: Turn, from: number, skew: number): void => {
  const allowed = turn.state.config.options.float('mon_clock_drift_allowed')
  if (skew > allowed) clusterLog(turn, 'cluster', 'warn', `${from} ${describeSkew(skew, allowed)}`)
}

const finishRound = (turn: Turn): void => {
  const { state } = turn
  const { timecheck, quorum, config } = state
  const allowed = config.options.float('mon_clock_drift_allowed')
  const skewed = [...timecheck.skews.values()].some((skew) => Math.abs(skew) > allowed)
  const roundNumber = timecheck.roundNumber + 1n
  turn.update({
    timecheck: {
      ...timecheck,
      roundNumber,
      round: undefined,
      roundsSinceClean: skewed ? timecheck.roundsSinceClean + 1 : 0,
    },
  })
  const { skews, latencies } = timecheck
  for (const rank of quorum.ranks)
    if (rank !== state.rank)
      sendToRank(turn, rank, timeCheck(turn, TIME_CHECK_OP.REPORT, roundNumber, { skews, latencies }))
  if (skewed) scheduleRound(turn)
}
