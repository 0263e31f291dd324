/**
 * Everything that can happen to Paxos. Tags are the spec's action names and, where Ceph has the function, its name
 * in Paxos.cc. `now` is the time of the event in milliseconds since 1970.
 *
 * The monitor delivers a message only while it leads or follows, and only one whose epoch is its own; Paxos ignores
 * any other. It delivers completions (`BeginWritten`, `CommitWritten`, `RefreshDone`) at any time: those of an
 * earlier term are recognised and ignored.
 */
import type { Epoch, Rank, Version } from '../base/brand.ts'
import { PAXOS_OP, type PaxosMessage } from './message.ts'

interface Timed {
  /** Milliseconds since 1970. */
  readonly now: number
}

interface Delivered extends Timed {
  readonly from: Rank
  readonly message: PaxosMessage
}

/** Whose turn it is: what an election decided. `quorum` is sorted; `monCount` is the size of the monmap. */
export interface Term {
  readonly epoch: Epoch
  readonly rank: Rank
  readonly leader: Rank
  readonly quorum: readonly Rank[]
  readonly monCount: number
}

/** Names one proposal: at most one is begun for a version in an epoch. */
export interface Written {
  readonly epoch: Epoch
  readonly version: Version
}

export type PaxosEvent =
  /** The election was won. */
  | ({ readonly _tag: 'LeaderInit'; readonly term: Term } & Timed)
  /** The election was lost; `term.leader` leads. */
  | ({ readonly _tag: 'PeonInit'; readonly term: Term } & Timed)
  /** The quorum is left: bootstrap or a new election. */
  | ({ readonly _tag: 'Restart' } & Timed)
  | ({ readonly _tag: 'Shutdown' } & Timed)
  /** Commit this encoded transaction as the next version. Only while `isProposable`. */
  | ({ readonly _tag: 'Propose'; readonly value: Buffer } & Timed)
  /** The leader's own write of a proposed value is on disk. */
  | ({ readonly _tag: 'BeginWritten' } & Written & Timed)
  /** The leader's commit is in the store, in order behind all earlier writes, not necessarily synced. */
  | ({ readonly _tag: 'CommitWritten' } & Written & Timed)
  /** The services have re-read the store for the round that is ending. */
  | ({ readonly _tag: 'RefreshDone' } & Written & Timed)
  | ({ readonly _tag: 'HandleCollect' } & Delivered)
  | ({ readonly _tag: 'HandleLast' } & Delivered)
  | ({ readonly _tag: 'HandleBegin' } & Delivered)
  | ({ readonly _tag: 'HandleAccept' } & Delivered)
  | ({ readonly _tag: 'HandleCommit' } & Delivered)
  /** `featureMap`: this monitor's own encoded FeatureMap, for the acknowledgement. */
  | ({ readonly _tag: 'HandleLease'; readonly featureMap: Buffer } & Delivered)
  | ({ readonly _tag: 'HandleLeaseAck' } & Delivered)
  | ({ readonly _tag: 'CollectTimeout' } & Timed)
  | ({ readonly _tag: 'AcceptTimeout' } & Timed)
  | ({ readonly _tag: 'LeaseAckTimeout' } & Timed)
  | ({ readonly _tag: 'LeaseRenewTimeout' } & Timed)
  /** A peon has heard nothing from its leader. */
  | ({ readonly _tag: 'LeaseTimeout' } & Timed)

export type PaxosEventTag = PaxosEvent['_tag']

/** The timers Paxos starts; each fires as the event `${Name}Timeout`. */
export type PaxosTimer = 'collect' | 'accept' | 'leaseAck' | 'leaseRenew' | 'lease'

/** The event of a timer that fired. */
export const timerEvent = (timer: PaxosTimer, now: number): PaxosEvent => {
  switch (timer) {
    case 'collect':
      return { _tag: 'CollectTimeout', now }
    case 'accept':
      return { _tag: 'AcceptTimeout', now }
    case 'leaseAck':
      return { _tag: 'LeaseAckTimeout', now }
    case 'leaseRenew':
      return { _tag: 'LeaseRenewTimeout', now }
    case 'lease':
      return { _tag: 'LeaseTimeout', now }
  }
}

/** The event of a message that arrived. `featureMap` is this monitor's own, encoded; only a LEASE needs it. */
export const messageEvent = (
  from: Rank,
  message: PaxosMessage,
  featureMap: Buffer,
  now: number,
): PaxosEvent => {
  const delivered = { from, message, now }
  switch (message.op) {
    case PAXOS_OP.COLLECT:
      return { _tag: 'HandleCollect', ...delivered }
    case PAXOS_OP.LAST:
      return { _tag: 'HandleLast', ...delivered }
    case PAXOS_OP.BEGIN:
      return { _tag: 'HandleBegin', ...delivered }
    case PAXOS_OP.ACCEPT:
      return { _tag: 'HandleAccept', ...delivered }
    case PAXOS_OP.COMMIT:
      return { _tag: 'HandleCommit', ...delivered }
    case PAXOS_OP.LEASE:
      return { _tag: 'HandleLease', featureMap, ...delivered }
    case PAXOS_OP.LEASE_ACK:
      return { _tag: 'HandleLeaseAck', ...delivered }
  }
}
