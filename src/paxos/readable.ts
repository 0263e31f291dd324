/**
 * When a monitor may answer from its committed state, and when it may propose.
 *
 * A lease is a time on the leader's clock. A peon compares it with its own clock, so a read is as fresh as the clocks
 * agree (mon_clock_drift_allowed); Ceph takes the same bet and measures the skew.
 */
import type { Version } from '../base/brand.ts'
import type { PaxosState } from './state.ts'

/** Whether the lease has not run out; a quorum of one needs none. Source: ceph src/mon/Paxos.cc Paxos::is_lease_valid. */
export const isLeaseValid = (state: PaxosState, now: number): boolean =>
  state.term.quorum.length === 1 || now < state.leaseExpireMs

/**
 * Whether version `atLeast` or a newer one can be read here.
 *
 * Not in `updating-previous`, `writing-previous` and `refresh`: there a newer version may already have been seen
 * elsewhere.
 * Source: ceph src/mon/Paxos.cc Paxos::is_readable; spec Readable.
 */
export const isReadable = (state: PaxosState, now: number, atLeast: Version | 0n = 0n): boolean => {
  switch (state.mode) {
    case 'leader.active':
    case 'leader.updating':
    case 'leader.writing':
    case 'peon.active':
    case 'peon.updating':
      return (
        atLeast <= state.stored.lastCommitted && state.stored.lastCommitted > 0n && isLeaseValid(state, now)
      )
    case 'electing':
    case 'leader.recovering':
    case 'leader.updating-previous':
    case 'leader.writing-previous':
    case 'leader.refresh':
    case 'peon.recovering':
    case 'shutdown':
      return false
  }
}

/** Whether services may change their pending values. Source: ceph src/mon/Paxos.cc Paxos::is_writeable. */
export const isWriteable = (state: PaxosState, now: number): boolean =>
  isProposable(state) && isLeaseValid(state, now)

/** Whether `Propose` is allowed: the leader is active. The lease does not matter. Source: Paxos::trigger_propose. */
export const isProposable = (state: PaxosState): boolean => state.mode === 'leader.active'
