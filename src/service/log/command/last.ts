/** `log last [num] [level] [channel]`. Source: ceph src/mon/LogMonitor.cc LogMonitor::preprocess_command. */
import * as t from 'io-ts'
import { CLOG, type LogEntry, type LogSummary } from '../../../map/log-entry.ts'
import { CephInt, CephString, queryWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { failed, formatted } from '../../reply.ts'
import { levelOfName } from '../level.ts'
import { logEntryJson, printLogEntry } from '../print.ts'
import { orderedTail } from '../summary.ts'

const NUM_DEFAULT = 20
const CHANNEL_DEFAULT = 'cluster'
const CHANNEL_ALL = '*'

const Args = t.partial({ num: CephInt, level: CephString, channel: CephString })

export const logLast: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(Args, command, ({ num = NUM_DEFAULT, level, channel = CHANNEL_DEFAULT }) => {
      const priority = level === undefined ? CLOG.info : levelOfName(level)
      if (priority === undefined) return failed(ERRNO.EINVAL, `Invalid severity '${level ?? ''}'`)
      const entries = lastOf(channelOf(world.committed.logm.summary, channel), num, priority)
      return formatted(
        command,
        () => entries.map(logEntryJson),
        () => entries.map((entry) => `${printLogEntry(entry)}\n`).join(''),
      )
    }),
}

const channelOf = (summary: LogSummary, channel: string): readonly LogEntry[] =>
  channel === CHANNEL_ALL
    ? orderedTail(summary)
    : (summary.tailByChannel.get(channel) ?? []).map(([, entry]) => entry)

/**
 * The last `num` lines of a level, oldest first; and the one right before them when it is of the level too, because
 * the original's step back goes one too far.
 */
const lastOf = (entries: readonly LogEntry[], num: number, priority: number): readonly LogEntry[] => {
  let from = entries.length - 1
  for (let left = num; left > 0 && from >= 0; from--) if ((entries[from]?.prio ?? 0) >= priority) left--
  return entries.slice(Math.max(from, 0)).filter((entry) => entry.prio >= priority)
}
