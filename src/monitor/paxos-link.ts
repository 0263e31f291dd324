/**
 * Paxos inside the monitor: its events are the monitor's messages, timers and finished writes, its effects become
 * the monitor's. What Paxos commits is read by the services in refresh.ts.
 */
import { rank } from '../base/brand.ts'
import { printUtime, utimeOfMs } from '../codec/type/utime.ts'
import { encoded } from '../codec/writer.ts'
import { encodeFeatureMap } from '../map/feature-map.ts'
import type { MMonPaxos } from '../message/mon-paxos.ts'
import type { PaxosEffect } from '../paxos/effect.ts'
import { messageEvent, type PaxosEvent } from '../paxos/event.ts'
import { PAXOS_OP, receivedPaxosMessage } from '../paxos/message.ts'
import { type PaxosContext, paxosLog } from '../paxos/state.ts'
import { stepPaxos } from '../paxos/step.ts'
import { clusterLog } from './cluster-log.ts'
import { featureMapOf } from './feature-map.ts'
import { proposalCommitted } from './finish.ts'
import { becomeActive } from './quorum.ts'
import { paxosOptions } from './paxos-options.ts'
import { rankOfConnection, sendToRank } from './peer.ts'
import { tracePaxos } from './trace-link.ts'
import type { Turn } from './turn.ts'
import { optionsOf } from './world.ts'

/** One event of Paxos, and what follows from it. */
export const runPaxos = (turn: Turn, event: PaxosEvent): void => {
  const { paxos: before, store, config } = turn.state
  const context: PaxosContext = { log: paxosLog(store), options: paxosOptions(config.options) }
  const [after, effects] = stepPaxos(before, event, context)
  turn.update({ paxos: after })
  tracePaxos(turn, event, before, after, effects)
  turn.log(10, `${event._tag}: ${before.mode} -> ${after.mode}`, 'paxos')

  for (const effect of effects) runEffect(turn, effect)
}

const runEffect = (turn: Turn, effect: PaxosEffect): void => {
  switch (effect._tag) {
    case 'Store':
      turn.commit(
        effect.ops,
        effect.durable,
        effect.then === undefined ? undefined : { machine: 'paxos', event: effect.then },
      )
      return
    case 'Send':
      sendToRank(turn, effect.to, { _tag: 'MMonPaxos', ...effect.message })
      return
    case 'StartTimer':
      turn.emit({ _tag: 'StartTimer', timer: effect.timer, ms: effect.ms })
      return
    case 'StopTimer':
      turn.emit({ _tag: 'StopTimer', timer: effect.timer })
      return
    case 'Refresh':
      turn.defer({ _tag: 'Refresh', then: effect.then })
      return
    case 'ProposalCommitted':
      proposalCommitted(turn)
      return
    case 'Active':
      becomeActive(turn)
      return
    case 'PeerFeatures':
      turn.update({
        peerFeatureMaps: new Map(turn.state.peerFeatureMaps).set(effect.from, effect.featureMap),
      })
      return
    case 'FutureTimestamp':
      warnOfFuture(turn, effect.from, effect.aheadMs)
      return
    case 'CallBootstrap':
      turn.defer({ _tag: 'Bootstrap', reason: effect.reason })
      return
    // Waiters look for themselves at the end of every step; see step.ts.
    case 'ProposalAbandoned':
    case 'Readable':
    case 'Writeable':
  }
}

/** Each warning waits longer after the one before. Source: ceph src/mon/Paxos.cc Paxos::warn_on_future_time. */
const warnOfFuture = (turn: Turn, from: number, aheadMs: number): void => {
  const { count, lastMs } = turn.state.driftWarnings
  const backoff = optionsOf(turn.state).float('mon_clock_drift_warn_backoff')
  if (turn.now - lastMs <= 1000 * backoff ** count) return
  turn.update({ driftWarnings: { count: count + 1, lastMs: turn.now } })
  const ahead = printUtime(utimeOfMs(aheadMs))
  const text = `message from mon.${from} was stamped ${ahead}s in the future, clocks not synchronized`
  clusterLog(turn, 'cluster', 'warn', text)
}

/** Versions and proposal numbers above this are garbage; what is counted on from below it stays a u64. */
export const PAXOS_NUMBER_MAX = 2n ** 62n

const isPlausible = (m: MMonPaxos): boolean =>
  [m.firstCommitted, m.lastCommitted, m.pn, m.uncommittedPn, ...m.values.keys()].every(
    (n) => n <= PAXOS_NUMBER_MAX,
  )

/**
 * A Paxos message from a fellow monitor.
 *
 * A message of a later epoch says that an election has passed us by; one of an earlier epoch is a stale leader's.
 * Source: ceph src/mon/Monitor.cc Monitor::dispatch_op, MSG_MON_PAXOS.
 */
export const handlePaxos = (turn: Turn, connection: number, m: MMonPaxos): void => {
  const { state } = turn
  if (state.phase === 'synchronizing') return
  if (m.epoch > state.election.epoch) {
    turn.defer({
      _tag: 'Bootstrap',
      reason: `paxos message of epoch ${m.epoch}, mine is ${state.election.epoch}`,
    })
    return
  }
  const from = rankOfConnection(turn, connection)
  const message = receivedPaxosMessage(m)
  if (m.epoch !== state.election.epoch || from < 0 || message === undefined) return
  if (!isPlausible(m)) {
    turn.log(0, `message of rank ${from} ignored: versions or numbers that nobody can have reached`, 'paxos')
    return
  }
  if (state.phase !== 'leader' && state.phase !== 'peon') return
  // Only the acknowledgement of a lease carries it, and it takes a look at every session.
  const features = m.op === PAXOS_OP.LEASE ? featureMapBytes(turn) : NOTHING
  runPaxos(turn, messageEvent(rank(from), message, features, turn.now))
}

const NOTHING = Buffer.alloc(0)

const featureMapBytes = (turn: Turn): Buffer => {
  const features = featureMapOf(turn.state)
  return encoded((w) => encodeFeatureMap(w, features))
}
