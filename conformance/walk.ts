/**
 * Walks a trace through a state space, with the set of all states in which the cluster can be.
 *
 * The lines of each process are in order; between processes the order is whatever lets every message be received
 * after it was sent, so no clock is asked. Handlers of different monitors commute except through messages, hence
 * taking any line that fits never spoils another, and the walk needs no way back. A line that fits only when
 * messages were lost is taken last.
 *
 * Verdicts: `conforms`; `violates`, with the shortest prefix and what each monitor could have done instead;
 * `outOfModel`, when the trace leaves what the model speaks about. The last is never silently a pass.
 */
import { known } from '../src/base/assert.ts'
import type { TraceLine } from './trace-format.ts'

/** A world's answer to a line: the worlds it leads to, or why it cannot be. */
export type Answer<World> =
  | { readonly _tag: 'Fits'; readonly worlds: readonly World[]; readonly fieldCount: number }
  | { readonly _tag: 'Rejects'; readonly reason: string }
  | { readonly _tag: 'OutOfModel'; readonly reason: string }

/** What a machine tells the walk about its state space. */
export interface Adapter<World> {
  /** Whose actions are counted; the other machine's lines may be among those walked. */
  readonly machine: TraceLine['machine']
  readonly initial: World
  /** Equal worlds and only those have equal texts. */
  readonly textOf: (world: World) => string
  /** `hidden`: whether steps that no log can show, losses of messages, may come before the line. */
  readonly accept: (world: World, line: TraceLine, hidden: boolean) => Answer<World>
  /** Called for every edge taken, in order. */
  readonly onEdge?: (before: World, line: TraceLine, after: World) => void
}

export interface WalkReport {
  readonly verdict: 'conforms' | 'violates' | 'outOfModel'
  /** For a violation: the last lines taken, then each monitor's next line with the reason against it. */
  readonly explanation: readonly string[]
  /** Lines of the adapter's machine. */
  readonly lineCount: number
  /** Fields compared between the trace and the model. */
  readonly fieldCount: number
  readonly actionCount: ReadonlyMap<string, number>
  readonly candidatesMax: number
  readonly candidatesMedian: number
}

const SHOWN_LINES = 8

/** A line in few words. */
export const lineText = ({ node, n, action, args, before, after, out }: TraceLine): string =>
  `${node}#${n} ${action} ${JSON.stringify(args)}: ${JSON.stringify(before)} to ${JSON.stringify(after)} out ${JSON.stringify(out)}`

const median = (counts: ReadonlyMap<number, number>): number => {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  let seen = 0
  for (const [size, count] of [...counts].sort(([a], [b]) => a - b)) {
    seen += count
    if (seen * 2 >= total) return size
  }
  return 0
}

type Step<World> =
  | { readonly _tag: 'Taken'; readonly candidates: ReadonlyMap<string, World>; readonly fieldCount: number }
  | { readonly _tag: 'Not'; readonly reason: string }
  | { readonly _tag: 'OutOfModel'; readonly reason: string }

const take = <World>(
  adapter: Adapter<World>,
  candidates: ReadonlyMap<string, World>,
  line: TraceLine,
  hidden: boolean,
): Step<World> => {
  const next = new Map<string, World>()
  let reason = 'no candidate'
  let fieldCount = 0
  for (const world of candidates.values()) {
    const answer = adapter.accept(world, line, hidden)
    if (answer._tag === 'OutOfModel') return { _tag: 'OutOfModel', reason: answer.reason }
    if (answer._tag === 'Rejects') reason = answer.reason
    else {
      fieldCount = answer.fieldCount
      for (const successor of answer.worlds) {
        adapter.onEdge?.(world, line, successor)
        next.set(adapter.textOf(successor), successor)
      }
    }
  }
  return next.size === 0 ? { _tag: 'Not', reason } : { _tag: 'Taken', candidates: next, fieldCount }
}

/**
 * Walks the lines of several processes.
 *
 * Shape:  `perNode[i]` are the lines of one monitor in its order.
 */
export const walk = <World>(
  adapter: Adapter<World>,
  perNode: readonly (readonly TraceLine[])[],
): WalkReport => {
  let candidates: ReadonlyMap<string, World> = new Map([[adapter.textOf(adapter.initial), adapter.initial]])
  const at = perNode.map(() => 0)
  const taken: TraceLine[] = []
  const actionCount = new Map<string, number>()
  const sizes = new Map<number, number>([[1, 1]])
  let fieldCount = 0
  let reasons: string[] = []
  const total = perNode.reduce((sum, lines) => sum + lines.length, 0)

  const report = (verdict: WalkReport['verdict'], explanation: readonly string[]): WalkReport => ({
    verdict,
    explanation,
    lineCount: taken.filter(({ machine }) => machine === adapter.machine).length,
    fieldCount,
    actionCount,
    candidatesMax: Math.max(...sizes.keys()),
    candidatesMedian: median(sizes),
  })
  const trouble = (): readonly string[] => [
    `after ${taken.length} of ${total} lines, the last of which are`,
    ...taken.slice(-SHOWN_LINES).map((line) => `  ${lineText(line)}`),
    `the model is in ${candidates.size} state(s), such as`,
    ...[...candidates.keys()].slice(0, 1).map((text) => text.replace(/^/gm, '  ')),
    'and no next line fits:',
    ...reasons.map((reason) => `  ${reason}`),
  ]

  const advance = (node: number, hidden: boolean): 'taken' | 'not' | 'outOfModel' => {
    const line = perNode[node]?.[at[node] ?? 0]
    if (line === undefined) return 'not'
    const step = take(adapter, candidates, line, hidden)
    if (step._tag !== 'Taken') {
      reasons.push(`${lineText(line)}\n    ${step.reason}`)
      return step._tag === 'Not' ? 'not' : 'outOfModel'
    }
    candidates = step.candidates
    fieldCount += step.fieldCount
    at[node] = known(at[node], 'a position') + 1
    taken.push(line)
    if (line.machine === adapter.machine)
      actionCount.set(line.action, (actionCount.get(line.action) ?? 0) + 1)
    sizes.set(candidates.size, (sizes.get(candidates.size) ?? 0) + 1)
    return 'taken'
  }

  while (taken.length < total) {
    reasons = []
    let moved = false
    for (const hidden of [false, true]) {
      for (let node = 0; node < perNode.length && !moved; node++) {
        const outcome = advance(node, hidden)
        if (outcome === 'outOfModel') return report('outOfModel', trouble())
        moved = outcome === 'taken'
      }
      if (moved) break
    }
    if (!moved) return report('violates', trouble())
  }
  return report('conforms', [])
}
