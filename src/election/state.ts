/**
 * What a monitor knows about elections.
 *
 * The modes are the monitor's states of the same names; Ceph's `electing` is two of them here, `candidate` and
 * `deferring`, told apart in Ceph by `electing_me`. Synchronizing is, for an election, the same as probing.
 */
import type { Epoch, Rank } from '../base/brand.ts'

/** `down` is a process that is not running: before its first start, and after a crash or a shutdown. */
export type ElectionMode = 'down' | 'probing' | 'candidate' | 'deferring' | 'leader' | 'peon'

/** What a voter tells about itself; the quorum's features are what all its members have. */
export interface PeerInfo {
  /** Feature bits of the connection, u64. */
  readonly connectionFeatures: bigint
  /** Monitor features, u64. */
  readonly monFeatures: bigint
  /** Ordinal of the release, 16 for Pacific. */
  readonly release: number
  readonly metadata: ReadonlyMap<string, string>
}

/**
 * The election's state beside its mode.
 *
 * Source: ceph src/mon/ElectionLogic.h, class ElectionLogic; src/mon/Elector.h `peer_info`; spec/MonElection.tla.
 */
export interface ElectionContext {
  /** Own index in the monmap. */
  readonly rank: Rank
  /** Monitors in the monmap; their ranks are 0 to size - 1. */
  readonly size: number
  readonly self: PeerInfo
  /** The current epoch: odd while electing, even while a quorum stands (a lone monitor counts on by one). */
  readonly epoch: Epoch
  /** The last epoch handed to the store, 0 when none was. It is `epoch`, or 0 before the first election. */
  readonly storedEpoch: Epoch
  /** The last epoch known to be on disk, 0 when none is. A restart begins from it. */
  readonly persistedEpoch: Epoch
  /** The candidate that this monitor voted for, while it is deferring. */
  readonly leaderAcked: Rank | null
  /** Who voted for this monitor, itself included, while it is a candidate. */
  readonly ackedMe: ReadonlyMap<Rank, PeerInfo>
  /** The elected leader, in the modes leader and peon. */
  readonly leader: Rank | null
  /** The ranks in the quorum, ascending; empty unless leader or peon. */
  readonly quorum: readonly Rank[]
}

export interface ElectionState extends ElectionContext {
  readonly mode: ElectionMode
}
