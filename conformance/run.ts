/**
 * `make conformance`: does what the monitors did follow the specification?
 *
 *   npx tsx conformance/run.ts [--seeds N] [--moves N] [--copies N] [--simulated] [--no-graph] [--keep FOLDER]
 *                              [--whole] [FOLDER …]
 *
 * Simulated clusters first, then a real quorum of three processes on ports from MONCLAVE_PORT; with FOLDERs, the
 * traces in them (one `NAME.trace.ndjson` a monitor) instead. `--keep` copies the traces of the real quorum there;
 * `--whole` asks the model checker about every step of Paxos. The exit code is 1 when anything violates the
 * specification, leaves the model, or goes unnoticed in a damaged copy.
 */
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { ElectionCheck, GRAPH_BOUNDS } from './check-election.ts'
import { PaxosCheck } from './check-paxos.ts'
import type { Outcome } from './check.ts'
import { runRealQuorum } from './cluster.ts'
import { electionGraph } from './election-graph.ts'
import type { TextGraph } from './graph.ts'
import { readTrace, type TraceLine } from './trace-format.ts'

interface Options {
  readonly seeds: number
  readonly moves: number
  readonly copies: number
  readonly isSimulatedOnly: boolean
  readonly hasGraph: boolean
  readonly keep: string | undefined
  readonly askedMax: number
  readonly folders: readonly string[]
}

/** Of a trace of Paxos the model checker is asked about so many steps: its time grows with their square. */
const ASKED_STEPS = 300

const SUFFIX = '.trace.ndjson'

const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

const optionsOf = (args: readonly string[]): Options => {
  const number = (name: string, otherwise: number): number => {
    const at = args.indexOf(name)
    return at < 0 ? otherwise : Number(args[at + 1])
  }
  const named = new Set(
    ['--seeds', '--moves', '--copies', '--keep'].flatMap((name) => {
      const at = args.indexOf(name)
      return at < 0 ? [] : [at, at + 1]
    }),
  )
  return {
    seeds: number('--seeds', 40),
    moves: number('--moves', 300),
    copies: number('--copies', 10),
    isSimulatedOnly: args.includes('--simulated'),
    askedMax: args.includes('--whole') ? Infinity : ASKED_STEPS,
    hasGraph: !args.includes('--no-graph'),
    keep: args.includes('--keep') ? args[args.indexOf('--keep') + 1] : undefined,
    folders: args.filter((arg, at) => !named.has(at) && !arg.startsWith('--')),
  }
}

/** Left: why it cannot be had. */
const graphOf = async (): Promise<E.Either<string, TextGraph>> => {
  const startedMs = performance.now()
  const graph = await electionGraph(GRAPH_BOUNDS)
  if (E.isLeft(graph)) {
    say(graph.left)
    return graph
  }
  say(
    `the model checker's graph of the election: ${graph.right.size} states, ${((performance.now() - startedMs) / 1000).toFixed(1)} s`,
  )
  return graph
}

interface Trace {
  readonly title: string
  readonly names: readonly string[]
  readonly perNode: readonly (readonly TraceLine[])[]
}

/** The traces of one run, files in the order of ranks. Errors: the first file that is no trace. */
const load = async (title: string, files: ReadonlyMap<string, string>): Promise<E.Either<string, Trace>> => {
  const perNode: (readonly TraceLine[])[] = []
  for (const path of files.values()) {
    const lines = await readTrace(path)
    if (E.isLeft(lines)) return lines
    perNode.push(lines.right)
  }
  return E.right({ title, names: [...files.keys()], perNode })
}

const filesIn = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX)).sort()
  return new Map(names.map((name) => [name.slice(0, -SUFFIX.length), join(folder, name)]))
}

const realTraces = async ({ folders, keep }: Options): Promise<E.Either<string, readonly Trace[]>> => {
  if (folders.length > 0) {
    const traces: Trace[] = []
    for (const folder of folders) {
      const trace = await load(folder, await filesIn(folder))
      if (E.isLeft(trace)) return trace
      traces.push(trace.right)
    }
    return E.right(traces)
  }
  const real = await runRealQuorum()
  if (E.isLeft(real)) return real
  say(`a real quorum: ${real.right.story.join('; ')}`)
  if (keep !== undefined) {
    await mkdir(keep, { recursive: true })
    for (const path of real.right.files.values()) await copyFile(path, join(keep, basename(path)))
  }
  const trace = await load('a real quorum', real.right.files)
  if (E.isRight(trace)) await real.right.remove()
  return E.map((one: Trace) => [one])(trace)
}

const simulated = (options: Options, graph: TextGraph | null): Outcome => {
  const check = new ElectionCheck(graph)
  const startedMs = performance.now()
  for (let seed = 1; seed <= options.seeds; seed++) check.simulated(seed, options.moves, options.copies)
  const outcome = check.outcome('election, simulated')
  say(`${outcome.text}\n  ${((performance.now() - startedMs) / 1000).toFixed(1)} s`)
  return outcome
}

const real = async (
  options: Options,
  graph: TextGraph | null,
  traces: readonly Trace[],
): Promise<readonly Outcome[]> => {
  const check = new ElectionCheck(graph)
  for (const { title, names, perNode } of traces) check.trace(title, perNode, names, options.copies * 10, 1)
  const paxos = new PaxosCheck(graph === null ? 0 : options.askedMax)
  for (const { title, names, perNode } of traces)
    await paxos.trace(title, perNode, names, options.copies * 10, 1)
  const outcomes = [check.outcome('election, real processes'), paxos.outcome('paxos, real processes')]
  for (const { text } of outcomes) say(text)
  return outcomes
}

/** For `make check`: each outcome is a test, and so is the comparison with the model checker's graph. */
const leaveResults = async (outcomes: readonly Outcome[], noGraph: string | undefined): Promise<void> => {
  const file = process.env['RESULTS_FILE']
  if (file === undefined) return
  const failures = outcomes
    .filter(({ isGood }) => !isGood)
    .map(({ text }) => text.replaceAll(/\s*\n\s*/g, '; '))
  const skips = noGraph === undefined ? [] : [`second opinion by TLC's graph: ${noGraph}`]
  const passed = outcomes.length - failures.length
  await writeFile(
    file,
    JSON.stringify({ passed, failed: failures.length, skipped: skips.length, failures, skips }),
  )
}

const main = async (options: Options): Promise<number> => {
  const graph = options.hasGraph ? await graphOf() : undefined
  const seen = graph !== undefined && E.isRight(graph) ? graph.right : null
  const outcomes = options.folders.length > 0 ? [] : [simulated(options, seen)]
  if (!options.isSimulatedOnly) {
    const traces = await realTraces(options)
    if (E.isLeft(traces)) {
      say(`no trace of real processes: ${traces.left}`)
      return 1
    }
    outcomes.push(...(await real(options, seen, traces.right)))
  }
  await leaveResults(outcomes, graph !== undefined && E.isLeft(graph) ? graph.left : undefined)
  const isGood = outcomes.every((outcome) => outcome.isGood)
  say(isGood ? 'conforms' : 'DOES NOT CONFORM')
  return isGood ? 0 : 1
}

process.exitCode = await main(optionsOf(process.argv.slice(2)))
