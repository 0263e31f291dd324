/**
 * Which timers run is decided by the mode alone, so no handler has to remember to stop one: the step compares what
 * was armed before with what is armed after.
 */
import type { Rank } from '../base/brand.ts'
import type { PaxosEffect } from './effect.ts'
import type { PaxosTimer } from './event.ts'
import type { PaxosOptions, PaxosState } from './state.ts'

export const sameRanks = (a: readonly Rank[], b: readonly Rank[]): boolean =>
  a.length === b.length && a.every((rank, i) => rank === b[i])

/**
 * The timers that run in `state`, in alphabetical order.
 *
 * Source: ceph src/mon/Paxos.cc, where each is started and cancelled; spec Armed.
 */
export const armedTimers = (state: PaxosState): readonly PaxosTimer[] => {
  const alone = state.term.quorum.length === 1
  switch (state.mode) {
    case 'leader.recovering':
      return ['collect']
    case 'leader.updating':
    case 'leader.updating-previous':
      return alone ? [] : ['accept']
    case 'leader.active':
      if (alone) return []
      return sameRanks(state.leaseAckedBy, state.term.quorum) ? ['leaseRenew'] : ['leaseAck', 'leaseRenew']
    case 'peon.recovering':
    case 'peon.active':
    case 'peon.updating':
      return ['lease']
    case 'electing':
    case 'leader.writing':
    case 'leader.writing-previous':
    case 'leader.refresh':
    case 'shutdown':
      return []
  }
}

/** How long `timer` runs. Units: milliseconds. */
export const timerMs = (timer: PaxosTimer, options: PaxosOptions): number => {
  switch (timer) {
    case 'collect':
    case 'accept':
      return options.acceptTimeoutFactor * options.leaseMs
    case 'leaseAck':
    case 'lease':
      return options.leaseAckTimeoutFactor * options.leaseMs
    case 'leaseRenew':
      return options.leaseRenewFactor * options.leaseMs
  }
}

export const startTimer = (timer: PaxosTimer, options: PaxosOptions): PaxosEffect => ({
  _tag: 'StartTimer',
  timer,
  ms: timerMs(timer, options),
})

/** Orders to stop what ran in `before` and does not in `after`. */
export const stoppedTimers = (before: PaxosState, after: PaxosState): readonly PaxosEffect[] => {
  const still = armedTimers(after)
  return armedTimers(before)
    .filter((timer) => !still.includes(timer))
    .map((timer) => ({ _tag: 'StopTimer', timer }))
}
