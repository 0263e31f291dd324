/**
 * Checks one trace and damaged copies of it, and says what was checked.
 */
import { corrupt, CORRUPTION_KINDS, type CorruptionKind } from './corrupt.ts'
import { known } from '../src/base/assert.ts'
import { legality } from './legal-damage.ts'
import { random } from './random.ts'
import type { TraceLine } from './trace-format.ts'
import { walk, type Adapter, type WalkReport } from './walk.ts'

/** What became of damaged copies. */
export interface CorruptionReport {
  readonly madeCount: ReadonlyMap<CorruptionKind, number>
  /** Descriptions of those that the walk accepted because they are traces all the same, with the reason. */
  readonly legal: readonly string[]
  /** Descriptions of those that the walk did not notice. */
  readonly survivors: readonly string[]
}

/** Walks `copies` damaged copies of each kind; a walk that accepts one has not noticed it. */
export const checkCorruptions = <World>(
  adapter: Adapter<World>,
  perNode: readonly (readonly TraceLine[])[],
  copies: number,
  seed: number,
): CorruptionReport => {
  const source = random(seed)
  const madeCount = new Map<CorruptionKind, number>()
  const survivors: string[] = []
  const legal: string[] = []
  for (const kind of CORRUPTION_KINDS)
    for (let made = 0; made < copies; made++) {
      const damaged = corrupt(perNode, kind, adapter.machine, source)
      if (damaged === null) continue
      madeCount.set(kind, (madeCount.get(kind) ?? 0) + 1)
      if (walk(adapter, damaged.perNode).verdict !== 'conforms') continue
      const reason = legality(damaged, known(perNode[damaged.node], 'the lines of a monitor'))
      if (reason === null) survivors.push(damaged.what)
      else legal.push(`${damaged.what}: ${reason}`)
    }
  return { madeCount, legal, survivors }
}

/** The sum of several reports, for a summary. */
export interface Totals {
  readonly traceCount: number
  readonly lineCount: number
  readonly fieldCount: number
  readonly actionCount: ReadonlyMap<string, number>
  readonly candidatesMax: number
  readonly candidatesMedianMax: number
  readonly corruptionCount: ReadonlyMap<CorruptionKind, number>
  readonly legal: readonly string[]
  readonly survivors: readonly string[]
  /** What the walks took, damaged copies aside. */
  readonly walkMs: number
}

export const NO_TOTALS: Totals = {
  traceCount: 0,
  lineCount: 0,
  fieldCount: 0,
  actionCount: new Map(),
  candidatesMax: 0,
  candidatesMedianMax: 0,
  corruptionCount: new Map(),
  legal: [],
  survivors: [],
  walkMs: 0,
}

const added = <Key>(
  left: ReadonlyMap<Key, number>,
  right: ReadonlyMap<Key, number>,
): ReadonlyMap<Key, number> => {
  const sum = new Map(left)
  for (const [key, count] of right) sum.set(key, (sum.get(key) ?? 0) + count)
  return sum
}

/** Totals with one more trace. */
export const withTrace = (totals: Totals, report: WalkReport, corruptions: CorruptionReport): Totals => ({
  traceCount: totals.traceCount + 1,
  lineCount: totals.lineCount + report.lineCount,
  fieldCount: totals.fieldCount + report.fieldCount,
  actionCount: added(totals.actionCount, report.actionCount),
  candidatesMax: Math.max(totals.candidatesMax, report.candidatesMax),
  candidatesMedianMax: Math.max(totals.candidatesMedianMax, report.candidatesMedian),
  corruptionCount: added(totals.corruptionCount, corruptions.madeCount),
  legal: [...totals.legal, ...corruptions.legal],
  survivors: [...totals.survivors, ...corruptions.survivors],
  walkMs: totals.walkMs + report.elapsedMs,
})

/** Of 10,000 damaged copies, how many may be accepted for no reason that legal-damage.ts knows. */
const SURVIVORS_PER_10000_MAX = 100

/** What a check of many traces has found. */
export interface Outcome {
  readonly isGood: boolean
  readonly text: string
}

const corruptionsMade = (totals: Totals): number =>
  [...totals.corruptionCount.values()].reduce((sum, count) => sum + count, 0)

/** Whether enough damaged copies were rejected. */
export const isNoticed = (totals: Totals): boolean =>
  totals.survivors.length * 10_000 <= corruptionsMade(totals) * SURVIVORS_PER_10000_MAX

const table = (counts: ReadonlyMap<string, number>): readonly string[] =>
  [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `    ${name.padEnd(20)}${String(count).padStart(8)}`)

/** The totals as text, one line a fact; `actions` are all that the model has. */
export const totalsText = (totals: Totals, actions: readonly string[]): string => {
  const never = actions.filter((action) => !totals.actionCount.has(action))
  const corruptions = corruptionsMade(totals)
  return [
    `  ${totals.traceCount} traces, ${totals.lineCount} events, ${totals.fieldCount} fields compared, ${Math.round((totals.lineCount * 1000) / Math.max(1, totals.walkMs))} events/s`,
    `  candidate states: median ${totals.candidatesMedianMax}, at most ${totals.candidatesMax}`,
    `  events checked by action:`,
    ...table(totals.actionCount),
    `  actions seen: ${actions.length - never.length} of ${actions.length}${never.length === 0 ? '' : `, never ${never.join(', ')}`}`,
    `  damaged copies: ${corruptions - totals.survivors.length - totals.legal.length} of ${corruptions} rejected`,
    ...table(totals.corruptionCount),
    ...totals.legal.map((what) => `    still a trace: ${what}`),
    ...totals.survivors.map((what) => `    not noticed: ${what}`),
  ].join('\n')
}
