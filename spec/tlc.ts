/**
 * Runs the model checker TLC on one model.
 *
 * Two TLC processes on one machine would unpack the standard modules into the same folder and put their states
 * into a folder named by the second: every run gets a temporary folder of its own for both. The evaluation cache
 * that TLC calls LazyValue is switched off, because releases before September 2023 can lose states with it.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { tla2toolsJar } from './fetch-tla2tools.ts'
import { parseTlcOutput, type TlcResult, type TlcVerdict } from './tlc-output.ts'

/** Fixed for dumps, so that the identifiers of nodes are the same in every run. */
const FINGERPRINT_INDEX = 1
const WORKER_COUNT = 2
const HEAP_MB = 3000

export interface TlcOptions {
  /** Path of the root module, `spec/MCMonElection.tla`. */
  readonly module: string
  /** Path of the configuration, by default beside the module. */
  readonly config?: string
  /** Constants that replace the configuration's, as TLA+ text: `MutantId` → `"E2"` with its quotes. */
  readonly constants?: Readonly<Record<string, string>>
  /** Checked instead of the configuration's invariants and properties. */
  readonly invariants?: readonly string[]
  /** Temporal properties, checked instead of the configuration's invariants and properties. */
  readonly properties?: readonly string[]
  /** Stands for the configuration's specification. */
  readonly specification?: string
  /** Where to write the state graph; one worker then, for a stable order. */
  readonly dump?: string
  /** 1 for liveness: with more this TLC can miss a violation. */
  readonly workerCount?: number
  /** The run is stopped after this; its verdict is then `Stopped`, unless it found a violation. */
  readonly stopAfterMs?: number
}

export interface TlcRun extends TlcResult {
  readonly elapsedMs: number
}

/** The parts of a configuration that a model may replace. */
export type ConfigChange = Pick<TlcOptions, 'constants' | 'invariants' | 'properties' | 'specification'>

const SECTION =
  /^(INVARIANTS?|PROPERTY|PROPERTIES)\b[\s\S]*?(?=^(?:CONSTANTS?|SPECIFICATION|INIT|NEXT|SYMMETRY|VIEW|CONSTRAINTS?|INVARIANTS?|PROPERTY|PROPERTIES|CHECK_DEADLOCK)\b|$(?![\s\S]))/gm

const section = (title: string, names: readonly string[] | undefined): string =>
  names === undefined || names.length === 0 ? '' : `\n${title}\n  ${names.join('\n  ')}\n`

/** The configuration's text, changed. Errors: names a constant that is not there. */
export const overrideConfig = (
  text: string,
  { constants = {}, invariants, properties, specification }: ConfigChange,
): E.Either<string, string> => {
  let changed =
    specification === undefined ? text : text.replace(/^SPECIFICATION .*$/m, `SPECIFICATION ${specification}`)
  for (const [name, value] of Object.entries(constants)) {
    const line = new RegExp(`^(\\s*(?:CONSTANTS?\\s+)?${name}\\s*=\\s*).*$`, 'm')
    if (!line.test(changed)) return E.left(`the configuration has no constant ${name}`)
    changed = changed.replace(line, (_, head: string) => head + value)
  }
  if (invariants === undefined && properties === undefined) return E.right(changed)
  return E.right(
    `${changed.replace(SECTION, '')}${section('INVARIANTS', invariants)}${section('PROPERTIES', properties)}`,
  )
}

interface Output {
  readonly text: string
  readonly isStopped: boolean
}

const java = async (
  args: readonly string[],
  cwd: string,
  stopAfterMs: number | undefined,
): Promise<E.Either<string, Output>> =>
  new Promise((done) => {
    let isStopped = false
    const child = spawn('java', [...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    const parts: Buffer[] = []
    child.stdout.on('data', (part: Buffer) => parts.push(part))
    child.stderr.on('data', (part: Buffer) => parts.push(part))
    child.on('error', (problem) => {
      done(E.left(`java did not start: ${problem.message}`))
    })
    const timer =
      stopAfterMs === undefined
        ? undefined
        : setTimeout(() => {
            isStopped = true
            child.kill()
          }, stopAfterMs)
    child.on('close', () => {
      clearTimeout(timer)
      done(E.right({ text: Buffer.concat(parts).toString('utf8'), isStopped }))
    })
  })

const tlcArguments = (
  jar: string,
  folder: string,
  config: string,
  options: TlcOptions,
): readonly string[] => [
  '-XX:+UseParallelGC',
  `-Xmx${HEAP_MB}m`,
  `-Djava.io.tmpdir=${folder}`,
  '-Dtlc2.value.impl.LazyValue.off=true',
  '-cp',
  jar,
  'tlc2.TLC',
  '-tool',
  '-coverage',
  '1',
  '-metadir',
  join(folder, 'states'),
  '-fp',
  String(FINGERPRINT_INDEX),
  '-workers',
  String(options.dump === undefined ? (options.workerCount ?? WORKER_COUNT) : 1),
  // A state without successor is the end of what the bounds allow, no error.
  '-deadlock',
  ...(options.dump === undefined ? [] : ['-dump', 'dot,actionlabels', resolve(options.dump)]),
  '-config',
  config,
  basename(options.module),
]

/**
 * Checks one model.
 *
 * Errors: a text when TLC cannot be run at all. A model that does not parse is a verdict, `Failed`.
 */
export const runTlc = async (options: TlcOptions): Promise<E.Either<string, TlcRun>> => {
  const jar = await tla2toolsJar()
  if (E.isLeft(jar)) return jar
  const configPath = options.config ?? options.module.replace(/\.tla$/, '.cfg')
  const text = await readFile(configPath, 'utf8')
  const changed = overrideConfig(text, options)
  if (E.isLeft(changed)) return E.left(`${configPath}: ${changed.left}`)
  const folder = await mkdtemp(join(tmpdir(), 'monclave-tlc-'))
  try {
    const config = join(folder, 'model.cfg')
    await writeFile(config, changed.right)
    const startedMs = performance.now()
    const output = await java(
      tlcArguments(jar.right, folder, config, options),
      resolve(dirname(options.module)),
      options.stopAfterMs,
    )
    if (E.isLeft(output)) return output
    const result = parseTlcOutput(output.right.text)
    const verdict: TlcVerdict =
      output.right.isStopped && result.verdict._tag === 'Failed' ? { _tag: 'Stopped' } : result.verdict
    return E.right({ ...result, verdict, elapsedMs: performance.now() - startedMs })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
