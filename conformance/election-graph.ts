/**
 * The state graph of spec/MonElection.tla under given bounds, found by the model checker.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { readStateGraph } from '../spec/dot.ts'
import { runTlc } from '../spec/tlc.ts'
import { specText } from './election-text.ts'
import type { WorldBounds } from './election-world.ts'
import { textGraph, type TextGraph } from './graph.ts'

const SPEC = join(import.meta.dirname, '..', 'spec')

/** The bounds as constants of the spec, in TLA+. */
export const constantsOf = (bounds: WorldBounds): Readonly<Record<string, string>> => ({
  Size: String(bounds.size),
  MaxEpoch: String(bounds.maxEpoch),
  MaxQueue: String(bounds.maxQueue),
  MaxWrites: String(bounds.maxWrites),
  MaxTroubles: String(bounds.maxTroubles),
})

/**
 * Runs the model checker for its graph. `spec` is the folder with the modules.
 *
 * Errors: a text when it cannot be run, or found an error.
 */
export const electionGraph = async (
  bounds: WorldBounds,
  spec = SPEC,
): Promise<E.Either<string, TextGraph>> => {
  const folder = await mkdtemp(join(tmpdir(), 'monclave-graph-'))
  try {
    const dump = join(folder, 'graph.dot')
    const run = await runTlc({
      module: join(spec, 'MCMonElection.tla'),
      config: join(spec, 'MCMonElection.cfg'),
      constants: constantsOf(bounds),
      invariants: ['TypeOK'],
      dump,
    })
    if (E.isLeft(run)) return run
    if (run.right.verdict._tag !== 'Ok') return E.left(JSON.stringify(run.right.verdict))
    return E.right(textGraph(await readStateGraph(dump, specText)))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
