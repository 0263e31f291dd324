/**
 * Monitors ping each other and keep scores of who answers. In the classic strategy the scores decide nothing, but a
 * peer that does not answer is a peer that others score down, so every monitor takes part.
 *
 * Source: ceph src/mon/Elector.cc begin_peer_ping, ping_check, handle_ping; src/mon/ConnectionTracker.cc.
 */
import * as E from 'fp-ts/lib/Either.js'
import { decodeFrom } from '../codec/reader.ts'
import { utimeOfMs } from '../codec/type/utime.ts'
import { encoded } from '../codec/writer.ts'
import {
  decodeConnectionTracker,
  encodeConnectionTracker,
  newConnectionTracker,
  receivePeerReport,
  reportDead,
  reportLive,
  withEpoch,
  withinRanks,
} from '../map/connection-tracker.ts'
import { MON_FEATURE } from '../map/mon-map/mon-feature.ts'
import { type MMonPing, MON_PING_OP } from '../message/mon-ping.ts'
import { put } from '../store/transaction.ts'
import { rankOfConnection, sendToRank } from './peer.ts'
import { NO_PINGS } from './ping-state.ts'
import type { Turn } from './turn.ts'

/**
 * Scores are by rank: when the monmap gives ranks to others, they are nobody's.
 *
 * Differs: the original moves scores to the new ranks; here they begin anew.
 * Source: ceph src/mon/Elector.cc Elector::notify_rank_removed, notify_rank_changed.
 */
export const noteRanks = (turn: Turn): void => {
  const { pings, monmap, rank, tracker } = turn.state
  if (pings.ranks.join() === monmap.ranks.join()) return
  const isFirst = pings.ranks.length === 0 && tracker.rank === Math.max(rank, 0)
  turn.update({
    pings: { ...NO_PINGS, ranks: monmap.ranks },
    ...(isFirst
      ? {}
      : { tracker: withEpoch(newConnectionTracker(Math.max(rank, 0), tracker.halfLife), tracker.epoch) }),
  })
}

/** A peer showed itself: ping it from now on. */
export const beginPing = (turn: Turn, rank: number): void => {
  const { pings, rank: own, quorum, config } = turn.state
  if (rank === own || (quorum.monFeatures & MON_FEATURE.pinging) === 0n || pings.lastAckMs.has(rank)) return
  const first = pings.lastAckMs.size === 0
  turn.update({
    pings: {
      ...pings,
      lastAckMs: new Map(pings.lastAckMs).set(rank, turn.now),
      scoredMs: new Map(pings.scoredMs).set(rank, turn.now),
    },
  })
  ping(turn, rank)
  if (first) turn.emit({ _tag: 'StartTimer', timer: 'ping', ms: periodMs(config.options) })
}

const periodMs = (options: Turn['state']['config']['options']): number =>
  options.ms('mon_elector_ping_timeout') / options.int('mon_elector_ping_divisor')

const trackerBytes = (turn: Turn): Buffer => encoded((w) => encodeConnectionTracker(w, turn.state.tracker))

const ping = (turn: Turn, rank: number): void =>
  sendToRank(turn, rank, {
    _tag: 'MMonPing',
    op: MON_PING_OP.PING,
    stamp: utimeOfMs(turn.now),
    tracker: trackerBytes(turn),
  })

/** Every period: ping again, and score down who has been silent for too long. */
export const pingTimer = (turn: Turn): void => {
  const { options } = turn.state.config
  const timeoutMs = options.ms('mon_elector_ping_timeout')
  for (const [rank, lastAckMs] of turn.state.pings.lastAckMs) {
    if (rank >= turn.state.monmap.ranks.length) continue
    if (turn.now - lastAckMs > timeoutMs) score(turn, rank, false)
    ping(turn, rank)
  }
  turn.emit({ _tag: 'StartTimer', timer: 'ping', ms: periodMs(options) })
}

const score = (turn: Turn, rank: number, alive: boolean): void => {
  const { pings, tracker, config } = turn.state
  const seconds = Math.max(0, turn.now - (pings.scoredMs.get(rank) ?? turn.now)) / 1000
  const next = alive ? reportLive(tracker, rank, seconds) : reportDead(tracker, rank, seconds)
  turn.update({ tracker: next, pings: { ...pings, scoredMs: new Map(pings.scoredMs).set(rank, turn.now) } })
  const interval = BigInt(config.options.int('mon_con_tracker_persist_interval'))
  if (next.version % interval === 0n)
    turn.commit([put('monitor', 'connectivity_scores', trackerBytes(turn))], false)
}

export const handleMonPing = (turn: Turn, connection: number, m: MMonPing): void => {
  const from = rankOfConnection(turn, connection)
  if (from < 0) return
  const report = decodeFrom(decodeConnectionTracker, m.tracker)
  if (E.isLeft(report)) {
    turn.log(0, `ping of rank ${from} carries scores that cannot be decoded`)
    return
  }
  turn.update({
    tracker: receivePeerReport(turn.state.tracker, withinRanks(report.right, turn.state.monmap.ranks.length)),
  })
  if (m.op === MON_PING_OP.PING) {
    beginPing(turn, from)
    turn.send(connection, {
      _tag: 'MMonPing',
      op: MON_PING_OP.PING_REPLY,
      stamp: m.stamp,
      tracker: trackerBytes(turn),
    })
    return
  }
  if (!turn.state.pings.lastAckMs.has(from)) return
  score(turn, from, true)
  const { pings } = turn.state
  turn.update({ pings: { ...pings, lastAckMs: new Map(pings.lastAckMs).set(from, turn.now) } })
}
