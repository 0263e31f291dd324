/**
 * A real quorum that leaves traces: three processes over sockets, their stores on disk.
 *
 * What happens to them: they start and form a quorum; a client writes, also through a peon; the leader is killed; the
 * others elect one of themselves, and the client writes again; the dead one comes back and joins; the client writes
 * once more. Then a peon is killed and misses so much that it has to copy what it lacks when it returns. At last it
 * misses more than the others keep, is killed while it copies a whole store, and copies it again.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import * as E from 'fp-ts/lib/Either.js'
import { known } from '../src/base/assert.ts'
import { createCluster, type LocalCluster, type LocalMonitor } from '../src/cli/local-cluster.ts'
import { cephCommand } from '../src/cli/ceph-command.ts'
import { portProblem, statusOf, stopMonitorProcess } from '../src/cli/monitor-process.ts'

const run = promisify(execFile)

const SIZE = 3
/** `MONCLAVE_PORT` chooses other ports. */
const PORT_FIRST = Number(process.env['MONCLAVE_PORT'] ?? 21_300)
const PORT_STEP = 10
const PORT_TRIES = 50
const QUORUM_MS_MAX = 60_000
const CLIENT_MS_MAX = 30_000
const POLL_MS = 200
const SETTLE_MS = 2_000
const KEYS = 3
/** Versions that a monitor may lack and still join; beyond them it copies. Ceph's default, 10, takes longer. */
const JOIN_DRIFT_MAX = 4
const KEYS_MISSED = 6
/** Versions that are kept; who misses more of them copies a whole store. Ceph's defaults take longer. */
const VERSIONS_MIN = 12
const TRIM_MIN = 3
const KEYS_TRIMMED = 20
/** A copy of a few hundred keys takes long enough to be met; it may be over all the same. */
const COPY_TRIES = 3
const COPY_POLL_MS = 2

export interface RealRun {
  /** The trace file of each monitor, by name. */
  readonly files: ReadonlyMap<string, string>
  /** What was done, one sentence each. */
  readonly story: readonly string[]
  /** Removes the cluster's folder. */
  readonly remove: () => Promise<void>
}

/** The monitor's program: `MONCLAVE_MON`, or the one in bin/. */
const monitorProgram = (): string =>
  process.env['MONCLAVE_MON'] ?? join(import.meta.dirname, '..', 'bin', 'ceph-mon')

const traceOf = (cluster: LocalCluster, { name }: LocalMonitor): string =>
  join(cluster.folder, `${name}.trace.ndjson`)

const freePort = async (): Promise<number | null> => {
  for (let tried = 0; tried < PORT_TRIES; tried++) {
    const port = PORT_FIRST + tried * PORT_STEP
    const problems = await Promise.all(Array.from({ length: SIZE }, (_, at) => portProblem(port + at)))
    if (problems.every((problem) => problem === undefined)) return port
  }
  return null
}

type Client = (words: readonly string[], through?: LocalMonitor) => Promise<E.Either<string, void>>

const hasStockClient = async (): Promise<boolean> => {
  try {
    await run('ceph', ['--version'], { timeout: CLIENT_MS_MAX })
    return true
  } catch {
    return false
  }
}

class Quorum {
  private readonly cluster: LocalCluster
  private readonly children = new Map<string, ChildProcess>()
  readonly story: string[] = []

  constructor(cluster: LocalCluster) {
    this.cluster = cluster
  }

  async make(): Promise<void> {
    const { conf, monmap, keyring } = this.cluster
    for (const { name } of this.cluster.monitors)
      await run(process.execPath, [
        monitorProgram(),
        ...['--mkfs', '-i', name, '-c', conf, '--monmap', monmap, '--keyring', keyring],
      ])
  }

  start(monitor: LocalMonitor): void {
    const trace = [
      ...['--monclave-trace', traceOf(this.cluster, monitor)],
      ...['--paxos-max-join-drift', String(JOIN_DRIFT_MAX)],
      ...['--paxos-min', String(VERSIONS_MIN), '--paxos-trim-min', String(TRIM_MIN)],
      ...['--paxos-propose-interval', '0.1', '--mon-sync-max-payload-keys', '1'],
    ]
    const child = spawn(
      process.execPath,
      [monitorProgram(), '-f', '-i', monitor.name, '-c', this.cluster.conf, ...trace],
      { stdio: 'ignore', detached: true },
    )
    this.children.set(monitor.name, child)
  }

  startAll(): void {
    for (const monitor of this.cluster.monitors) this.start(monitor)
    this.story.push(`started ${this.cluster.monitors.map(({ name }) => `mon.${name}`).join(', ')}`)
  }

  startAgain(name: string): void {
    const { monitors } = this.cluster
    this.start(
      known(
        monitors.find((monitor) => monitor.name === name),
        `mon.${name}`,
      ),
    )
    this.story.push(`started mon.${name} again`)
  }

  /** Waits until `names` say that they are in a quorum of so many. Errors: what they say instead. */
  async awaitQuorum(monitors: readonly LocalMonitor[]): Promise<E.Either<string, string>> {
    let said = ''
    for (let waitedMs = 0; waitedMs < QUORUM_MS_MAX; waitedMs += POLL_MS) {
      const statuses = await Promise.all(monitors.map(statusOf))
      if (statuses.every((status) => status?.quorum.length === monitors.length)) {
        const leader = statuses.find((status) => status?.state === 'leader')
        if (leader !== undefined) {
          this.story.push(`quorum of ${monitors.length}, led by mon.${leader.name}`)
          return E.right(leader.name)
        }
      }
      said = monitors.map(({ name }, at) => `mon.${name} ${statuses[at]?.state ?? 'silent'}`).join(', ')
      await sleep(POLL_MS)
    }
    return E.left(`no quorum of ${monitors.length} within ${QUORUM_MS_MAX / 1000} s: ${said}`)
  }

  /** Writes keys, through one monitor when it is given. Errors: the client's own words. */
  async write(key: string, count: number, through?: LocalMonitor): Promise<E.Either<string, void>> {
    const client = (await hasStockClient()) ? this.stockClient : this.ownClient
    for (let at = 0; at < count; at++) {
      const done = await client(['config-key', 'set', `${key}/${at}`, `value ${at}`], through)
      if (E.isLeft(done)) return done
    }
    this.story.push(`wrote ${count} keys${through === undefined ? '' : ` through mon.${through.name}`}`)
    return E.right(undefined)
  }

  private readonly stockClient: Client = async (words, through) => {
    const address = through === undefined ? [] : ['-m', `v2:127.0.0.1:${through.port}`]
    try {
      await run('ceph', ['-c', this.cluster.conf, ...address, ...words], { timeout: CLIENT_MS_MAX })
      return E.right(undefined)
    } catch (error) {
      return E.left((error as Error).message)
    }
  }

  /** Where Ceph is not installed. It goes to any monitor. */
  private readonly ownClient: Client = async (words) => {
    const { folder } = this.cluster
    const { code, err } = await cephCommand({ folder, help: false, words }, {}, Buffer.alloc(0))
    return code === 0 ? E.right(undefined) : E.left(err)
  }

  async kill(name: string): Promise<void> {
    const child = known(this.children.get(name), `the process of mon.${name}`)
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    this.story.push(`killed mon.${name}`)
  }

  /** Kills a monitor that has begun to copy a whole store. Gives whether it was still copying then. */
  async killCopying(monitor: LocalMonitor): Promise<E.Either<string, boolean>> {
    const actions = (): readonly string[] =>
      readFileSync(traceOf(this.cluster, monitor), 'utf8').match(/"action":"Store\w+"/g) ?? []
    const before = actions().length
    for (let waitedMs = 0; waitedMs < QUORUM_MS_MAX; waitedMs += COPY_POLL_MS) {
      const [begun] = actions().slice(before)
      if (begun?.includes('StoreDropped') === true) {
        await this.kill(monitor.name)
        return E.right(actions().length === before + 1)
      }
      await sleep(COPY_POLL_MS)
    }
    return E.left(`mon.${monitor.name} copies no store within ${QUORUM_MS_MAX / 1000} s`)
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.children.values()].map(stopMonitorProcess))
  }
}

const other = (monitors: readonly LocalMonitor[], name: string): readonly LocalMonitor[] =>
  monitors.filter((monitor) => monitor.name !== name)

/** The leader dies; the others go on; it comes back. Gives the leader's name. */
const loseLeader = async (
  quorum: Quorum,
  monitors: readonly LocalMonitor[],
  leader: string,
): Promise<E.Either<string, string>> => {
  await quorum.kill(leader)
  const rest = other(monitors, leader)
  const second = await quorum.awaitQuorum(rest)
  if (E.isLeft(second)) return second
  const during = await quorum.write('during', KEYS)
  if (E.isLeft(during)) return during
  quorum.startAgain(leader)
  const third = await quorum.awaitQuorum(monitors)
  if (E.isLeft(third)) return third
  const after = await quorum.write('after', KEYS)
  return E.isLeft(after) ? after : third
}

/** A peon dies, the others write `count` keys, and it is started again. */
const missWrites = async (
  quorum: Quorum,
  monitors: readonly LocalMonitor[],
  peon: LocalMonitor,
  what: string,
  count: number,
): Promise<E.Either<string, void>> => {
  await quorum.kill(peon.name)
  const rest = await quorum.awaitQuorum(other(monitors, peon.name))
  if (E.isLeft(rest)) return rest
  const missed = await quorum.write(what, count)
  if (E.isRight(missed)) quorum.startAgain(peon.name)
  return missed
}

/** A peon dies and comes back when the others are too far ahead to tell it everything. */
const losePeon = async (
  quorum: Quorum,
  monitors: readonly LocalMonitor[],
  leader: string,
): Promise<E.Either<string, void>> => {
  const peon = known(other(monitors, leader).at(-1), 'a peon')
  const missed = await missWrites(quorum, monitors, peon, 'missed', KEYS_MISSED)
  if (E.isLeft(missed)) return missed
  const all = await quorum.awaitQuorum(monitors)
  return E.isLeft(all) ? all : quorum.write('level', 1, peon)
}

/** A peon dies, misses more than the others keep, and dies again while it copies. */
const losePeonCopying = async (
  quorum: Quorum,
  monitors: readonly LocalMonitor[],
  leader: string,
): Promise<E.Either<string, void>> => {
  const peon = known(other(monitors, leader).at(-1), 'a peon')
  for (let tried = 0; tried < COPY_TRIES; tried++) {
    const missed = await missWrites(quorum, monitors, peon, `trimmed${tried}`, KEYS_TRIMMED)
    if (E.isLeft(missed)) return missed
    const wasCopying = await quorum.killCopying(peon)
    if (E.isLeft(wasCopying)) return wasCopying
    quorum.story.push(wasCopying.right ? 'it was copying a store' : 'it had copied a store')
    quorum.startAgain(peon.name)
    const all = await quorum.awaitQuorum(monitors)
    if (E.isLeft(all)) return all
    if (wasCopying.right) return quorum.write('copied', 1, peon)
  }
  return E.left(`mon.${peon.name} copied its store too fast, ${COPY_TRIES} times`)
}

/** The story, step by step; the first step that fails ends it. */
const play = async (quorum: Quorum, monitors: readonly LocalMonitor[]): Promise<E.Either<string, void>> => {
  quorum.startAll()
  const first = await quorum.awaitQuorum(monitors)
  if (E.isLeft(first)) return first
  const before = await quorum.write('before', KEYS)
  if (E.isLeft(before)) return before
  const peon = known(other(monitors, first.right)[0], 'a peon')
  const forwarded = await quorum.write('forwarded', 1, peon)
  if (E.isLeft(forwarded)) return forwarded
  const again = await loseLeader(quorum, monitors, first.right)
  if (E.isLeft(again)) return again
  const level = await losePeon(quorum, monitors, again.right)
  if (E.isLeft(level)) return level
  const copied = await losePeonCopying(quorum, monitors, again.right)
  if (E.isLeft(copied)) return copied
  await sleep(SETTLE_MS)
  return E.right(undefined)
}

/** Runs the story. Errors: why it could not be played to its end; the folder is kept then, and named. */
export const runRealQuorum = async (): Promise<E.Either<string, RealRun>> => {
  const port = await freePort()
  if (port === null) return E.left(`no ${SIZE} free ports above ${PORT_FIRST}`)
  const folder = join(await mkdtemp(join(tmpdir(), 'monclave-conformance-')), 'cluster')
  const cluster = createCluster(folder, SIZE, port)
  if (E.isLeft(cluster)) return cluster
  const { monitors } = cluster.right
  const quorum = new Quorum(cluster.right)
  try {
    await quorum.make()
    const played = await play(quorum, monitors)
    if (E.isLeft(played)) return E.left(`${quorum.story.join('; ')}; then ${played.left} (${folder})`)
  } catch (error) {
    return E.left(`${error instanceof Error ? error.message : String(error)} (${folder})`)
  } finally {
    await quorum.stopAll()
  }
  return E.right({
    files: new Map(monitors.map((monitor) => [monitor.name, traceOf(cluster.right, monitor)])),
    story: quorum.story,
    remove: () => rm(join(folder, '..'), { recursive: true, force: true }),
  })
}
