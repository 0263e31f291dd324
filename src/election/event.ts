/**
 * What can happen to an election. The tags are the actions of spec/MonElection.tla and the names in traces.
 *
 * Messages arrive here after the checks that do not depend on the election: the same cluster, no newer map, the same
 * strategy.
 */
import type { Epoch, Rank } from '../base/brand.ts'
import type { PeerInfo } from './state.ts'

/** The process starts and has read its epoch from the store, 0 when there is none. */
export interface Restart {
  readonly _tag: 'Restart'
  readonly persistedEpoch: Epoch
  readonly rank: Rank
  readonly size: number
  readonly self: PeerInfo
}

/** The process stops; also how a crash is written down afterwards. */
export interface Shutdown {
  readonly _tag: 'Shutdown'
}

/**
 * The monitor probes again, whatever it was doing, and has noted its place in the monmap it now holds.
 * Election messages are ignored until `StartElection`.
 * Source: ceph src/mon/Monitor.cc Monitor::bootstrap.
 */
export interface Bootstrap {
  readonly _tag: 'Bootstrap'
  readonly rank: Rank
  readonly size: number
}

/**
 * Probing has found a quorum to join, or enough monitors for a new one.
 * Source: ceph src/mon/Monitor.cc Monitor::start_election.
 */
export interface StartElection {
  readonly _tag: 'StartElection'
}

/**
 * The monmap holds this monitor alone.
 * Source: ceph src/mon/Monitor.cc Monitor::win_standalone_election.
 */
export interface StandaloneVictory {
  readonly _tag: 'StandaloneVictory'
}

export interface ReceivePropose {
  readonly _tag: 'ReceivePropose'
  readonly from: Rank
  readonly epoch: Epoch
}

export interface ReceiveAck extends PeerInfo {
  readonly _tag: 'ReceiveAck'
  readonly from: Rank
  readonly epoch: Epoch
}

export interface ReceiveVictory {
  readonly _tag: 'ReceiveVictory'
  readonly from: Rank
  readonly epoch: Epoch
  readonly quorum: readonly Rank[]
  /** Connection features that all members of the quorum have, u64. */
  readonly quorumFeatures: bigint
  /** Monitor features that all members of the quorum have, u64. */
  readonly monFeatures: bigint
  /** The oldest release in the quorum. */
  readonly release: number
  /** The leader's command table, as it came. */
  readonly commandBytes: Buffer
}

/** The timer of `StartElectionTimer` ran out. */
export interface ElectionTimeout {
  readonly _tag: 'ElectionTimeout'
  /** Whether this monitor was ever part of a quorum: if not, it probes again instead of standing. */
  readonly hasEverJoined: boolean
}

/** The write that `PersistEpoch` asked for is on disk. */
export interface EpochPersisted {
  readonly _tag: 'EpochPersisted'
  readonly epoch: Epoch
}

export type ElectionEvent =
  | Restart
  | Shutdown
  | Bootstrap
  | StartElection
  | StandaloneVictory
  | ReceivePropose
  | ReceiveAck
  | ReceiveVictory
  | ElectionTimeout
  | EpochPersisted
