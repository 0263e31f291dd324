/**
 * Paxos's lines of real traces, with the model checker's own opinion of them.
 */
import * as E from 'fp-ts/lib/Either.js'
import { paxosMachine } from '../src/paxos/machine.ts'
import { paxosArrows } from './chart.ts'
import {
  checkCorruptions,
  isNoticed,
  NO_TOTALS,
  totalsText,
  withTrace,
  type Outcome,
  type Totals,
} from './check.ts'
import { PAXOS_ACTIONS, paxosAdapter } from './paxos.ts'
import { paxosOpinion, type PaxosOpinion } from './paxos-opinion.ts'
import { trimsOf } from './paxos-trims.ts'
import type { TraceLine } from './trace-format.ts'
import { walk } from './walk.ts'

const opinionText = (title: string, opinion: PaxosOpinion): readonly string[] => [
  `  second opinion: the model checker takes ${opinion.takenCount} of ${opinion.lineCount} steps of ${title} (${opinion.stateCount} states, ${(opinion.elapsedMs / 1000).toFixed(1)} s)`,
  ...(opinion.restCount === 0
    ? []
    : [`    not asked: the ${opinion.restCount} steps after them; --whole asks`]),
  ...opinion.beyond.map((what) => `    not asked: ${what}`),
  ...opinion.refused.map((line) => `    refused: ${line}`),
]

export class PaxosCheck {
  private totals: Totals = NO_TOTALS
  private readonly problems: string[] = []
  private readonly opinions: string[] = []
  private readonly arrows = new Set<string>()
  /** How many steps of a trace the model checker is asked about; 0 when it is not there. */
  private readonly askedMax: number

  constructor(askedMax: number) {
    this.askedMax = askedMax
  }

  /** Checks the lines of one run; `names` in the order of ranks. */
  async trace(
    title: string,
    perNode: readonly (readonly TraceLine[])[],
    names: readonly string[],
    copies: number,
    seed: number,
  ): Promise<void> {
    const rankOf = new Map(names.map((name, at) => [name, at]))
    const adapter = paxosAdapter(rankOf, trimsOf(perNode))
    const report = walk(adapter, perNode)
    if (report.verdict !== 'conforms') {
      this.problems.push(`${title} ${report.verdict}\n${report.explanation.join('\n')}`)
      return
    }
    for (const { machine, before, action, after } of report.taken)
      if (machine === 'paxos')
        this.arrows.add(`${String(before['mode'])} -${action}-> ${String(after['mode'])}`)
    this.totals = withTrace(this.totals, report, checkCorruptions(adapter, perNode, copies, seed))
    if (this.askedMax > 0) await this.ask(title, report.taken, rankOf)
  }

  private async ask(
    title: string,
    taken: readonly TraceLine[],
    rankOf: ReadonlyMap<string, number>,
  ): Promise<void> {
    const opinion = await paxosOpinion(taken, rankOf, this.askedMax)
    if (E.isLeft(opinion)) this.problems.push(`${title}: no second opinion: ${opinion.left}`)
    else {
      const { takenCount, lineCount } = opinion.right
      this.opinions.push(...opinionText(title, opinion.right))
      if (takenCount < lineCount) this.problems.push(`${title}: the model checker refuses a step`)
    }
  }

  outcome(title: string): Outcome {
    const chart = [...paxosArrows(paxosMachine)]
    const unseen = chart.filter((arrow) => !this.arrows.has(arrow)).sort()
    return {
      isGood: this.problems.length === 0 && isNoticed(this.totals),
      text: [
        title,
        totalsText(this.totals, PAXOS_ACTIONS),
        `  arrows of the statechart seen: ${chart.length - unseen.length} of ${chart.length}`,
        ...unseen.map((arrow) => `    not seen: ${arrow}`),
        ...(this.askedMax > 0 ? this.opinions : ['  no second opinion: the model checker is not there']),
        ...this.problems,
      ].join('\n'),
    }
  }
}
