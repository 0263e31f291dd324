/**
 * What an election asks for. Effects are run in order, and a message that follows a `PersistEpoch` leaves only
 * when that write is on disk: a vote that a restart can forget would be cast twice.
 */
import type { Epoch, Rank } from '../base/brand.ts'

/** Write the epoch to the store (prefix `monitor`, key `election_epoch`, u32); answered by `EpochPersisted`. */
export interface PersistEpoch {
  readonly _tag: 'PersistEpoch'
  readonly epoch: Epoch
}

export interface SendPropose {
  readonly _tag: 'SendPropose'
  readonly to: Rank
  readonly epoch: Epoch
}

/** A vote. The message also carries this monitor's own `PeerInfo`. */
export interface SendAck {
  readonly _tag: 'SendAck'
  readonly to: Rank
  readonly epoch: Epoch
}

/** Goes to the members of the quorum only. The message also carries the command table. */
export interface SendVictory {
  readonly _tag: 'SendVictory'
  readonly to: Rank
  readonly epoch: Epoch
  readonly quorum: readonly Rank[]
  readonly quorumFeatures: bigint
  readonly monFeatures: bigint
  readonly release: number
}

/** Replaces a running timer. `normal`: mon_election_timeout; `deferred`: one second more. */
export interface StartElectionTimer {
  readonly _tag: 'StartElectionTimer'
  readonly kind: 'normal' | 'deferred'
}

export interface StopElectionTimer {
  readonly _tag: 'StopElectionTimer'
}

/**
 * The monitor leaves its quorum, if it is in one, and is electing: Paxos and the services restart.
 * It comes before `WinElection` and `LoseElection` too, and may come several times in one list.
 * Source: ceph src/mon/Monitor.cc Monitor::join_election.
 */
export interface JoinElection {
  readonly _tag: 'JoinElection'
}

/** Source: ceph src/mon/Monitor.cc Monitor::win_election. */
export interface WinElection {
  readonly _tag: 'WinElection'
  readonly epoch: Epoch
  readonly quorum: readonly Rank[]
  readonly quorumFeatures: bigint
  readonly monFeatures: bigint
  readonly release: number
  readonly metadata: ReadonlyMap<Rank, ReadonlyMap<string, string>>
}

/** Source: ceph src/mon/Monitor.cc Monitor::lose_election. */
export interface LoseElection {
  readonly _tag: 'LoseElection'
  readonly epoch: Epoch
  readonly leader: Rank
  readonly quorum: readonly Rank[]
  readonly quorumFeatures: bigint
  readonly monFeatures: bigint
  readonly release: number
  readonly commandBytes: Buffer
}

/** The monitor must probe again; it answers with `Bootstrap`. The election is in mode probing already. */
export interface CallBootstrap {
  readonly _tag: 'CallBootstrap'
}

export type ElectionEffect =
  | PersistEpoch
  | SendPropose
  | SendAck
  | SendVictory
  | StartElectionTimer
  | StopElectionTimer
  | JoinElection
  | WinElection
  | LoseElection
  | CallBootstrap
