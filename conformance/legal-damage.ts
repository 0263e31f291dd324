/**
 * Damaged copies of a trace that are traces all the same. A walk that accepts one is right; the report says why.
 */
import type { Corruption } from './corrupt.ts'
import type { TraceLine } from './trace-format.ts'

const text = (value: unknown): string => JSON.stringify(value)

const isStart = (line: TraceLine | undefined): boolean =>
  line === undefined || (line.machine === 'election' && line.action === 'Restart')

/** Only an answer may have left. */
const isNeutral = (line: TraceLine | undefined): boolean =>
  line !== undefined && text(line.before) === text(line.after)

/**
 * Why the damage leaves a trace that monitors can have written; null when no reason is known.
 *
 * Shape:  `lines` are those of the damaged monitor, before the damage.
 */
export const legality = ({ kind, at, what }: Corruption, lines: readonly TraceLine[]): string | null => {
  const [previous, line, next] = [lines[at - 1], lines[at], lines[at + 1]]
  if (line === undefined) return null
  const own = lines.slice(at + 1).find(({ machine }) => machine === line.machine)
  if (kind === 'drop' && (isStart(next) || isStart(own)))
    return 'it is the last line of its process, which may have died before'
  if (kind === 'drop' && isStart(line) && text(previous?.after) === text(line.after))
    return 'the process before it was in the state in which this one starts'
  if (kind === 'swap' && isStart(line) && next !== undefined && text(next.before) === text(next.after))
    return 'the process before it ignores the message as well'
  if (kind === 'swap' && isStart(next) && text(line.before) === text(line.after))
    return 'the process after it ignores the message as well'
  if (kind === 'swap' && isNeutral(line) && isNeutral(next) && line.args['from'] !== next?.args['from'])
    return 'neither changes the monitor, and they answer different ones'
  if (kind === 'alter' && what.includes('args.hasEverJoined') && line.after['mode'] === 'leader')
    return 'a candidate with a majority leads whether it has ever joined a quorum or not'
  return null
}
