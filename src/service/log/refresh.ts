/**
 * From the store to the summary: the newest full one, then what the versions after it added. Every new line also
 * goes to the log file.
 *
 * Source: ceph src/mon/LogMonitor.cc LogMonitor::update_from_paxos.
 */
import * as E from 'fp-ts/lib/Either.js'
import { invariant } from '../../base/assert.ts'
import { decodeWhole } from '../../codec/reader.ts'
import { decodeLogSummary, type LogEntry, type LogSummary } from '../../map/log-entry.ts'
import type { LogLevel, ServiceEffect, World } from '../contract.ts'
import { LEVEL_NAMES } from './level.ts'
import { printLogEntry } from './print.ts'
import type { LogState } from './state.ts'
import { addEntries } from './summary.ts'
import { logEntriesOf } from './value.ts'

export const updateFromPaxos = (world: World, state: LogState): LogState => {
  const { store, options } = world
  const firstCommitted = store.u64('logm', 'first_committed')
  const lastCommitted = store.u64('logm', 'last_committed')
  if (lastCommitted === state.lastCommitted)
    return firstCommitted === state.firstCommitted ? state : { ...state, firstCommitted, fresh: [] }
  const tailMax = options.int('mon_log_max_summary')
  let summary = latestFull(world, state.summary)
  const fresh: LogEntry[] = []
  while (summary.version < lastCommitted) {
    const entries = logEntriesOf(store, summary.version + 1n)
    summary = addEntries(summary, entries, tailMax)
    for (const entry of entries) fresh.push(entry)
  }
  return { firstCommitted, lastCommitted, summary, fresh }
}

const latestFull = ({ store }: World, have: LogSummary): LogSummary => {
  const version = store.u64('logm', 'full_latest')
  if (version <= have.version) return have
  const bytes = store.get('logm', `full_${version}`)
  invariant(bytes !== undefined, `log summary ${version} is committed and not in the store`)
  const summary = decodeWhole(decodeLogSummary, bytes)
  invariant(E.isRight(summary), `log summary ${version} in the store cannot be decoded`)
  return summary.right
}

// Of an unknown level the file gets everything.
const levelName = (priority: number): LogLevel => LEVEL_NAMES.get(priority) ?? 'error'

/** Lines for the cluster log's file. */
export const writeFreshLines = (world: World, before: LogState): readonly ServiceEffect[] => {
  const { fresh } = world.committed.logm
  if (fresh === before.fresh || !world.options.bool('mon_cluster_log_to_file')) return []
  return fresh.map((entry) => ({
    _tag: 'WriteClusterLog',
    channel: entry.channel === '' ? 'cluster' : entry.channel,
    level: levelName(entry.prio),
    line: printLogEntry(entry),
  }))
}
