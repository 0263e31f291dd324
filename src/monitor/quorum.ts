/**
 * In and out of a quorum: what winning and losing an election change, what a leader does once Paxos is active, and
 * what is left behind when the quorum ends.
 *
 * Source: ceph src/mon/Monitor.cc win_election, lose_election, finish_election, _reset; PaxosService::_active.
 */
import { rank as toRank, epoch as toEpoch } from '../base/brand.ts'
import { encoded } from '../codec/writer.ts'
import type { LoseElection, WinElection } from '../election/effect.ts'
import { encodeMonMetadata } from '../map/mon-metadata.ts'
import type { Term } from '../paxos/event.ts'
import {
  type QuorumView,
  SERVICE_ORDER,
  type ServiceName,
  type ServicePendings,
  type World,
} from '../service/contract.ts'
import { SERVICES } from '../service/registry.ts'
import { put } from '../store/transaction.ts'
import { clusterLog } from './cluster-log.ts'
import { resendRouted } from './forward.ts'
import { NO_HEALTH_LOG } from './health-log.ts'
import { logMaps } from './map-log.ts'
import { createPendings, markDirty } from './proposal.ts'
import { applyUpdate } from './request.ts'
import { restartWaiters } from './waiter.ts'
import type { Turn } from './turn.ts'
import { worldOf } from './world.ts'

export const NO_QUORUM: QuorumView = {
  ranks: [],
  epoch: 0,
  leader: 0,
  conFeatures: 0n,
  monFeatures: 0n,
  minRelease: 0,
  sinceMs: 0,
  metadata: new Map(),
}

/** Whatever belonged to the quorum ends with it. */
export const leaveQuorum = (turn: Turn): void => {
  const { state } = turn
  for (const timer of ['propose', 'timecheck', 'mgrDigest', 'overallHealth'] as const)
    turn.emit({ _tag: 'StopTimer', timer })
  turn.update({
    exitedQuorumMs: state.quorum.ranks.length > 0 ? turn.now : state.exitedQuorumMs,
    quorum: { ...NO_QUORUM, leader: state.quorum.leader, epoch: state.election.epoch },
    leaderSinceMs: 0,
    outsideQuorum: new Set(),
    peerFeatureMaps: new Map(),
    proposeTimerRunning: false,
    areServicesActive: false,
    healthLog: NO_HEALTH_LOG,
    timecheck: { ...state.timecheck, round: undefined, skews: new Map(), latencies: new Map() },
  })
  restartWaiters(turn)
  turn.defer({ _tag: 'Paxos', event: { _tag: 'Restart', now: turn.now } })
}

export const winElection = (turn: Turn, effect: WinElection): void => {
  const { state } = turn
  turn.update({
    phase: 'leader',
    leaderSinceMs: turn.now,
    exitedQuorumMs: 0,
    outsideQuorum: new Set(),
    quorum: { ...quorumOf(effect, state.rank, turn.now), metadata: effect.metadata },
    extraOps: [
      put(
        'monitor_store',
        'last_metadata',
        encoded((w) => encodeMonMetadata(w, allMetadata(turn, effect))),
      ),
    ],
  })
  const names = effect.quorum.map((r) => state.monmap.ranks[r]).join(',')
  clusterLog(
    turn,
    'cluster',
    'info',
    `mon.${state.config.name} is new leader, mons ${names} in quorum (ranks ${effect.quorum.join(',')})`,
  )
  turn.defer({
    _tag: 'Paxos',
    event: { _tag: 'LeaderInit', term: termOf(turn, state.rank, effect), now: turn.now },
  })
  resendRouted(turn)
}

// Members of the quorum have just said who they are; of the others we keep what was last known.
const allMetadata = (turn: Turn, effect: WinElection): ReadonlyMap<number, ReadonlyMap<string, string>> =>
  new Map([...turn.state.services.monmap.metadata, ...effect.metadata])

export const loseElection = (turn: Turn, effect: LoseElection): void => {
  const { state } = turn
  turn.update({
    phase: 'peon',
    exitedQuorumMs: 0,
    outsideQuorum: new Set(),
    quorum: {
      ...quorumOf(effect, effect.leader, turn.now),
      metadata: new Map([[state.rank, state.config.metadata]]),
    },
  })
  turn.defer({
    _tag: 'Paxos',
    event: { _tag: 'PeonInit', term: termOf(turn, effect.leader, effect), now: turn.now },
  })
  resendRouted(turn)
}

type Outcome = Pick<WinElection, 'epoch' | 'quorum' | 'quorumFeatures' | 'monFeatures' | 'release'>

const quorumOf = (o: Outcome, leader: number, now: number): Omit<QuorumView, 'metadata'> => ({
  ranks: o.quorum,
  epoch: o.epoch,
  leader,
  conFeatures: o.quorumFeatures,
  monFeatures: o.monFeatures,
  minRelease: o.release,
  sinceMs: now,
})

const termOf = (turn: Turn, leader: number, o: Outcome): Term => ({
  epoch: toEpoch(o.epoch),
  rank: toRank(turn.state.rank),
  leader: toRank(leader),
  quorum: o.quorum,
  monCount: turn.state.monmap.ranks.length,
})

/**
 * Paxos is active. On a leader that has just recovered, services get their pending values; in a new cluster they
 * create their first content: the monmap alone, then, under the map that this commits, all the others. When all are
 * there they hear that this monitor leads.
 */
export const becomeActive = (turn: Turn): void => {
  if (turn.state.phase !== 'leader' || turn.state.areServicesActive) return
  if (turn.state.pendings === undefined) createPendings(turn)
  const missing = SERVICE_ORDER.filter((name) => turn.state.services[name].lastCommitted === 0n)
  const first = missing.includes('monmap') ? (['monmap'] as const) : missing
  const world = worldOf(turn)
  for (const name of first) markDirty(turn, initialPending(world, name), [])
  if (first.length === 0) activateServices(turn)
}

const activateServices = (turn: Turn): void => {
  turn.update({ areServicesActive: true })
  logMaps(turn, ACTIVATION_ORDER)
  for (const name of SERVICE_ORDER) {
    const { pendings } = turn.state
    const result = pendings === undefined ? undefined : SERVICES[name].onActive?.(worldOf(turn), pendings)
    if (result !== undefined) applyUpdate(turn, undefined, result)
  }
  if (turn.state.extraOps.length > 0) turn.update({ mustPropose: true })
}

// Whoever is in the quorum comes first. Source: ceph src/mon/Monitor.cc Monitor::win_election.
const ACTIVATION_ORDER: readonly ServiceName[] = [
  'monmap',
  ...SERVICE_ORDER.filter((name) => name !== 'monmap'),
]

const initialPending = <N extends ServiceName>(world: World, name: N): Partial<ServicePendings> => ({
  [name]: SERVICES[name].createInitial(world),
})
