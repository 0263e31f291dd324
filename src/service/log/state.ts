/** Committed state and pending change of the log service. */
import { EMPTY_LOG_SUMMARY, type LogEntry, type LogSummary } from '../../map/log-entry.ts'
import type { Committed } from '../committed.ts'

export interface LogState extends Committed {
  /** Of version lastCommitted. */
  readonly summary: LogSummary
  /** Lines that the last refresh brought, for the log file. */
  readonly fresh: readonly LogEntry[]
}

export interface LogPending {
  /** In the order in which they came. */
  readonly entries: readonly LogEntry[]
}

export const INITIAL_LOG_STATE: LogState = {
  firstCommitted: 0n,
  lastCommitted: 0n,
  summary: EMPTY_LOG_SUMMARY,
  fresh: [],
}
