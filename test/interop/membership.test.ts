/** Monitors join a quorum that lives, and are taken out of it: one of ours among ours, and among the original's. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { MonProcesses } from './mon-process.ts'
import { makeQuorum, type QuorumCluster, waitForQuorum } from './quorum-cluster.ts'
import { haveCeph } from './real-mon.ts'

const SETTINGS = ['mon lease = 2', 'mon election timeout = 2', '[client]', 'admin socket =']
const EXIT_MS_MAX = 30_000

/** A quorum whose processes are watched: who ends without being killed is in `deaths`, with its exit code. */
interface Watched {
  readonly cluster: QuorumCluster
  readonly monitors: MonProcesses
}

const watched = (...args: Parameters<typeof makeQuorum>): Watched => {
  const cluster = makeQuorum(...args)
  const monitors = new MonProcesses(cluster)
  for (const name of cluster.names) monitors.start(name)
  return { cluster, monitors }
}

const endAll = async ({ cluster, monitors }: Watched, names: readonly string[]): Promise<void> => {
  await monitors.kill(names)
  cluster.stop()
}

const add = ({ cluster, monitors }: Watched, name: string): void => {
  const { code, stderr } = cluster.ceph(['mon', 'add', name, cluster.addressOf(name)])
  assert.deepEqual([code, stderr], [0, `adding mon.${name} at v2:${cluster.addressOf(name)}/0\n`])
  cluster.makeFurther(name, 'ours')
  monitors.start(name)
}

// The process must end by itself, and as one that has done its work: with 0.
const remove = async ({ cluster, monitors }: Watched, name: string): Promise<void> => {
  const endedBefore = monitors.deaths.length
  cluster.ok(['mon', 'rm', name])
  const end = Date.now() + EXIT_MS_MAX
  while (monitors.isRunning(name)) {
    assert.ok(Date.now() < end, `mon.${name} still runs, ${EXIT_MS_MAX} ms after it was removed`)
    await sleep(50)
  }
  assert.deepEqual(monitors.deaths.slice(endedBefore), [`mon.${name} ended with 0`])
}

const write = ({ cluster }: Watched, key: string): void => {
  cluster.ok(['config-key', 'set', key, `written ${key}`])
}

// Each of `names`, asked itself, has the key and the same map of monitors, which names exactly them.
const sameAtEach = async ({ cluster }: Watched, names: readonly string[], key: string): Promise<void> => {
  const first = await cluster.okAt(names[0] ?? '', ['mon', 'dump', '-f', 'json'])
  const { mons } = JSON.parse(first) as { readonly mons: readonly { readonly name: string }[] }
  assert.deepEqual(
    mons.map(({ name }) => name),
    names,
  )
  for (const mon of names) {
    assert.equal(await cluster.okAt(mon, ['mon', 'dump', '-f', 'json']), first, `mon.${mon}`)
    assert.equal((await cluster.okAt(mon, ['config-key', 'get', key])).trim(), `written ${key}`)
  }
}

describe('membership of a quorum of ours', function () {
  this.timeout(150_000)
  let quorum: Watched

  before(async function () {
    if (!haveCeph()) this.skip()
    quorum = watched(22_400, ['ours', 'ours', 'ours'], SETTINGS)
    await waitForQuorum(quorum.cluster)
    write(quorum, 'before/all')
  })

  after(() => endAll(quorum, ['a', 'b', 'c', 'd']))

  it('a monitor that was added joins, with what was written before it came', async () => {
    add(quorum, 'd')
    await waitForQuorum(quorum.cluster, ['a', 'b', 'c', 'd'])
    write(quorum, 'with/four')
    await sameAtEach(quorum, ['a', 'b', 'c', 'd'], 'with/four')
    await sameAtEach(quorum, ['a', 'b', 'c', 'd'], 'before/all')
  })

  it('one that is removed ends by itself, and the others go on', async () => {
    await remove(quorum, 'd')
    await waitForQuorum(quorum.cluster, ['a', 'b', 'c'])
    write(quorum, 'without/d')
    await sameAtEach(quorum, ['a', 'b', 'c'], 'without/d')
  })

  it('and does not start again', () => {
    const [program, args] = quorum.cluster.program('d')
    const { status, stderr } = spawnSync(program, [...args, '-f'], { encoding: 'utf8', timeout: 30_000 })
    assert.equal(status, 1, stderr)
    assert.match(stderr, /not in monmap and have been in a quorum before; must have been removed/)
  })

  it('the leader that is removed ends by itself, and the next one leads', async () => {
    assert.deepEqual(await quorum.monitors.leaders(), ['a'])
    await remove(quorum, 'a')
    const { quorum_leader_name: leader } = await waitForQuorum(quorum.cluster, ['b', 'c'])
    assert.equal(leader, 'b')
    write(quorum, 'without/a')
    await sameAtEach(quorum, ['b', 'c'], 'without/a')
  })
})

describe('membership of a quorum of the original', function () {
  this.timeout(150_000)
  let quorum: Watched

  before(async function () {
    if (!haveCeph()) this.skip()
    quorum = watched(22_410, ['real', 'real'], SETTINGS)
    await waitForQuorum(quorum.cluster)
    write(quorum, 'before/ours')
  })

  after(() => endAll(quorum, ['a', 'b', 'c']))

  it('one of ours that was added joins, with what was written before it came', async () => {
    add(quorum, 'c')
    await waitForQuorum(quorum.cluster, ['a', 'b', 'c'])
    write(quorum, 'with/ours')
    await sameAtEach(quorum, ['a', 'b', 'c'], 'with/ours')
    await sameAtEach(quorum, ['a', 'b', 'c'], 'before/ours')
  })

  it('ends by itself when it is removed, and the original goes on', async () => {
    await remove(quorum, 'c')
    await waitForQuorum(quorum.cluster, ['a', 'b'])
    write(quorum, 'without/ours')
    await sameAtEach(quorum, ['a', 'b'], 'without/ours')
    assert.deepEqual(
      ['a', 'b'].map((name) => quorum.monitors.isRunning(name)),
      [true, true],
    )
  })

  it('leaves no crc mismatch and no assertion in the logs', () => {
    for (const name of ['a', 'b', 'c']) {
      const log = quorum.cluster.log(name).split('\n')
      const bad = log.filter((line) => /mismatch|FAILED ceph_assert|bad crc|failed to decode/i.test(line))
      assert.deepEqual(bad, [], `mon.${name}`)
    }
  })
})
