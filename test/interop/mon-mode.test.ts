/** The mode of connections between monitors, ours and Debian's together: as it is ordered, or there is no connection. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import * as E from 'fp-ts/lib/Either.js'
import { askAdminSocket } from '../../src/admin/client.ts'
import {
  type Implementation,
  makeQuorum,
  type QuorumCluster,
  startQuorum,
  waitForQuorum,
} from './quorum-cluster.ts'
import { haveCeph } from './real-mon.ts'

const PORT = 25_160
const DEBUG = ['[mon]', 'debug ms = 10', 'debug auth = 5']
/** A dead leader is missed soon; the original else waits ever longer between attempts to connect, up to 15 s. */
const PROMPT = ['ms max backoff = 1', 'mon lease = 2', 'mon election timeout = 2']
/** Without a quorum monitors probe each other again and again. */
const PATIENCE_MS = 6000

const sleep = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms))

const skipWithoutCeph = function (this: Mocha.Context): void {
  if (haveCeph()) return
  console.log('      skipped: ceph-mon is not installed')
  this.skip()
}

/** Each connection with a fellow monitor that has stood, by the log of ours: `real incoming=true mode=crc`. */
const connectionsOf = (cluster: QuorumCluster, name: string): readonly string[] =>
  cluster
    .log(name)
    .split('\n')
    .flatMap((line) => {
      const [, peer, how] =
        /connection stands .*peer=v2:(\S+)\/\d+ .*(incoming=\w+ mode=\w+)/.exec(line) ?? []
      const mon = cluster.names.find((other) => cluster.addressOf(other) === peer)
      if (mon === undefined) return []
      return [`${cluster.program(mon)[0] === 'ceph-mon' ? 'real' : 'ours'} ${String(how)}`]
    })

for (const [i, mode] of ['crc', 'secure'].entries())
  describe(`monitors whose connections are to be ${mode}`, function () {
    this.timeout(120_000)
    let cluster: QuorumCluster
    const running: QuorumCluster[] = []
    before(skipWithoutCeph)
    before(async () => {
      cluster = startQuorum(
        PORT + 3 * i,
        ['ours', 'real', 'ours'],
        [`ms mon cluster mode = ${mode}`, ...PROMPT, ...DEBUG],
      )
      running.push(cluster)
      await waitForQuorum(cluster)
    })
    after(() => {
      for (const one of running) one.stop()
    })

    it('agree, write, and have no connection of another mode, whoever opened it', async () => {
      cluster.ok(['config-key', 'set', 'mode', mode])
      // So that connections are opened in the other direction too.
      cluster.kill('a')
      await waitForQuorum(cluster, ['b', 'c'])
      cluster.ok(['config-key', 'set', 'mode', `${mode} without a`])
      cluster.start('a')
      await waitForQuorum(cluster)
      for (const name of cluster.names)
        assert.equal((await cluster.okAt(name, ['config-key', 'get', 'mode'])).trim(), `${mode} without a`)
      const ways = new Set<string | undefined>()
      for (const name of ['a', 'c'])
        for (const connection of connectionsOf(cluster, name)) {
          assert.match(connection, new RegExp(` mode=${mode}$`))
          ways.add(/(ours|real) incoming=\w+/.exec(connection)?.[0])
        }
      assert.deepEqual(
        [...ways].sort(),
        ['ours', 'real'].flatMap((peer) => [`${peer} incoming=false`, `${peer} incoming=true`]),
      )
    })
  })

const STUBBORN: readonly (readonly [title: string, as: readonly [Implementation, Implementation]])[] = [
  ['ours insists on secure, ours allows only crc', ['ours', 'ours']],
  ['ours insists on secure, the original allows only crc', ['ours', 'real']],
  ['the original insists on secure, ours allows only crc', ['real', 'ours']],
  ['both are the original', ['real', 'real']],
]

describe('a monitor that insists on secure and one that allows only crc', function () {
  this.timeout(120_000)
  const clusters: QuorumCluster[] = []
  before(skipWithoutCeph)
  before(async () => {
    for (const [i, [, as]] of STUBBORN.entries()) {
      const modes = ['[mon.a]', 'ms mon cluster mode = secure', '[mon.b]', 'ms mon cluster mode = crc']
      const cluster = makeQuorum(PORT + 10 + 2 * i, as, [...PROMPT, ...DEBUG, ...modes])
      clusters.push(cluster)
      for (const name of cluster.names) cluster.start(name)
    }
    await sleep(PATIENCE_MS)
  })
  after(() => {
    for (const cluster of clusters) cluster.stop()
  })

  const quorumAt = async (cluster: QuorumCluster, name: string): Promise<readonly number[]> => {
    const answer = await askAdminSocket(cluster.adminSocket(name), { prefix: 'mon_status', format: 'json' })()
    assert.ok(E.isRight(answer))
    const { state, quorum } = JSON.parse(answer.right.toString()) as {
      state: string
      quorum: readonly number[]
    }
    assert.equal(state === 'probing', quorum.length === 0)
    return quorum
  }

  for (const [i, [title, as]] of STUBBORN.entries())
    it(`have no quorum, and have one when they agree: ${title}`, async () => {
      const cluster = clusters[i]
      assert.ok(cluster !== undefined)
      for (const [j, name] of cluster.names.entries()) {
        assert.deepEqual(await quorumAt(cluster, name), [])
        if (as[j] !== 'ours') continue
        assert.deepEqual(connectionsOf(cluster, name), [])
        const [offer, allowed] = name === 'a' ? ['crc', 'secure'] : ['secure', 'crc']
        assert.match(
          cluster.log(name),
          new RegExp(`refused with -95: it offers connection mode ${offer}, allowed is ${allowed}`),
        )
      }
      cluster.kill('b')
      await sleep(500)
      const [program, args] = cluster.program('b')
      execFileSync(program, [...args, '--ms_mon_cluster_mode', 'secure'], { stdio: 'ignore' })
      await waitForQuorum(cluster)
    })
})
