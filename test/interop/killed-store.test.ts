/**
 * A store goes from hand to hand: ours and the real `ceph-mon` take turns to run on it, each is killed with SIGKILL
 * while clients write, and Ceph's own tools read what it has left.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inventedReads, type Line, refusals, staleReads } from './history.ts'
import { KillClient } from './kill-client.ts'
import { MonProcesses } from './mon-process.ts'
import { type Implementation, makeQuorum, type QuorumCluster } from './quorum-cluster.ts'
import { haveCeph } from './real-mon.ts'
import { readStore } from './store-agreement.ts'

const PORT = Number(process.env['KILL_PORT'] ?? 22_330)
const TURNS: readonly Implementation[] = ['ours', 'real', 'ours', 'real', 'ours', 'ours', 'real']
const WAIT_MS_MAX = 60_000

// Small enough that the store is trimmed while the test runs.
const SETTINGS = [
  'paxos propose interval = 0.05',
  'paxos min wait = 0.02',
  'paxos min = 50',
  'paxos trim min = 20',
  'mon tick interval = 1',
  '[client]',
  'admin socket =',
  'mon client hunt interval = 0.5',
  'mon client ping interval = 1',
  'mon client ping timeout = 3',
]

describe('a store of which every owner was killed', function () {
  this.timeout(240_000)
  this.bail(true)
  let cluster: QuorumCluster
  let monitors: MonProcesses
  let client: KillClient

  before(async function () {
    if (!haveCeph()) this.skip()
    cluster = makeQuorum(PORT, ['ours'], SETTINGS)
    monitors = new MonProcesses(cluster)
    monitors.start('a')
    await until('it leads', () => monitors.isComplete())
    client = new KillClient(cluster.folder, cluster.conf, 1)
    await answers(3)
    await monitors.kill(['a'])
  })

  after(async () => {
    client.kill()
    await monitors.kill(cluster.names)
    cluster.stop()
  })

  const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
    const end = Date.now() + WAIT_MS_MAX
    while (!(await holds())) {
      assert.ok(Date.now() < end, `still not: ${what}`)
      assert.deepEqual(monitors.deaths, [])
      await sleep(20)
    }
  }

  /** Waits until each of the keys has been written `count` times more. */
  const answers = async (count: number): Promise<void> => {
    const written = (): number => client.history().filter(({ op }) => op === 'write').length
    const before = client.progress() === 0 ? 0 : written()
    await until('clients are answered', () =>
      Promise.resolve(client.progress() > 0 && written() >= before + 6 * count),
    )
  }

  const copied = (): string => {
    const copy = join(cluster.folder, 'copy')
    rmSync(copy, { recursive: true, force: true })
    cpSync(cluster.dataFolder('a'), copy, { recursive: true })
    return copy
  }

  const outputOf = (program: string, ...args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 })
    assert.equal(status, 0, `${program} ${args.join(' ')}: ${stderr.slice(-2000)}`)
    return stdout
  }

  // As ours reads it: the keys, and what is committed.
  const readByTools = async (): Promise<void> => {
    const store = await readStore(join(copied(), 'store.db'))
    const folder = copied()
    const tool = (...args: readonly string[]): string => outputOf('ceph-monstore-tool', folder, ...args)
    const listed = outputOf('ceph-kvstore-tool', 'rocksdb', join(folder, 'store.db'), 'list')
    const keys = [...store.after(undefined)].map(([prefix, key]) => `${prefix}\t${key}`)
    assert.deepEqual(listed.trimEnd().split('\n').map(decodeURIComponent).sort(), keys.sort())
    assert.equal(tool('dump-keys').trimEnd().split('\n').length, keys.length)
    const last = store.u64('osdmap', 'last_committed')
    assert.match(
      tool('show-versions', '--', '--map-type', 'osdmap'),
      new RegExp(`last +committed:\\s*${last}`),
    )
    tool('get', 'osdmap', '--', '--out', join(folder, 'osdmap'))
    assert.match(outputOf('osdmaptool', '--print', join(folder, 'osdmap')), new RegExp(`epoch ${last}\\n`))
    const first = store.u64('paxos', 'first_committed').toString()
    const range = ['--start', first, '--end', store.u64('paxos', 'last_committed').toString()]
    assert.match(tool('dump-paxos', '--', ...range), /paxos/)
  }

  for (const [turn, implementation] of TURNS.entries()) {
    const owner = implementation === 'ours' ? 'ours' : 'the real one'
    it(`${turn + 1}: Ceph's tools read what was left; ${owner} goes on with it, until it is killed`, async () => {
      await readByTools()
      monitors.start('a', implementation)
      await answers(2)
      await sleep(Math.random() * 500)
      await monitors.kill(['a'])
    })
  }

  it('nothing that was acknowledged is lost, nothing read that was overwritten', async () => {
    monitors.start('a')
    assert.deepEqual(await client.stop(), { hanging: [], failures: [] })
    const history: readonly Line[] = client.history()
    assert.deepEqual(refusals(history), [])
    assert.deepEqual(inventedReads(history), [])
    assert.deepEqual(staleReads(history), [])
  })
})
