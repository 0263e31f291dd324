/**
 * `log-info` and its like: lines of that level and above, as they are committed.
 *
 * Source: ceph src/mon/LogMonitor.cc LogMonitor::check_sub, _create_sub_incremental.
 */
import { utimeOfMs } from '../../codec/type/utime.ts'
import { CLOG, type LogEntry } from '../../map/log-entry.ts'
import type { Session, Subscription, SubscriptionAnswer, World } from '../contract.ts'
import { levelOfName } from './level.ts'
import { logEntriesOf } from './value.ts'

const PREFIX = 'log-'

export const LOG_SUBSCRIPTIONS: readonly string[] = [
  'log-debug',
  'log-info',
  'log-sec',
  'log-warn',
  'log-error',
]

export const subscribeLog = (
  world: World,
  _session: Session,
  { what, start }: Subscription,
): SubscriptionAnswer | undefined => {
  const { firstCommitted, lastCommitted } = world.committed.logm
  const level = levelOfName(what.slice(PREFIX.length))
  if (level === undefined || start > lastCommitted) return undefined
  const wanted = start === 0n ? lastCommitted : start
  const from = wanted < firstCommitted ? firstCommitted : wanted
  const entries = wanted < from ? [skippedEntry(world, wanted, from)] : []
  for (let version = from; version > 0n && version <= lastCommitted; version++)
    entries.push(...logEntriesOf(world.store, version).filter((entry) => entry.prio >= level))
  return {
    messages:
      entries.length === 0 ? [] : [{ _tag: 'MLog', version: lastCommitted, fsid: world.fsid, entries }],
    next: lastCommitted + 1n,
  }
}

const skippedEntry = (world: World, wanted: bigint, from: bigint): LogEntry => ({
  name: { type: 0, id: '' },
  rank: { type: 0, num: 0n },
  addrs: [],
  stamp: utimeOfMs(world.now),
  seq: 0n,
  prio: CLOG.warn,
  msg: `skipped log messages from ${wanted} to ${from}`,
  channel: '',
})
