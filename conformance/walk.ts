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
  readonly elapsedMs: number
  /** The lines that were taken, of all machines, in an order in which they can have happened. */
  readonly taken: readonly TraceLine[]
}

const SHOWN_LINES = 8
const SHOWN_STATE_LINES = 20
const SHOWN_CHARS = 400

/** A line in few words: what happened, which fields of the state it changed, what went out. */
export const lineText = ({ node, n, action, args, before, after, out }: TraceLine): string => {
  const [was, is] = [before, after].map((fields) => (name: string) => JSON.stringify(fields[name]))
  const changed = Object.keys(after)
    .filter((name) => was?.(name) !== is?.(name))
    .map((name) => `${name} ${was?.(name) ?? ''} -> ${is?.(name) ?? ''}`)
  const sent = out.map((item) => JSON.stringify(item))
  return [
    `${node}#${n} ${action} ${JSON.stringify(args)}`,
    changed.length === 0 ? 'changes nothing' : changed.join(', '),
    ...(sent.length === 0 ? [] : [`out ${sent.join(' ')}`]),
  ].join(' | ')
}

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
  | { readonly _tag: 'Taken'; readonly candidates: readonly World[]; readonly fieldCount: number }
  | { readonly _tag: 'Not'; readonly reason: string }
  | { readonly _tag: 'OutOfModel'; readonly reason: string }

/** Different worlds only. A single one, which is the rule, needs no text. */
const distinct = <World>({ textOf }: Adapter<World>, worlds: readonly World[]): readonly World[] =>
  worlds.length <= 1 ? worlds : [...new Map(worlds.map((world) => [textOf(world), world])).values()]

const take = <World>(
  adapter: Adapter<World>,
  candidates: readonly World[],
  line: TraceLine,
  hidden: boolean,
): Step<World> => {
  const next: World[] = []
  let reason = 'no candidate'
  let fieldCount = 0
  for (const world of candidates) {
    const answer = adapter.accept(world, line, hidden)
    if (answer._tag === 'OutOfModel') return { _tag: 'OutOfModel', reason: answer.reason }
    if (answer._tag === 'Rejects') reason = answer.reason
    else {
      fieldCount = answer.fieldCount
      for (const successor of answer.worlds) {
        adapter.onEdge?.(world, line, successor)
        next.push(successor)
      }
    }
  }
  return next.length === 0
    ? { _tag: 'Not', reason }
    : { _tag: 'Taken', candidates: distinct(adapter, next), fieldCount }
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
  const startedMs = performance.now()
  let candidates: readonly World[] = [adapter.initial]
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
    elapsedMs: performance.now() - startedMs,
    taken,
  })
  const trouble = (): readonly string[] => [
    `after ${taken.length} of ${total} lines, the last of which are`,
    ...taken.slice(-SHOWN_LINES).map((line) => `  ${lineText(line)}`),
    `the model is in ${candidates.length} state(s), such as`,
    ...candidates.slice(0, 1).flatMap((world) =>
      adapter
        .textOf(world)
        .split('\n')
        .slice(0, SHOWN_STATE_LINES)
        .map((part) => `  ${part.slice(0, SHOWN_CHARS)}`),
    ),
    'and no next line fits:',
    ...new Set(reasons.map((reason) => `  ${reason}`)),
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
    sizes.set(candidates.length, (sizes.get(candidates.length) ?? 0) + 1)
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
