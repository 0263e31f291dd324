/**
 * Paxos's state: what is on disk, whose term it is, and the working sets of the phase at hand.
 *
 * Every collection is sorted and every absent thing is `undefined`, so two states that mean the same are equal field
 * by field; simulators and trace checkers compare them so.
 */
import type { ProposalNumber, Rank, Version } from '../base/brand.ts'
import { epoch, proposalNumber, rank, version } from '../base/brand.ts'
import type { StoreView } from '../store/view.ts'
import type { Term } from './event.ts'

/** Prefix of Paxos's own keys. */
export const PAXOS_PREFIX = 'paxos'

/** Role and Ceph's state name in one; `electing` is Ceph's "recovering" of a monitor that is in no quorum. */
export type PaxosMode =
  | 'electing'
  | 'leader.recovering'
  | 'leader.active'
  | 'leader.updating'
  | 'leader.updating-previous'
  | 'leader.writing'
  | 'leader.writing-previous'
  | 'leader.refresh'
  | 'peon.recovering'
  | 'peon.active'
  | 'peon.updating'
  | 'shutdown'

/** A value accepted as the next version, under which number. */
export interface Accepted {
  readonly pn: ProposalNumber
  readonly value: Buffer
}

/** What the keys of prefix `paxos` say, except the committed values themselves. */
export interface Stored {
  readonly firstCommitted: Version
  readonly lastCommitted: Version
  /** The last number this monitor made. */
  readonly lastPn: ProposalNumber
  /** The highest number this monitor has promised to heed. */
  readonly acceptedPn: ProposalNumber
  /** The value at lastCommitted + 1, when there is one. */
  readonly accepted: Accepted | undefined
}

/** The leader's first phase. */
export interface Collecting {
  /** Peons that accepted the current number, ascending. */
  readonly lasts: readonly Rank[]
  /** What each peon said it has, ascending by rank. */
  readonly peers: readonly Peer[]
  /** The value to propose again: the one with the highest number among those at the next version. */
  readonly uncommitted: (Accepted & { readonly version: Version }) | undefined
}

export interface Peer {
  readonly rank: Rank
  readonly lastCommitted: Version
}

/** The leader's second phase. */
export interface Proposing {
  readonly value: Buffer
  /** Quorum members whose disk has the value, ascending; the leader's own rank joins when its write is done. */
  readonly acceptedBy: readonly Rank[]
}

export interface PaxosState {
  readonly mode: PaxosMode
  readonly stored: Stored
  /** The quorum this monitor is in; `NO_TERM` while electing. */
  readonly term: Term
  /** What LAST repeats as pnFrom; Ceph prints it and nothing reads it. */
  readonly acceptedPnFrom: bigint
  /** Only in leader.recovering. */
  readonly collecting: Collecting | undefined
  /** Only from leader.updating to leader.writing, and their -previous. */
  readonly proposing: Proposing | undefined
  /** End of the read lease, milliseconds since 1970, by the leader's clock; 0 when cancelled. */
  readonly leaseExpireMs: number
  /** Only in leader.active: quorum members that acknowledged the last lease, ascending. */
  readonly leaseAckedBy: readonly Rank[]
}

/** Durations and limits, in the units of their names; read at every step, so they may change at run time. */
export interface PaxosOptions {
  /** mon_lease. */
  readonly leaseMs: number
  /** mon_lease_renew_interval_factor. */
  readonly leaseRenewFactor: number
  /** mon_lease_ack_timeout_factor. */
  readonly leaseAckTimeoutFactor: number
  /** mon_accept_timeout_factor; also the collect timeout. */
  readonly acceptTimeoutFactor: number
  /** mon_clock_drift_allowed. */
  readonly clockDriftAllowedMs: number
  /** paxos_min: versions always kept. */
  readonly versionsMin: bigint
  /** paxos_trim_min: versions beyond `versionsMin` before trimming starts. */
  readonly trimMin: bigint
  /** paxos_trim_max: most versions trimmed at once. */
  readonly trimMax: bigint
}

/** The defaults of Ceph 16.2. */
export const PAXOS_OPTIONS: PaxosOptions = {
  leaseMs: 5000,
  leaseRenewFactor: 0.6,
  leaseAckTimeoutFactor: 2,
  acceptTimeoutFactor: 2,
  clockDriftAllowedMs: 50,
  versionsMin: 500n,
  trimMin: 250n,
  trimMax: 500n,
}

/** Committed values, read when a peer must be caught up. Sees every `Store` effect of earlier steps. */
export interface PaxosLog {
  readonly read: (version: Version) => Buffer | undefined
}

/** What a step may look at beside state and event. */
export interface PaxosContext {
  readonly log: PaxosLog
  readonly options: PaxosOptions
}

/** The log in a store view. */
export const paxosLog = (view: StoreView): PaxosLog => ({
  read: (v) => view.get(PAXOS_PREFIX, v.toString()),
})

/** In no quorum. */
export const NO_TERM: Term = { epoch: epoch(0), rank: rank(0), leader: rank(0), quorum: [], monCount: 0 }

// A value without its number in the store was written before 0.61.5; the number then promised is the best guess.
const loadAccepted = (view: StoreView, next: Version, acceptedPn: ProposalNumber): Accepted | undefined => {
  const value = view.get(PAXOS_PREFIX, next.toString())
  if (value === undefined) return undefined
  const pendingPn = view.u64(PAXOS_PREFIX, 'pending_pn')
  const recorded = view.u64(PAXOS_PREFIX, 'pending_v') === next && pendingPn !== 0n
  return { value, pn: recorded ? proposalNumber(pendingPn) : acceptedPn }
}

/**
 * The state of a monitor that has just opened its store (or has finished a store sync).
 *
 * Shape:  mode `electing`, no lease.
 * Source: ceph src/mon/Paxos.cc Paxos::init; pending_v and pending_pn as in Paxos::collect.
 */
export const loadPaxos = (view: StoreView): PaxosState => {
  const lastCommitted = version(view.u64(PAXOS_PREFIX, 'last_committed'))
  const acceptedPn = proposalNumber(view.u64(PAXOS_PREFIX, 'accepted_pn'))
  return {
    mode: 'electing',
    stored: {
      firstCommitted: version(view.u64(PAXOS_PREFIX, 'first_committed')),
      lastCommitted,
      lastPn: proposalNumber(view.u64(PAXOS_PREFIX, 'last_pn')),
      acceptedPn,
      accepted: loadAccepted(view, version(lastCommitted + 1n), acceptedPn),
    },
    term: NO_TERM,
    acceptedPnFrom: 0n,
    collecting: undefined,
    proposing: undefined,
    leaseExpireMs: 0,
    leaseAckedBy: [],
  }
}

/** The word Ceph prints for a mode (`ceph daemon mon.X mon_status`, logs). Source: ceph src/mon/Paxos.h get_statename. */
export const paxosStateName = (mode: PaxosMode): string =>
  mode === 'electing' ? 'recovering' : mode.replace(/^(leader|peon)\./, '')
