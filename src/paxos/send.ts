import type { Rank } from '../base/brand.ts'
import { byNumber } from '../base/ordered.ts'
import { msOfUtime } from '../codec/type/utime.ts'
import type { PaxosEffect } from './effect.ts'
import { paxosMessage, type PaxosMessage, type PaxosOp } from './message.ts'
import type { PaxosOptions, PaxosState } from './state.ts'

/** The quorum without this monitor, ascending. */
export const peersOf = (state: PaxosState): readonly Rank[] =>
  state.term.quorum.filter((rank) => rank !== state.term.rank)

/** One message of the current epoch to `to`. */
export const send = (
  state: PaxosState,
  to: Rank,
  op: PaxosOp,
  now: number,
  fields: Parameters<typeof paxosMessage>[3],
): PaxosEffect => ({ _tag: 'Send', to, message: paxosMessage(state.term.epoch, op, now, fields) })

/** The same message to every other member of the quorum, in order of rank. */
export const sendToPeers = (
  state: PaxosState,
  op: PaxosOp,
  now: number,
  fields: Parameters<typeof paxosMessage>[3],
): readonly PaxosEffect[] => peersOf(state).map((to) => send(state, to, op, now, fields))

/** A set of ranks in canonical form. */
export const sortedRanks = (ranks: readonly Rank[]): readonly Rank[] => [...new Set(ranks)].sort(byNumber)

export const withRank = (ranks: readonly Rank[], rank: Rank): readonly Rank[] => sortedRanks([...ranks, rank])

/** What to say about a message stamped in the future. Source: ceph src/mon/Paxos.cc Paxos::warn_on_future_time. */
export const futureTimestamp = (
  from: Rank,
  message: PaxosMessage,
  now: number,
  options: PaxosOptions,
): readonly PaxosEffect[] => {
  const aheadMs = msOfUtime(message.sentTimestamp) - now
  return aheadMs > options.clockDriftAllowedMs ? [{ _tag: 'FutureTimestamp', from, aheadMs }] : []
}

export const callBootstrap = (reason: string): PaxosEffect => ({ _tag: 'CallBootstrap', reason })
