/**
 * Three monitors under the load of real librados clients are killed with SIGKILL and started again, round after round.
 * Nothing that was acknowledged may be lost, on any of them; nobody may read what was overwritten.
 *
 * KILL_SECONDS is how long rounds are begun (default 40), KILL_SEED repeats a run's choices (not the timing of the
 * processes), KILL_MONITORS names who is killed (`ours,ours,ours`; each may be `real`), KILL_SETTINGS more lines of ceph.conf, KILL_PORT the first port. A run
 * that fails keeps its folder and names it.
 */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { Random } from '../paxos/random.ts'
import { checkMade, checkWrites } from './acknowledged.ts'
import { givenTwice, inventedReads, type Line, refusals, staleReads } from './history.ts'
import { KillClient } from './kill-client.ts'
import { KillLoop } from './kill-loop.ts'
import { MonProcesses } from './mon-process.ts'
import { type Implementation, makeQuorum, type QuorumCluster } from './quorum-cluster.ts'
import { haveCeph } from './real-mon.ts'
import { compareStores } from './store-agreement.ts'

const seconds = Number(process.env['KILL_SECONDS'] ?? 40)
const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000)
const port = Number(process.env['KILL_PORT'] ?? 22_300)
const implementations = (process.env['KILL_MONITORS'] ?? 'ours,ours,ours').split(',') as Implementation[]

// Death is noticed and answered within seconds, and a monitor that was away has to copy a store.
const SETTINGS = [
  'mon lease = 2',
  'mon election timeout = 2',
  'mon probe timeout = 2',
  'mon tick interval = 1',
  'mon sync timeout = 5',
  'mon sync max payload keys = 2',
  'paxos propose interval = 0.05',
  'paxos min wait = 0.02',
  'paxos max join drift = 5',
  'paxos min = 50',
  'paxos trim min = 20',
  '[client]',
  'admin socket =',
  'mon client hunt interval = 0.5',
  'mon client ping interval = 1',
  'mon client ping timeout = 3',
]
const MORE_SETTINGS = (process.env['KILL_SETTINGS'] ?? '').split(';')
const PROGRESS_MS_MAX = 30_000

describe(`monitors killed under load (KILL_SEED=${seed})`, function () {
  this.timeout(seconds * 1000 + 300_000)
  this.bail(true)
  let cluster: QuorumCluster
  let monitors: MonProcesses
  let client: KillClient
  let loop: KillLoop
  let history: readonly Line[] = []
  let failed = false

  before(async function () {
    if (!haveCeph()) this.skip()
    cluster = makeQuorum(port, implementations, [...MORE_SETTINGS, ...SETTINGS])
    monitors = new MonProcesses(cluster)
    loop = new KillLoop(cluster.names, monitors, new Random(seed))
    loop.onAllDead = async () => {
      comparedCount += await compareStores(cluster)
    }
    await loop.complete()
    client = new KillClient(cluster.folder, cluster.conf, seed)
  })

  afterEach(function () {
    failed ||= this.currentTest?.state === 'failed'
  })

  after(async () => {
    client.kill()
    await monitors.kill(cluster.names)
    if (failed) console.log(`      KILL_SEED=${seed} failed; the cluster is kept in ${cluster.folder}`)
    else cluster.stop()
  })

  let comparedCount = 0

  const progress = async (): Promise<void> => {
    const before = client.progress()
    const end = Date.now() + PROGRESS_MS_MAX
    while (client.progress() === before) {
      assert.ok(Date.now() < end, `a quorum of all answers nobody for ${PROGRESS_MS_MAX} ms`)
      await sleep(20)
    }
  }

  it('they come back each time, and clients go on', async () => {
    await progress()
    const end = Date.now() + seconds * 1000
    while (Date.now() < end) {
      await loop.round()
      await progress()
      assert.deepEqual(monitors.deaths, [])
    }
    await loop.killAll()
    await loop.complete()
    const rounds = [...loop.rounds].map(([what, count]) => `${what} ${count}`).join(', ')
    console.log(`      ${monitors.killCount} kills (${rounds}), ${comparedCount} stores compared`)
  })

  it('every request is answered, none with an error', async () => {
    assert.deepEqual(await client.stop(), { hanging: [], failures: [] })
    history = client.history()
    assert.deepEqual(refusals(history), [])
    const count = (op: Line['op']): number => history.filter((line) => line.op === op).length
    console.log(`      ${count('write')} writes, ${count('read')} reads, ${count('login')} logins`)
    assert.ok(count('write') > 0 && count('read') > 0 && count('make') > 0 && count('login') > 0)
  })

  it('nobody read what was never written, or was overwritten', () => {
    assert.deepEqual(inventedReads(history), [])
    assert.deepEqual(staleReads(history), [])
  })

  it('no id was given twice', () => {
    assert.deepEqual(givenTwice(history), [])
  })

  it('every monitor has every acknowledged write', async () => {
    await checkWrites(cluster, history)
  })

  it('every monitor has every pool, OSD and key that a client was given', async () => {
    await checkMade(cluster, history)
  })
})
