/**
 * The model checker's own opinion of a real trace of Paxos: does some behaviour of spec/MonPaxos.tla take its lines?
 */
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { runTlc } from '../spec/tlc.ts'
import { paxosLines, VALUES_MAX, type PaxosLine } from './paxos-lines.ts'
import type { TraceLine } from './trace-format.ts'
import { lineText } from './walk.ts'

const SPEC = join(import.meta.dirname, '..', 'spec')

export interface PaxosOpinion {
  /** Lines that some behaviour takes, of so many. */
  readonly takenCount: number
  readonly lineCount: number
  /** Lines that were not put to it, because they come after so many. */
  readonly restCount: number
  /** Lines that the specification cannot be asked about. */
  readonly beyond: readonly string[]
  /** The first line that no behaviour takes; empty when there is none. */
  readonly refused: readonly string[]
  readonly stateCount: number
  readonly elapsedMs: number
}

/** Ordinary numbers: no bound of the specification is in the way of a trace. */
const CONFIG = (size: number): string => `CONSTANTS
  Size = ${size}
  MaxProposals = ${VALUES_MAX}
  MaxCrashes = ${VALUES_MAX}
  MaxLosses = 0
  MaxRenewals = ${VALUES_MAX}
  Trims = FALSE
  Timeouts = FALSE
  Expiry = FALSE
  KeepLate = FALSE
  LeasesOutlast = TRUE
  MutantId = "none"
  Elections <- RealElections
  Lines <- RealLines
SPECIFICATION TraceSpec
INVARIANTS
  Progress
`

const moduleOf = (lines: readonly PaxosLine[], elections: readonly string[]): string =>
  [
    '---- MODULE RealTrace ----',
    'EXTENDS TraceMonPaxos',
    `RealElections == <<${elections.map((decided) => `{${decided}}`).join(', ')}>>`,
    `RealLines == <<\n${lines.map(({ text }) => text).join(',\n')}\n>>`,
    '====',
    '',
  ].join('\n')

/**
 * Asks the model checker about the lines that a walk took, in the order of the walk: about the first `linesMax`.
 *
 * Errors: a text when the model checker cannot be run, or stops at an error of its own.
 */
export const paxosOpinion = async (
  taken: readonly TraceLine[],
  rankOf: ReadonlyMap<string, number>,
  linesMax = Infinity,
): Promise<E.Either<string, PaxosOpinion>> => {
  const made = paxosLines(taken, rankOf)
  const { elections, beyond } = made
  const lines = made.lines.slice(0, linesMax)
  const folder = await mkdtemp(join(tmpdir(), 'monclave-trace-'))
  try {
    for (const module of ['MonPaxos.tla', 'TraceMonPaxos.tla'])
      await copyFile(join(SPEC, module), join(folder, module))
    await writeFile(join(folder, 'RealTrace.tla'), moduleOf(lines, elections))
    await writeFile(join(folder, 'RealTrace.cfg'), CONFIG(rankOf.size))
    const run = await runTlc({ module: join(folder, 'RealTrace.tla'), workerCount: 1 })
    if (E.isLeft(run)) return run
    const { verdict, printed, distinctCount, elapsedMs } = run.right
    if (verdict._tag !== 'Ok') return E.left(JSON.stringify(verdict).slice(0, 2000))
    const takenCount = Math.max(0, ...[...printed].map(Number))
    const next = lines[takenCount]
    const refused = next === undefined ? [] : [...next.of.map(lineText), next.text]
    return E.right({
      takenCount,
      lineCount: lines.length,
      restCount: made.lines.length - lines.length,
      beyond,
      refused,
      stateCount: distinctCount,
      elapsedMs,
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
