/**
 * The monitor as one immutable value. Parts that belong together sit together: who I am, what the disk has,
 * what the two agreement machines know, what the services know, who is connected.
 */
import type { AuthAttempt } from '../auth/auth-server.ts'
import type { GlobalIds } from '../auth/global-id.ts'
import type { KeyMap } from '../auth/entity-auth.ts'
import type { Fifo } from '../base/fifo.ts'
import type { EntityAddrvec } from '../codec/type/entity-addr.ts'
import type { Options } from '../config/options.ts'
import type { ElectionState } from '../election/state.ts'
import type { ConnectionTracker } from '../map/connection-tracker.ts'
import type { LogEntry } from '../map/log-entry.ts'
import type { MonCommand } from '../map/mon-command.ts'
import type { MonMap } from '../map/mon-map/mon-map.ts'
import type { PaxosState } from '../paxos/state.ts'
import type { DiskUsage } from '../service/health/disk.ts'
import type {
  QuorumView,
  Request,
  ServiceEffect,
  ServiceName,
  ServicePendings,
  ServiceStates,
  Session,
} from '../service/contract.ts'
import type { Op } from '../store/transaction.ts'
import type { StoreView } from '../store/view.ts'
import type { ElectionEvent } from '../election/event.ts'
import type { Written } from '../paxos/event.ts'
import type { HealthLogState } from './health-log.ts'
import type { PingState } from './ping-state.ts'
import type { RefusalLogState } from './refusal-log.ts'
import type { SyncState } from './sync/state.ts'
import type { TimecheckState } from './timecheck-state.ts'

/** What does not change while the process runs, but for the options. */
export interface MonitorConfig {
  readonly name: string
  readonly fsid: string
  readonly addrs: EntityAddrvec
  /** As given at the start, and under them what the configuration database says; see own-options.ts. */
  readonly options: Options
  /** Keys of the data folder's keyring by entity name; `mon.` is the monitors' shared one. */
  readonly keyring: KeyMap
  /** Facts about this host and build, sent to the leader with every ACK. */
  readonly metadata: ReadonlyMap<string, string>
  /** Unix time in ms at which the process started. */
  readonly startedMs: number
  /** Record trace lines. */
  readonly trace: boolean
}

/** Ceph's names of what a monitor is doing. Source: ceph src/mon/Monitor.h STATE_*. */
export type Phase = 'probing' | 'synchronizing' | 'electing' | 'leader' | 'peon' | 'shutdown'

/** A write on its way to the disk, and the event that its completion is to the machine that ordered it. */
export interface PendingWrite {
  readonly write: number
  readonly then: WriteThen | undefined
}

/** A completion that Paxos waits for; the time is added when it comes. */
export type WrittenEvent = { readonly _tag: 'BeginWritten' | 'CommitWritten' } & Written

export type WriteThen =
  | { readonly machine: 'election'; readonly event: ElectionEvent }
  | { readonly machine: 'paxos'; readonly event: WrittenEvent }

/** A client's or daemon's session, or a fellow monitor's. */
export interface SessionState extends Session {
  readonly subscriptions: ReadonlyMap<string, { readonly start: bigint; readonly onetime: boolean }>
  /** ms since 1970; refreshed by every message and keepalive. */
  readonly timeoutMs: number
  readonly openedMs: number
  readonly hostname: string
  /** Newest osdmap epoch that this session has been sent. */
  readonly osdmapSent: number
}

/** What a request waits for. */
export type Condition =
  | { readonly _tag: 'Quorum' }
  /** The service shows at least this version. */
  | { readonly _tag: 'Readable'; readonly service: ServiceName; readonly version: bigint }
  | { readonly _tag: 'Writeable' }
  /** Paxos has committed more than this version, and the leader can write. */
  | { readonly _tag: 'Committed'; readonly version: bigint }

/** A request that cannot go on yet. */
export interface MonConnection {
  readonly addrs: EntityAddrvec
  readonly features: bigint
  /** How often the peer has forgotten the session: its numbering of messages begins anew each time. */
  readonly resets: number
}

export interface Waiter {
  readonly until: Condition
  readonly request: Request
  readonly sinceMs: number
}

/** A request that a peon sent to the leader and whose answer it will route back. */
export interface RoutedRequest {
  readonly tid: bigint
  readonly request: Request
}

/** On the leader: which peon a routed session's answers go to. */
export interface RouteBack {
  readonly connection: number
  readonly tid: bigint
}

export interface Proposal {
  readonly services: ReadonlySet<ServiceName>
  readonly afterCommit: readonly ServiceEffect[]
}

export interface MonitorState {
  readonly config: MonitorConfig
  readonly phase: Phase

  /** Rank in `monmap` by own address; -1 when not in it. */
  readonly rank: number
  readonly monmap: MonMap
  /** Whether this monitor has ever been part of a quorum of this cluster (`monitor/joined`). */
  readonly hasEverJoined: boolean
  /** Command table of the leader, encoded as VICTORY carries it. */
  readonly leaderCommands: readonly MonCommand[]
  readonly quorum: QuorumView
  readonly leaderSinceMs: number
  /** When this monitor last left a quorum, ms; 0 while in one or before the first. */
  readonly exitedQuorumMs: number
  readonly outsideQuorum: ReadonlySet<string>
  /** Addresses of monitors that probed us and are not in the monmap. */
  readonly extraProbePeers: ReadonlyMap<string, EntityAddrvec>

  readonly store: StoreView
  readonly writes: readonly PendingWrite[]
  readonly nextWrite: number

  readonly election: ElectionState
  readonly paxos: PaxosState
  readonly tracker: ConnectionTracker

  readonly services: ServiceStates
  /** On an active leader; made new after every commit. */
  readonly pendings: ServicePendings | undefined
  /** Services whose pending value has changed, and what to do once that is committed. */
  readonly dirty: ReadonlySet<ServiceName>
  readonly afterCommit: readonly ServiceEffect[]
  /** Operations beside the services' own that go into the next proposal (metadata, trims). */
  readonly extraOps: readonly Op[]
  /** Whether the extra operations are reason enough to propose. */
  readonly mustPropose: boolean
  readonly proposal: Proposal | undefined
  readonly proposeTimerRunning: boolean
  readonly lastCommitMs: number
  /** On a leader whose services are all there and know that it leads. */
  readonly areServicesActive: boolean

  readonly waiters: readonly Waiter[]
  readonly sessions: ReadonlyMap<number, SessionState>
  /** Connections of fellow monitors. */
  readonly monConnections: ReadonlyMap<number, MonConnection>
  readonly authAttempts: ReadonlyMap<number, AuthAttempt>

  readonly routed: ReadonlyMap<bigint, RoutedRequest>
  readonly nextRoutedTid: bigint
  readonly routeBack: ReadonlyMap<number, RouteBack>
  readonly nextRoutedSession: number

  /** Features of each quorum member's sessions, encoded, as their lease acknowledgements brought them. */
  readonly peerFeatureMaps: ReadonlyMap<number, Buffer>
  readonly sync: SyncState
  readonly timecheck: TimecheckState
  /** Warnings of messages from the future: how many, and when the last was, ms since 1970. */
  readonly driftWarnings: { readonly count: number; readonly lastMs: number }
  readonly globalIds: GlobalIds
  /** As last measured; undefined before that. */
  readonly disk: DiskUsage | undefined
  readonly clusterLogSeq: bigint
  /** Own lines for the cluster log that have not been handed to the log service yet. */
  readonly logQueue: Fifo<LogEntry>
  readonly healthLog: HealthLogState
  readonly refusalLog: RefusalLogState
  /** Peers that take part in pings: rank → when the last answer came, ms. */
  readonly pings: PingState
}
