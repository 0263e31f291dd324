/**
 * Paxos's lines of real traces.
 */
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
import type { TraceLine } from './trace-format.ts'
import { walk } from './walk.ts'

export class PaxosCheck {
  private totals: Totals = NO_TOTALS
  private readonly problems: string[] = []

  /** Checks the lines of one run; `names` in the order of ranks. */
  trace(
    title: string,
    perNode: readonly (readonly TraceLine[])[],
    names: readonly string[],
    copies: number,
    seed: number,
  ): void {
    const adapter = paxosAdapter(new Map(names.map((name, at) => [name, at])))
    const report = walk(adapter, perNode)
    if (report.verdict !== 'conforms')
      this.problems.push(`${title} ${report.verdict}\n${report.explanation.join('\n')}`)
    else this.totals = withTrace(this.totals, report, checkCorruptions(adapter, perNode, copies, seed))
  }

  outcome(title: string): Outcome {
    return {
      isGood: this.problems.length === 0 && isNoticed(this.totals),
      text: [title, totalsText(this.totals, PAXOS_ACTIONS), ...this.problems].join('\n'),
    }
  }
}
