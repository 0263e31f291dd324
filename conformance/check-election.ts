/**
 * The election's traces: simulated ones, and the election's lines of real ones, with the model checker's graph as a
 * second opinion on every step that lies within its bounds.
 */
import { electionMachine } from '../src/election/machine.ts'
import { electionArrows } from './chart.ts'
import {
  checkCorruptions,
  isNoticed,
  NO_TOTALS,
  totalsText,
  withTrace,
  type Outcome,
  type Totals,
} from './check.ts'
import { electionAdapter, ELECTION_ACTIONS, electionLines, type TracedWorld } from './election.ts'
import type { ElectionWorld, WorldBounds } from './election-world.ts'
import type { TextGraph } from './graph.ts'
import { secondOpinion } from './second-opinion.ts'
import { NAMES, simulate } from './simulate.ts'
import { parseTraceLines, type TraceLine } from './trace-format.ts'
import { walk, type Adapter } from './walk.ts'
import * as E from 'fp-ts/lib/Either.js'

/** The bounds of the graph that is asked for a second opinion. */
export const GRAPH_BOUNDS: WorldBounds = { size: 3, maxEpoch: 4, maxQueue: 2, maxWrites: 1, maxTroubles: 1 }

const SIZE = 3
/** Steps that the log does not show are part of these edges: they are none of the graph's. */
const isHidden = (before: ElectionWorld, line: TraceLine, after: ElectionWorld, node: number): boolean => {
  if (line.action === 'Restart') return before.mon[node]?.mode !== 'down'
  const from = Number(line.args['from'])
  if (Number.isNaN(from)) return line.action === 'Shutdown'
  const taken = (before.net[from]?.[node]?.length ?? 0) - (after.net[from]?.[node]?.length ?? 0)
  return taken !== 1
}

/** Modes that a trace has shown following one another. */
const arrowsOf = (perNode: readonly (readonly TraceLine[])[]): readonly string[] =>
  perNode.flatMap((lines) =>
    lines.map(
      ({ before, action, after }) => `${String(before['mode'])} -${action}-> ${String(after['mode'])}`,
    ),
  )

export class ElectionCheck {
  private totals: Totals = NO_TOTALS
  private readonly problems: string[] = []
  private readonly arrows = new Set<string>()
  private readonly opinion: ReturnType<typeof secondOpinion> | null
  private hiddenCount = 0

  /** `graph` is the model checker's, or null when it cannot be had. */
  constructor(graph: TextGraph | null) {
    this.opinion = graph === null ? null : secondOpinion(graph, GRAPH_BOUNDS)
  }

  /** Checks the lines of one run; `names` in the order of ranks. */
  trace(
    title: string,
    perNode: readonly (readonly TraceLine[])[],
    names: readonly string[],
    copies: number,
    seed: number,
  ): void {
    const rankOf = new Map(names.map((name, at) => [name, at]))
    const plain = electionAdapter(rankOf)
    const adapter: Adapter<TracedWorld> = {
      ...plain,
      onEdge: (before, line, after) => this.edge(before.world, line, after.world, rankOf.get(line.node) ?? 0),
    }
    const lines = perNode.map((own) => electionLines(own, rankOf))
    const report = walk(adapter, lines)
    if (report.verdict !== 'conforms') {
      this.problems.push(`${title} ${report.verdict}\n${report.explanation.join('\n')}`)
      return
    }
    for (const arrow of arrowsOf(lines)) this.arrows.add(arrow)
    this.totals = withTrace(this.totals, report, checkCorruptions(plain, lines, copies, seed))
  }

  /** Checks a simulated run. */
  simulated(seed: number, moveCount: number, copies: number): void {
    const { files } = simulate(seed, SIZE, moveCount)
    const perNode: (readonly TraceLine[])[] = []
    for (const text of files.values()) {
      const lines = parseTraceLines(text)
      if (E.isLeft(lines)) {
        this.problems.push(`seed ${seed}: ${lines.left}`)
        return
      }
      perNode.push(lines.right)
    }
    this.trace(`simulated run of seed ${seed}`, perNode, NAMES.slice(0, SIZE), copies, seed)
  }

  private edge(before: ElectionWorld, line: TraceLine, after: ElectionWorld, node: number): void {
    if (isHidden(before, line, after, node) || line.action === 'LoseMessage') this.hiddenCount++
    else this.opinion?.step(before, line.action, after)
  }

  outcome(title: string): Outcome {
    const opinion = this.opinion?.opinion()
    const chart = [...electionArrows(electionMachine)]
    const unseen = chart.filter((arrow) => !this.arrows.has(arrow)).sort()
    const text = [
      title,
      totalsText(this.totals, ELECTION_ACTIONS),
      `  arrows of the statechart seen: ${chart.length - unseen.length} of ${chart.length}`,
      ...unseen.map((arrow) => `    not seen: ${arrow}`),
      ...(opinion === undefined
        ? ['  no second opinion: the model checker is not there']
        : [
            `  second opinion: ${opinion.agreedCount} steps are edges of the model checker's graph (${opinion.edgeCount} different), ` +
              `${opinion.denied.length} are not, ${opinion.beyondCount} lie beyond its bounds, ${this.hiddenCount} have unseen parts`,
            ...opinion.denied.slice(0, 1),
          ]),
      ...this.problems,
    ].join('\n')
    return {
      isGood: this.problems.length === 0 && isNoticed(this.totals) && (opinion?.denied.length ?? 0) === 0,
      text,
    }
  }
}
