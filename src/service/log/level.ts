/** Names of the cluster log's levels. Source: ceph src/common/LogEntry.cc LogEntry::str_to_level, operator<<. */
import { CLOG } from '../../map/log-entry.ts'
import type { LogLevel } from '../contract.ts'

const LEVELS: ReadonlyMap<string, number> = new Map([
  ['debug', CLOG.debug],
  ['info', CLOG.info],
  ['sec', CLOG.sec],
  ['warn', CLOG.warn],
  ['warning', CLOG.warn],
  ['error', CLOG.error],
  ['err', CLOG.error],
])

/** Number of a level's name, in any case; undefined for a word that is none. */
export const levelOfName = (name: string): number | undefined => LEVELS.get(name.toLowerCase())

const MARKS: ReadonlyMap<number, string> = new Map([
  [CLOG.debug, '[DBG]'],
  [CLOG.info, '[INF]'],
  [CLOG.sec, '[SEC]'],
  [CLOG.warn, '[WRN]'],
  [CLOG.error, '[ERR]'],
])

/** `[WRN]`. */
export const levelMark = (priority: number): string => MARKS.get(priority) ?? '[???]'

/** Number to the name that the log file is filtered by. */
export const LEVEL_NAMES: ReadonlyMap<number, LogLevel> = new Map([
  [CLOG.debug, 'debug'],
  [CLOG.info, 'info'],
  [CLOG.sec, 'sec'],
  [CLOG.warn, 'warn'],
  [CLOG.error, 'error'],
])
