/**
 * What a PaxosService is: a cluster map or table that lives in the store under its own prefix, changes only through
 * Paxos, and answers questions about itself.
 *
 * Life of a change, in Ceph's terms:
 *   1. preprocessQuery  on any monitor, from committed state: answers, or says that the leader must change something;
 *   2. prepareUpdate    on the leader: changes the pending value;
 *   3. encodePending    when the proposal is made: pending value → operations of one Paxos transaction;
 *   4. (Paxos commits)
 *   5. updateFromPaxos  on every monitor: store → committed state; then the effects kept for after the commit run.
 *
 * Pending values are records of plain data, made new by createPending after every commit. While a proposal is in
 * flight no update is prepared: requests wait, and the next proposal carries them all.
 *
 * Source: ceph src/mon/PaxosService.h, PaxosService.cc.
 */
import type { AuthIdentity } from '../auth/contract.ts'
import type { KeyMap } from '../auth/entity-auth.ts'
import type { GlobalIds } from '../auth/global-id.ts'
import type { Refusal } from '../auth/refusal.ts'
import type { EntityAddr, EntityAddrvec } from '../codec/type/entity-addr.ts'
import type { OptionsView } from '../config/view.ts'
import type { MonMap } from '../map/mon-map/mon-map.ts'
import type { Message } from '../message/message.ts'
import type { RawMessage } from '../message/raw.ts'
import type { Op } from '../store/transaction.ts'
import type { StoreView } from '../store/view.ts'
import type { AuthPending, AuthState } from './auth/state.ts'
import type { ConfigPending, ConfigState } from './config/state.ts'
import type { DiskUsage } from './health/disk.ts'
import type { HealthPending, HealthState } from './health/state.ts'
import type { KvPending, KvState } from './kv/state.ts'
import type { LogPending, LogState } from './log/state.ts'
import type { MdsmapPending, MdsmapState } from './mdsmap/state.ts'
import type { MgrPending, MgrState } from './mgr/state.ts'
import type { MgrstatPending, MgrstatState } from './mgrstat/state.ts'
import type { MonmapPending, MonmapState } from './monmap/state.ts'
import type { OsdmapPending, OsdmapState } from './osdmap/state.ts'

/** Committed state of every service, keyed by its store prefix. */
export interface ServiceStates {
  readonly mdsmap: MdsmapState
  readonly monmap: MonmapState
  readonly osdmap: OsdmapState
  readonly logm: LogState
  readonly auth: AuthState
  readonly mgr: MgrState
  readonly mgrstat: MgrstatState
  readonly health: HealthState
  readonly config: ConfigState
  readonly kv: KvState
}

/** What the leader has prepared on top of the committed state. */
export interface ServicePendings {
  readonly mdsmap: MdsmapPending
  readonly monmap: MonmapPending
  readonly osdmap: OsdmapPending
  readonly logm: LogPending
  readonly auth: AuthPending
  readonly mgr: MgrPending
  readonly mgrstat: MgrstatPending
  readonly health: HealthPending
  readonly config: ConfigPending
  readonly kv: KvPending
}

export type ServiceName = keyof ServiceStates

/** Order in which services refresh, create their initial values and encode. Source: ceph src/mon/mon_types.h PAXOS_*. */
export const SERVICE_ORDER: readonly ServiceName[] = [
  'mdsmap',
  'monmap',
  'osdmap',
  'logm',
  'auth',
  'mgr',
  'mgrstat',
  'health',
  'config',
  'kv',
]

export interface QuorumView {
  /** Ranks, ascending; empty without a quorum. */
  readonly ranks: readonly number[]
  readonly epoch: number
  readonly leader: number
  /** Connection and monitor features that every member has. */
  readonly conFeatures: bigint
  readonly monFeatures: bigint
  readonly minRelease: number
  /** When this quorum formed, ms since 1970. */
  readonly sinceMs: number
  /** Metadata that each member sent with its ACK; the leader knows all, a peon its own. */
  readonly metadata: ReadonlyMap<number, ReadonlyMap<string, string>>
}

/** Everything that a service may look at besides its own pending value. Never changes under its hands. */
export interface World {
  /** Milliseconds since 1970. */
  readonly now: number
  /** 32 random bytes of this event; derive more with entropyBytes. */
  readonly entropy: Buffer
  readonly options: OptionsView
  readonly store: StoreView
  readonly fsid: string
  readonly self: {
    readonly name: string
    readonly rank: number
    readonly isLeader: boolean
    readonly addrs: EntityAddrvec
  }
  readonly quorum: QuorumView
  readonly committed: ServiceStates
  /** This monitor's own key from its keyring (`mon.`), and other facts of the data folder. */
  readonly monKeyring: KeyMap
  /** What this monitor may still give out as global ids. */
  readonly globalIds: GlobalIds
  /** The monmap in force; before the first commit it is the one of mkfs. */
  readonly monmap: MonMap
  /** Of this monitor's data folder; undefined until it has been measured. */
  readonly disk: DiskUsage | undefined
  /** Sessions of this monitor, for counts by type and features. */
  readonly sessions: Iterable<Session>
  /** Rank → how far its clock is off, and how long it takes to answer, in seconds; from the last comparison. */
  readonly clocks: {
    readonly skews: ReadonlyMap<number, number>
    readonly latencies: ReadonlyMap<number, number>
  }
}

/** Who asks. A forwarded request has the session of the client that the peon spoke for. */
export interface Session {
  /** Unique within this monitor while it runs. */
  readonly id: number
  readonly peerType: number
  /** Rank, OSD id, global id; -1 while unknown. */
  readonly num: bigint
  readonly identity: AuthIdentity
  readonly addrs: EntityAddrvec
  readonly socketAddr: EntityAddr
  readonly features: bigint
  /** The host that the peer said it runs on; empty or absent while it has not. */
  readonly hostname?: string
  /** True for a session that exists only because a peon forwarded something. */
  readonly isRouted: boolean
}

export type Format = 'plain' | 'json' | 'json-pretty' | 'xml' | 'xml-pretty'

export interface Command {
  readonly prefix: string
  /** All fields of the command but prefix and format, as parsed from its JSON. */
  readonly args: ReadonlyMap<string, unknown>
  readonly format: Format
  /** The format by the name that the client gave; absent when it named none. */
  readonly formatName?: string
  /** What the client sent on its standard input (`-i`). */
  readonly input: Buffer
  /** The command as it arrived, for the audit log. */
  readonly text: string
}

export interface Request {
  readonly session: Session
  readonly message: Message
  readonly tid: bigint
  /** Present when the message is a command. */
  readonly command: Command | undefined
  /** The message as it arrived, for forwarding it. */
  readonly raw?: RawMessage
}

/** Outcome of a command: errno (negative or 0), text for the user's stderr, data for stdout. */
export interface CommandReply {
  readonly code: number
  readonly text: string
  readonly data: Buffer
}

export type LogLevel = 'debug' | 'info' | 'sec' | 'warn' | 'error'

export type ServiceEffect =
  /** Ends the request with a command's outcome. */
  | { readonly _tag: 'CommandAnswer'; readonly request: Request; readonly reply: CommandReply }
  /** Answers the request with a message; the tid is the request's. */
  | { readonly _tag: 'Reply'; readonly request: Request; readonly message: Message }
  /** Ends the request without an answer, so that a peon forgets it. */
  | { readonly _tag: 'NoReply'; readonly request: Request }
  /** Sends the osdmaps after `since` to the asking session (through its peon when routed). */
  | { readonly _tag: 'SendOsdmaps'; readonly request: Request; readonly since: number }
  /** A line for the cluster log, in the name of this monitor. */
  | {
      readonly _tag: 'ClusterLog'
      readonly channel: 'cluster' | 'audit'
      readonly level: LogLevel
      readonly text: string
    }
  /** Appends a line to the cluster log file. */
  | {
      readonly _tag: 'WriteClusterLog'
      readonly channel: string
      readonly level: LogLevel
      readonly line: string
    }
  /** Tells the cluster log how the cluster is, now and from now on at regular times. */
  | { readonly _tag: 'LogOverallHealth' }
  /** Whoever asked was not given what the key of an entity is needed for. */
  | { readonly _tag: 'Refused'; readonly request: Request; readonly refusal: Refusal }
  /** The monmap names others: start over with a probe. */
  | { readonly _tag: 'Bootstrap'; readonly reason: string }

export type QueryResult =
  | { readonly _tag: 'Answered'; readonly effects: readonly ServiceEffect[] }
  /** The leader must change something: prepareUpdate. */
  | { readonly _tag: 'NeedsUpdate' }

export type UpdateResult =
  | {
      readonly _tag: 'Prepared'
      /** The pending values that changed; a service may change another's (config writes through kv). */
      readonly pendings: Partial<ServicePendings>
      /** Run at once. */
      readonly effects: readonly ServiceEffect[]
      /** Run when the proposal that carries the change is committed. */
      readonly afterCommit: readonly ServiceEffect[]
    }
  /**
   * Nothing to propose after all; the effects answer the request. `pendings` are kept for the next update when there
   * are any, without being proposed for their own sake: what a leader only remembers.
   */
  | {
      readonly _tag: 'Answered'
      readonly effects: readonly ServiceEffect[]
      readonly pendings?: Partial<ServicePendings>
    }
  /** Cannot be prepared yet: dispatched again after the next commit, which `pendings` are proposed for when given. */
  | { readonly _tag: 'RetryAfterCommit'; readonly pendings?: Partial<ServicePendings> }

/** Handler of one command. At least one of the two; a command with only `query` never changes anything. */
export interface CommandHandler {
  /** From committed state. `undefined`: not to be answered here, the leader must prepare an update. */
  readonly query?: (world: World, request: Request, command: Command) => CommandReply | undefined
  /** On the leader. */
  readonly update?: (
    world: World,
    pendings: ServicePendings,
    request: Request,
    command: Command,
  ) => UpdateResult
}

/** What a subscriber gets now, and the next start of its subscription. */
export interface SubscriptionAnswer {
  readonly messages: readonly Message[]
  readonly next: bigint
}

export interface Subscription {
  /** `osdmap`, `kv:mgr/`, … */
  readonly what: string
  /** The first version that the peer wants. */
  readonly start: bigint
  readonly onetime: boolean
}

export interface PaxosService<N extends ServiceName> {
  readonly name: N
  /** State before anything is committed. */
  readonly initial: ServiceStates[N]
  /** Reads what the store has beyond `state`; the same state when nothing is new. On every monitor after every commit. */
  readonly updateFromPaxos: (world: World, state: ServiceStates[N]) => ServiceStates[N]
  /** What follows from a new state on every monitor, the committed one being the new; `before` is the old. */
  readonly afterRefresh?: (world: World, before: ServiceStates[N]) => readonly ServiceEffect[]
  /** The first pending value of a new cluster. */
  readonly createInitial: (world: World) => ServicePendings[N]
  /** `previous` is the pending value that was proposed last, for what a leader remembers beyond a commit. */
  readonly createPending: (world: World, previous?: ServicePendings[N]) => ServicePendings[N]
  /** Operations of the proposal in the order that Ceph writes them; see service/encode.ts. */
  readonly encodePending: (world: World, pending: ServicePendings[N]) => readonly Op[]
  readonly preprocessQuery: (world: World, request: Request) => QueryResult
  readonly prepareUpdate: (world: World, pendings: ServicePendings, request: Request) => UpdateResult
  readonly commands: ReadonlyMap<string, CommandHandler>
  /** Leader only, every mon_tick_interval, when writeable. */
  readonly tick?: (world: World, pendings: ServicePendings) => UpdateResult | undefined
  /** The committed map in a line; a leader logs it when it becomes active, and whenever it has made a new one. */
  readonly describe?: (world: World) => string
  /** Leader only, once when it becomes active after an election. */
  readonly onActive?: (world: World, pendings: ServicePendings) => UpdateResult | undefined
  /** Versions below this may be erased; 0 for none. */
  readonly trimTo?: (world: World, pending?: ServicePendings[N]) => bigint
  /** Keys besides `N` and `full_N` that a trim of version N erases, and other ops (a kept full map). */
  readonly trimExtra?: (world: World, from: bigint, to: bigint) => readonly Op[]
  /** What this monitor writes for itself once `updateFromPaxos` has changed the state; nobody proposes it. */
  readonly localOps?: (world: World) => readonly Op[]
  /** Names of subscriptions served here: exact names, or a prefix that ends in `:` or `.`. */
  readonly subscriptions?: readonly string[]
  /** `undefined`: nothing for it yet. */
  readonly subscribe?: (
    world: World,
    session: Session,
    subscription: Subscription,
  ) => SubscriptionAnswer | undefined
}
