/**
 * From a store to a monitor, and to its end.
 *
 * Source: ceph src/ceph_mon.cc (obtain_monmap), src/mon/Monitor.cc preinit, init, init_paxos, shutdown.
 */
import * as E from 'fp-ts/lib/Either.js'
import { EMPTY_FIFO } from '../base/fifo.ts'
import { NO_GLOBAL_IDS } from '../auth/global-id.ts'
import { epoch as toEpoch, rank as toRank } from '../base/brand.ts'
import { describeDecodeError } from '../codec/error.ts'
import { decodeFrom } from '../codec/reader.ts'
import { downElection } from '../election/step.ts'
import { decodeConnectionTracker, newConnectionTracker } from '../map/connection-tracker.ts'
import { FEATURES_ALL } from '../map/feature.ts'
import { MON_FEATURES_ALL } from '../map/mon-map/mon-feature.ts'
import { decodeMonMap, type MonMap } from '../map/mon-map/mon-map.ts'
import { RELEASE } from '../map/release.ts'
import { loadPaxos } from '../paxos/state.ts'
import type { ServiceStates } from '../service/contract.ts'
import { SERVICES } from '../service/registry.ts'
import type { StoreView } from '../store/view.ts'
import { MON_COMMANDS } from './command-table.ts'
import { runElection } from './election-link.ts'
import { NO_HEALTH_LOG } from './health-log.ts'
import { NO_REFUSALS } from './refusal-log.ts'
import { NO_PINGS } from './ping-state.ts'
import { NO_QUORUM } from './quorum.ts'
import { noteMaxGlobalId, refreshServices } from './refresh.ts'
import { SELF_SESSION } from './cluster-log.ts'
import type { MonitorConfig, MonitorState } from './state.ts'
import { dropStore, isHalfCopied } from './sync/drop.ts'
import { NO_SYNC } from './sync/state.ts'
import { NO_TIMECHECK } from './timecheck-state.ts'
import { traceStoreDropped } from './trace-link.ts'
import type { Turn } from './turn.ts'

/**
 * The monmap to start with: the one that an interrupted copy kept, the newest committed one, the one of mkfs.
 *
 * Errors: a sentence that names what the store lacks.
 */
export const loadMonmap = (store: StoreView): E.Either<string, MonMap> => {
  const newest = store.u64('monmap', 'last_committed')
  const bytes =
    (isHalfCopied(store) ? store.get('mon_sync', 'latest_monmap') : undefined) ??
    store.get('monmap', newest.toString()) ??
    store.get('mkfs', 'monmap')
  if (bytes === undefined) return E.left('there is no monmap in the store; was the monitor made with --mkfs?')
  return E.map((map: MonMap) => newerOf(map, store))(readMonmap(bytes))
}

const readMonmap = (bytes: Buffer): E.Either<string, MonMap> =>
  E.mapLeft(describeDecodeError)(decodeFrom(decodeMonMap, bytes))

// A map that named other addresses was kept when the process ended over it; it may have been overtaken since.
const newerOf = (map: MonMap, store: StoreView): MonMap => {
  const kept = store.get('mon_sync', 'temp_newer_monmap')
  const newer = kept === undefined ? undefined : readMonmap(kept)
  return newer !== undefined && E.isRight(newer) && newer.right.epoch > map.epoch ? newer.right : map
}

const INITIAL_SERVICES: ServiceStates = {
  mdsmap: SERVICES.mdsmap.initial,
  monmap: SERVICES.monmap.initial,
  osdmap: SERVICES.osdmap.initial,
  logm: SERVICES.logm.initial,
  auth: SERVICES.auth.initial,
  mgr: SERVICES.mgr.initial,
  mgrstat: SERVICES.mgrstat.initial,
  health: SERVICES.health.initial,
  config: SERVICES.config.initial,
  kv: SERVICES.kv.initial,
}

/** The state before `Started`: everything that the store says, nothing that the network says. */
export const initialMonitor = (config: MonitorConfig, store: StoreView, monmap: MonMap): MonitorState => {
  const scores = store.get('monitor', 'connectivity_scores')
  const tracker = scores === undefined ? undefined : decodeFrom(decodeConnectionTracker, scores)
  const rank = monmap.ranks.indexOf(config.name)
  const halfLife = config.options.ms('mon_con_tracker_score_halflife') / 1000
  return {
    config,
    phase: 'probing',
    rank: -1,
    monmap,
    hasEverJoined: store.u64('monitor', 'joined') !== 0n,
    leaderCommands: MON_COMMANDS,
    quorum: NO_QUORUM,
    leaderSinceMs: 0,
    exitedQuorumMs: 0,
    outsideQuorum: new Set(),
    extraProbePeers: new Map(),
    store,
    writes: [],
    nextWrite: 1,
    election: downElection,
    paxos: loadPaxos(store),
    tracker:
      tracker !== undefined && E.isRight(tracker) && tracker.right.rank === rank
        ? tracker.right
        : newConnectionTracker(Math.max(rank, 0), halfLife),
    services: INITIAL_SERVICES,
    pendings: undefined,
    dirty: new Set(),
    afterCommit: [],
    extraOps: [],
    mustPropose: false,
    proposal: undefined,
    proposeTimerRunning: false,
    lastCommitMs: 0,
    areServicesActive: false,
    waiters: [],
    sessions: new Map(),
    monConnections: new Map(),
    authAttempts: new Map(),
    routed: new Map(),
    nextRoutedTid: 1n,
    routeBack: new Map(),
    nextRoutedSession: SELF_SESSION - 1,
    peerFeatureMaps: new Map(),
    sync: { ...NO_SYNC, lastCommittedFloor: store.u64('mon_sync', 'last_committed_floor') },
    timecheck: NO_TIMECHECK,
    globalIds: NO_GLOBAL_IDS,
    driftWarnings: { count: 0, lastMs: 0 },
    disk: undefined,
    clusterLogSeq: 0n,
    logQueue: EMPTY_FIFO,
    healthLog: NO_HEALTH_LOG,
    refusalLog: NO_REFUSALS,
    pings: NO_PINGS,
  }
}

/** The process is up: read the services, take the clock, probe. */
export const start = (turn: Turn): void => {
  const { state } = turn
  runElection(turn, {
    _tag: 'Restart',
    persistedEpoch: toEpoch(Number(state.store.u64('monitor', 'election_epoch'))),
    rank: toRank(0),
    size: Math.max(1, state.monmap.ranks.length),
    self: {
      connectionFeatures: FEATURES_ALL,
      monFeatures: MON_FEATURES_ALL,
      release: RELEASE.pacific,
      metadata: state.config.metadata,
    },
  })
  dropHalfCopied(turn)
  if (refreshServices(turn).has('auth')) noteMaxGlobalId(turn)
  turn.emit({ _tag: 'MeasureDisk' })
  turn.emit({ _tag: 'StartTimer', timer: 'tick', ms: state.config.options.ms('mon_tick_interval') })
  turn.defer({ _tag: 'Bootstrap', reason: 'started' })
}

/**
 * A copy of another monitor's store was cut off: what there is of it is nobody's history, so it goes, and probing
 * starts the copy again. The note of the copy stays until it is whole.
 *
 * Source: ceph src/mon/Monitor.cc Monitor::preinit.
 */
const dropHalfCopied = (turn: Turn): void => {
  const { store, paxos } = turn.state
  if (!isHalfCopied(store)) return
  turn.log(0, 'an earlier store sync did not finish: dropping what was copied')
  dropStore(turn)
  traceStoreDropped(turn, paxos)
}

/** Everything under way is dropped; the store has what was promised. */
export const shutdown = (turn: Turn): void => {
  turn.update({ phase: 'shutdown', waiters: [], routed: new Map() })
  turn.emit({ _tag: 'Exit', code: 0, reason: 'shutdown requested' })
}
