/** Lines of the cluster log as text and as JSON. Source: ceph src/common/LogEntry.h operator<<, LogEntry::dump. */
import type { JsonRecord } from '../../base/json.ts'
import { addrvecJson } from '../../codec/type/entity-addr-json.ts'
import { printEntityName, printEntityNumber } from '../../codec/type/entity-name.ts'
import { printUtime } from '../../codec/type/utime.ts'
import type { LogEntry } from '../../map/log-entry.ts'
import { levelMark } from './level.ts'

/** `2024-05-01T12:34:56.123456+0000 mon.a (mon.0) 7 : cluster [INF] text`. */
export const printLogEntry = (e: LogEntry): string =>
  `${printUtime(e.stamp)} ${printEntityName(e.name)} (${printEntityNumber(e.rank)}) ${e.seq} : ` +
  `${e.channel} ${levelMark(e.prio)} ${e.msg}`

export const logEntryJson = (e: LogEntry): JsonRecord => ({
  name: printEntityName(e.name),
  rank: printEntityNumber(e.rank),
  addrs: addrvecJson(e.addrs),
  stamp: printUtime(e.stamp),
  seq: e.seq,
  channel: e.channel,
  priority: levelMark(e.prio),
  message: e.msg,
})
