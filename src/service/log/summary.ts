/**
 * The newest lines of each channel: what `log last` shows, and how a line that comes twice is recognized.
 *
 * Source: ceph src/common/LogEntry.h LogSummary.
 */
import type { LogEntry, LogSummary } from '../../map/log-entry.ts'

/** Equal for two copies of one line. Source: LogEntryKey: sender, time, sequence number. */
export const entryKey = ({ rank, stamp, seq }: LogEntry): string =>
  `${rank.type}.${rank.num} ${stamp.sec}.${stamp.nsec} ${seq}`

/** `summary` with the lines of one more version, of which each channel keeps the newest `tailMax`. */
export const addEntries = (
  summary: LogSummary,
  entries: readonly LogEntry[],
  tailMax: number,
): LogSummary => {
  const added = new Map<string, (readonly [bigint, LogEntry])[]>()
  let { seq } = summary
  for (const entry of entries) {
    const lines = added.get(entry.channel) ?? []
    lines.push([++seq, entry])
    added.set(entry.channel, lines)
  }
  const tailByChannel = new Map(summary.tailByChannel)
  for (const [channel, lines] of added)
    tailByChannel.set(channel, [...(tailByChannel.get(channel) ?? []), ...lines].slice(-tailMax))
  return { ...summary, version: summary.version + 1n, seq, tailByChannel }
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
