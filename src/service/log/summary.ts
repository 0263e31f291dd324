/**
 * The newest lines of each channel: what `log last` shows, and how a line that comes twice is recognized.
 *
 * Source: ceph src/common/LogEntry.h LogSummary.
 */
import { withEntry } from '../../base/ordered.ts'
import type { LogEntry, LogSummary } from '../../map/log-entry.ts'

/** Equal for two copies of one line. Source: LogEntryKey: sender, time, sequence number. */
export const entryKey = ({ rank, stamp, seq }: LogEntry): string =>
  `${rank.type}.${rank.num} ${stamp.sec}.${stamp.nsec} ${seq}`

/** `summary` with one more line, of which each channel keeps the newest `tailMax`. */
export const addEntry = (summary: LogSummary, entry: LogEntry, tailMax: number): LogSummary => {
  const seq = summary.seq + 1n
  const tail = summary.tailByChannel.get(entry.channel) ?? []
  return {
    ...summary,
    seq,
    tailByChannel: withEntry(
      summary.tailByChannel,
      entry.channel,
      [...tail, [seq, entry] as const].slice(-tailMax),
    ),
  }
}

/** Keys of all lines that are kept. */
export const entryKeys = (summary: LogSummary): ReadonlySet<string> =>
  new Set([...summary.tailByChannel.values()].flatMap((tail) => tail.map(([, entry]) => entryKey(entry))))

/** Lines of all channels in the order in which they were committed. */
export const orderedTail = (summary: LogSummary): readonly LogEntry[] =>
  [...summary.tailByChannel.values()]
    .flat()
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, entry]) => entry)
