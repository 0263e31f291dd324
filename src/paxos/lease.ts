/** Leases: the leader's word that nothing newer is committed for a while, so that every monitor may answer reads. */
import { msOfUtime, utimeOfMs } from '../codec/type/utime.ts'
import type { PaxosEffect, PaxosStep } from './effect.ts'
import type { PaxosEvent } from './event.ts'
import { nextMode } from './machine.ts'
import { PAXOS_OP } from './message.ts'
import { isReadable } from './readable.ts'
import { futureTimestamp, send, sendToPeers, withRank } from './send.ts'
import type { PaxosContext, PaxosOptions, PaxosState } from './state.ts'
import { armedTimers, startTimer } from './timer.ts'

/**
 * Gives a new lease to the whole quorum, this leader included.
 *
 * The timer that waits for acknowledgements is not started anew while it runs: a peon that stays silent is noticed
 * although leases are renewed more often.
 *
 * Source: ceph src/mon/Paxos.cc Paxos::extend_lease; spec ExtendLease.
 */
export const extendLease = (state: PaxosState, now: number, options: PaxosOptions): PaxosStep => {
  const { firstCommitted, lastCommitted } = state.stored
  const leaseExpireMs = now + options.leaseMs
  const waits = state.leaseAckedBy.length > 0 && armedTimers(state).includes('leaseAck')
  const next: PaxosState = { ...state, leaseExpireMs, leaseAckedBy: [state.term.rank] }
  return [
    next,
    [
      ...sendToPeers(next, PAXOS_OP.LEASE, now, {
        firstCommitted,
        lastCommitted,
        leaseTimestamp: utimeOfMs(leaseExpireMs),
      }),
      ...(waits ? [] : [startTimer('leaseAck', options)]),
      startTimer('leaseRenew', options),
    ],
  ]
}

/** Time for the next lease. Source: ceph src/mon/Paxos.cc Paxos::lease_renew_timeout; spec LeaseRenewTimeout. */
export const leaseRenewTimeout = (
  state: PaxosState,
  { now }: Extract<PaxosEvent, { _tag: 'LeaseRenewTimeout' }>,
  { options }: PaxosContext,
): PaxosStep => {
  const [next, effects] = extendLease(state, now, options)
  const mode = nextMode(state.mode, 'LeaseRenewTimeout')
  // What was refused because the lease had run out, on a machine that stood still, can go on.
  return [{ ...next, mode }, [...effects, { _tag: 'Readable' }, { _tag: 'Writeable' }]]
}

/**
 * A lease from the leader. It counts only for the version that this peon has.
 *
 * The lease ends at a time of the leader's clock: taking the receiver's clock plus a length would count the time in
 * transit twice.
 *
 * Source: ceph src/mon/Paxos.cc Paxos::handle_lease; spec HandleLease.
 */
export const handleLease = (
  state: PaxosState,
  { from, message, featureMap, now }: Extract<PaxosEvent, { _tag: 'HandleLease' }>,
  { options }: PaxosContext,
): PaxosStep => {
  const { firstCommitted, lastCommitted } = state.stored
  if (message.lastCommitted !== lastCommitted)
    return [{ ...state, mode: nextMode(state.mode, 'HandleLease') }, []]
  const next: PaxosState = {
    ...state,
    mode: nextMode(state.mode, 'HandleLease', 'accepted'),
    leaseExpireMs: Math.max(state.leaseExpireMs, msOfUtime(message.leaseTimestamp)),
  }
  const readable: readonly PaxosEffect[] = isReadable(next, now) ? [{ _tag: 'Readable' }] : []
  return [
    next,
    [
      ...futureTimestamp(from, message, now, options),
      send(next, from, PAXOS_OP.LEASE_ACK, now, {
        firstCommitted,
        lastCommitted,
        leaseTimestamp: utimeOfMs(now),
        featureMap,
      }),
      startTimer('lease', options),
      { _tag: 'Active' },
      ...readable,
    ],
  ]
}

/**
 * A peon has the lease. When all have, the timer that waits for them stops.
 *
 * Source: ceph src/mon/Paxos.cc Paxos::handle_lease_ack; spec HandleLeaseAck.
 */
export const handleLeaseAck = (
  state: PaxosState,
  { from, message, now }: Extract<PaxosEvent, { _tag: 'HandleLeaseAck' }>,
  { options }: PaxosContext,
): PaxosStep => {
  const next: PaxosState = { ...state, mode: nextMode(state.mode, 'HandleLeaseAck') }
  const warning = futureTimestamp(from, message, now, options)
  if (!armedTimers(state).includes('leaseAck') || state.leaseAckedBy.includes(from)) return [next, warning]
  const features: readonly PaxosEffect[] =
    message.featureMap.length > 0 ? [{ _tag: 'PeerFeatures', from, featureMap: message.featureMap }] : []
  return [{ ...next, leaseAckedBy: withRank(state.leaseAckedBy, from) }, [...features, ...warning]]
}
