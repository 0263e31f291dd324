/**
 * The state graph of spec/MonPaxos.tla under given bounds, found by the model checker.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { readStateGraph } from '../spec/dot.ts'
import { runTlc } from '../spec/tlc.ts'
import { textGraph, type TextGraph } from './graph.ts'
import { paxosSpecText } from './paxos-text.ts'
import type { Election, PaxosBounds } from './paxos-world.ts'

const SPEC = join(import.meta.dirname, '..', 'spec')

/** Bounds with the name of their schedule in spec/MCMonPaxos.tla. */
export interface PaxosModel extends PaxosBounds {
  readonly schedule: string
}

const elected = (leader: number, ...quorum: number[]): Election => ({ leader, quorum })

const PAIRS: readonly Election[] = [
  elected(0, 0, 1),
  elected(1, 0, 1),
  elected(0, 0, 2),
  elected(2, 0, 2),
  elected(1, 1, 2),
  elected(2, 1, 2),
]
const ALL: readonly Election[] = [elected(0, 0, 1, 2), elected(1, 0, 1, 2), elected(2, 0, 1, 2)]

/** The schedules of MCElections that are compared with the code. */
export const SCHEDULES = {
  one: [[elected(0, 0, 1, 2)]],
  single: [[elected(0, 0)], [elected(0, 0)]],
  two: [[elected(0, 0, 1, 2)], [...PAIRS, ...ALL]],
  pairs: [PAIRS.slice(0, 2), PAIRS],
  rivals: [[elected(0, 0, 1)], [elected(2, 1, 2)], [elected(1, 0, 1), elected(1, 0, 1, 2)]],
  overtaken: [[elected(0, 0, 1)], [elected(0, 0, 1, 2), elected(0, 0, 2)]],
  interrupted: [[elected(0, 0, 1)], [elected(1, 0, 1)], [elected(0, 0, 1)]],
  laggard: [[elected(0, 0, 1)], [elected(0, 0, 2), elected(2, 1, 2)]],
} satisfies Record<string, readonly (readonly Election[])[]>

/** Bounds of a named schedule; what is not given is 0 or FALSE. */
export const paxosModel = (
  schedule: keyof typeof SCHEDULES,
  size: number,
  more: Partial<PaxosBounds>,
): PaxosModel => ({
  schedule,
  size,
  elections: SCHEDULES[schedule],
  maxProposals: 1,
  maxCrashes: 0,
  maxLosses: 0,
  maxRenewals: 0,
  trims: false,
  timeouts: false,
  ...more,
})

const truth = (value: boolean): string => (value ? 'TRUE' : 'FALSE')

/** The bounds as constants of the spec, in TLA+. */
export const paxosConstants = (model: PaxosModel): Readonly<Record<string, string>> => ({
  Size: String(model.size),
  Schedule: JSON.stringify(model.schedule),
  MaxProposals: String(model.maxProposals),
  MaxCrashes: String(model.maxCrashes),
  MaxLosses: String(model.maxLosses),
  MaxRenewals: String(model.maxRenewals),
  Trims: truth(model.trims),
  Timeouts: truth(model.timeouts),
})

/**
 * Runs the model checker for its graph. `spec` is the folder with the modules.
 *
 * Errors: a text when it cannot be run, or found an error.
 */
export const paxosGraph = async (model: PaxosModel, spec = SPEC): Promise<E.Either<string, TextGraph>> => {
  const folder = await mkdtemp(join(tmpdir(), 'monclave-graph-'))
  try {
    const dump = join(folder, 'graph.dot')
    const run = await runTlc({
      module: join(spec, 'MCMonPaxos.tla'),
      config: join(spec, 'MCMonPaxos.cfg'),
      constants: paxosConstants(model),
      invariants: ['TypeOK'],
      dump,
    })
    if (E.isLeft(run)) return run
    if (run.right.verdict._tag !== 'Ok') return E.left(JSON.stringify(run.right.verdict))
    return E.right(textGraph(await readStateGraph(dump, paxosSpecText)))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
