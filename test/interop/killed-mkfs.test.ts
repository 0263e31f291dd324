/**
 * The programs that change a stopped monitor's folder, killed with SIGKILL at seeded moments: after --mkfs the next one
 * makes a whole folder of whatever was left, and until then no monitor starts on it; after --inject-monmap and
 * --compact the store is as before, or as it was to be.
 *
 * KILL_SEED repeats a run's choices (not the timing of the processes), KILL_PORT the first port.
 */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StoreView } from '../../src/store/view.ts'
import { Random } from '../paxos/random.ts'
import { MonProcesses } from './mon-process.ts'
import { makeQuorum, type QuorumCluster } from './quorum-cluster.ts'
import { haveCeph } from './real-mon.ts'
import { checkAgreement, readStore } from './store-agreement.ts'

const PORT = Number(process.env['KILL_PORT'] ?? 22_350)
const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000)
const LEAD_MS_MAX = 30_000
/** Each kind of moment has to be met so often; on a busy machine it takes more deaths. */
const HITS_MIN = 3
const DEATHS_MAX = 80

describe(`programs killed over a folder (KILL_SEED=${seed})`, function () {
  this.timeout(240_000)
  this.bail(true)
  const random = new Random(seed)
  let cluster: QuorumCluster
  let monitors: MonProcesses

  before(async function () {
    if (!haveCeph()) this.skip()
    cluster = makeQuorum(PORT, ['ours'])
    monitors = new MonProcesses(cluster)
    cpSync(data(), kept('made'), { recursive: true })
    await leads()
    // Leading is not having committed yet.
    cluster.ok(['config-key', 'set', 'kept', 'value'])
    await monitors.kill(['a'])
    cpSync(data(), kept('used'), { recursive: true })
  })

  after(async () => {
    await monitors.kill(cluster.names)
    cluster.stop()
  })

  const data = (): string => cluster.dataFolder('a')
  const kept = (name: string): string => join(cluster.folder, `kept.${name}`)

  const restore = (name: string): void => {
    rmSync(data(), { recursive: true, force: true })
    cpSync(kept(name), data(), { recursive: true })
  }

  // Of a copy: only the programs open what they have left.
  const storeIn = async (folder: string): Promise<StoreView> => {
    const copy = join(cluster.folder, 'read')
    rmSync(copy, { recursive: true, force: true })
    cpSync(folder, copy, { recursive: true })
    return readStore(join(copy, 'store.db'))
  }

  const contents = async (folder: string): Promise<readonly string[]> =>
    [...(await storeIn(folder)).after(undefined)].map(
      ([prefix, key, value]) => `${prefix} ${key} ${value.toString('hex')}`,
    )

  const run = (...args: readonly string[]): { readonly code: number | null; readonly text: string } => {
    const [program, base] = cluster.program('a')
    const log = join(cluster.folder, 'mon.a.log')
    writeFileSync(log, '')
    const { status, stderr } = spawnSync(program, [...base, ...args], { encoding: 'utf8', timeout: 50_000 })
    return { code: status, text: stderr + readFileSync(log, 'utf8') }
  }

  const leads = async (): Promise<void> => {
    monitors.start('a')
    const end = Date.now() + LEAD_MS_MAX
    while (!(await monitors.isComplete())) {
      assert.deepEqual(monitors.deaths, [])
      assert.ok(Date.now() < end, `mon.a does not lead within ${LEAD_MS_MAX} ms`)
      await sleep(20)
    }
  }

  /** Runs the program and kills it so many ms after `begun`, or at the latest after `msMax`; gives what it said. */
  const killed = async (
    args: readonly string[],
    begun: (said: string) => boolean,
    ms: number,
    msMax: number,
  ): Promise<string> => {
    const [program, base] = cluster.program('a')
    const child = spawn(program, [...base, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    const ended = once(child, 'close')
    const end = Date.now() + msMax
    while (!begun(said) && Date.now() < end && child.exitCode === null) await sleep(0)
    if (begun(said)) await sleep(ms)
    child.kill('SIGKILL')
    await ended
    return said
  }

  const isOpened = (): boolean => existsSync(join(data(), 'store.db', 'LOG'))

  /** Kills until each of the outcomes was met often enough; `once` makes one death and says which it was. */
  const untilMet = async (outcomes: readonly string[], once: () => Promise<string>): Promise<void> => {
    const met = new Map(outcomes.map((outcome) => [outcome, 0]))
    const text = (): string => [...met].map(([outcome, count]) => `${outcome} ${count}`).join(', ')
    for (let deaths = 0; [...met.values()].some((count) => count < HITS_MIN); deaths++) {
      assert.ok(deaths < DEATHS_MAX, `after ${deaths} deaths: ${text()}`)
      const outcome = await once()
      met.set(outcome, (met.get(outcome) ?? 0) + 1)
    }
    console.log(`      ${text()}`)
  }

  it('--mkfs: before, while or after the store is made; the next --mkfs makes a whole folder', async () => {
    const files = ['--monmap', join(cluster.folder, 'monmap'), '--keyring', join(cluster.folder, 'keyring')]
    const mkfs = ['--mkfs', ...files]
    const whole = await contents(kept('made'))
    const keyring = readFileSync(join(kept('made'), 'keyring'))
    const hasBegun = (): boolean => existsSync(data()) && readdirSync(data()).length > 0
    rmSync(data(), { recursive: true })
    const begun = Date.now()
    assert.equal(run(...mkfs).code, 0)
    const wholeMs = Date.now() - begun
    let started = 0
    await untilMet(['before', 'within', 'after'], async () => {
      rmSync(data(), { recursive: true, force: true })
      // Anywhere, which is mostly before, or from the first file on.
      const anywhere = random.below(Math.ceil(1.2 * wholeMs))
      if (random.chance(0.4)) await killed(mkfs, () => false, 0, anywhere)
      else await killed(mkfs, hasBegun, random.below(40), 10 * wholeMs)
      const left = existsSync(data()) ? readdirSync(data()) : []
      const outcome = left.includes('store.db') ? 'after' : left.length > 0 ? 'within' : 'before'
      if (outcome !== 'after') {
        const { code, text } = run('-f')
        assert.equal(code, 1, text)
        assert.match(text, outcome === 'before' ? /have you run 'mkfs'\?/ : /did not come to its end: run it/)
      }
      const { code, text } = run(...mkfs)
      assert.equal(code, 0, text)
      assert.match(text, { before: /^$/, within: /making it again/, after: /may already exist/ }[outcome])
      assert.deepEqual(readdirSync(data()).sort(), ['keyring', 'kv_backend', 'store.db'])
      assert.deepEqual(await contents(data()), whole)
      assert.deepEqual(readFileSync(join(data(), 'keyring')), keyring)
      if (outcome === 'within' && started < HITS_MIN) {
        started += 1
        await leads()
        await monitors.kill(['a'])
      }
      return outcome
    })
  })

  it('--mkfs of a folder that another program left half made names the remedy, and makes nothing', () => {
    rmSync(data(), { recursive: true })
    mkdirSync(data())
    writeFileSync(join(data(), 'keyring'), '')
    const made = run('--mkfs', '--monmap', join(cluster.folder, 'monmap'))
    assert.equal(made.code, 1)
    assert.match(made.text, /holds no monitor: empty it and run 'mkfs' again/)
    assert.deepEqual(readdirSync(data()), ['keyring'])
    const started = run('-f')
    assert.equal(started.code, 1)
    assert.match(started.text, /there is no store at/)
  })

  it('--inject-monmap: the store is as before, or has the new map; the monitor starts', async () => {
    const inject = ['--inject-monmap', join(cluster.folder, 'monmap')]
    const before = await contents(kept('used'))
    restore('used')
    assert.equal(run(...inject).code, 0)
    const injected = await contents(data())
    assert.notDeepEqual(injected, before)
    await untilMet(['as before', 'with the map'], async () => {
      restore('used')
      rmSync(join(data(), 'store.db', 'LOG'), { force: true })
      await killed(inject, isOpened, random.below(40), 10_000)
      const left = await contents(data())
      const isInjected = left.length === injected.length
      assert.deepEqual(left, isInjected ? injected : before)
      await leads()
      await monitors.kill(['a'])
      return isInjected ? 'with the map' : 'as before'
    })
  })

  it('--compact: nothing is missing; the monitor starts', async () => {
    const before = await storeIn(kept('used'))
    await untilMet(['while compacting', 'after'], async () => {
      restore('used')
      const isCompacting = (said: string): boolean => said.includes('compacting monitor store')
      const said = await killed(['-f', '--compact'], isCompacting, random.below(8), 10_000)
      assert.ok(isCompacting(said), said)
      const left = new Map([
        ['before', before],
        ['left', await storeIn(data())],
      ])
      assert.equal(checkAgreement(left), 2)
      await leads()
      await monitors.kill(['a'])
      return said.includes('done compacting') ? 'after' : 'while compacting'
    })
  })
})
