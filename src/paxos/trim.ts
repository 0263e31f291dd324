/** Old versions go: the leader puts their removal into a proposal, so that every monitor trims alike. */
import { version } from '../base/brand.ts'
import { erase, putU64, type Op } from '../store/transaction.ts'
import { PAXOS_PREFIX, type PaxosOptions, type PaxosState } from './state.ts'

/** Whether so many versions are kept that some should go. Source: ceph src/mon/Paxos.h Paxos::should_trim. */
export const shouldTrim = ({ stored }: PaxosState, options: PaxosOptions): boolean =>
  stored.lastCommitted - stored.firstCommitted > options.versionsMin + options.trimMin

/**
 * Operations to append to the next proposal; none while there is nothing to trim.
 *
 * At most one proposal at a time may carry them: ask again only when that one is committed or abandoned.
 *
 * Shape:  erases first … end − 1, sets `first_committed` to end = min(last − versionsMin, first + trimMax), and has
 *         every store compact the range (Ceph's mon_compact_on_trim, on by default).
 * Source: ceph src/mon/Paxos.cc Paxos::trim; spec Trim.
 */
export const trimOps = (state: PaxosState, options: PaxosOptions): readonly Op[] => {
  if (!shouldTrim(state, options)) return []
  const { firstCommitted: first, lastCommitted: last } = state.stored
  const most = first + options.trimMax
  const end = version(last - options.versionsMin < most ? last - options.versionsMin : most)
  if (first >= end) return []
  const erased: Op[] = []
  for (let v = first; v < end; v = version(v + 1n)) erased.push(erase(PAXOS_PREFIX, v.toString()))
  const key = (first - 1n).toString()
  return [
    ...erased,
    putU64(PAXOS_PREFIX, 'first_committed', end),
    { type: 'compact', prefix: PAXOS_PREFIX, key, endKey: end.toString() },
  ]
}
