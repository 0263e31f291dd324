/**
 * Which values trim, and what: a trace names values and does not show them, but a leader's line tells which versions
 * were gone when it had committed one.
 */
import { version } from '../src/base/brand.ts'
import type { Trim } from './paxos-value.ts'
import type { TraceLine } from './trace-format.ts'

/** By the name of the value in the trace. */
export type Trims = ReadonlyMap<string, Trim>

export const NO_TRIMS: Trims = new Map()

/** Whether the first version that a monitor keeps has changed; that the first of all came is no trim. */
export const isTrim = ({ before, after }: TraceLine): boolean =>
  before['firstCommitted'] !== '0' && before['firstCommitted'] !== after['firstCommitted']

// A leader commits its own value, or leaves while it does.
const COMMITS: ReadonlySet<string> = new Set(['CommitWritten', 'Restart', 'Shutdown'])

const acceptedName = ({ before }: TraceLine): string | undefined => {
  const accepted = before['accepted']
  return typeof accepted === 'object' && accepted !== null && 'value' in accepted
    ? String(accepted.value)
    : undefined
}

/** What the lines of all monitors say of trims. */
export const trimsOf = (perNode: readonly (readonly TraceLine[])[]): Trims =>
  new Map(
    perNode.flat().flatMap((line) => {
      if (line.machine !== 'paxos' || !COMMITS.has(line.action) || !isTrim(line)) return []
      const name = acceptedName(line)
      const [firstCommitted, end] = [line.before, line.after].map((fields) =>
        version(BigInt(String(fields['firstCommitted']))),
      )
      return name === undefined || firstCommitted === undefined || end === undefined
        ? []
        : [[name, { firstCommitted, end }] as const]
    }),
  )
