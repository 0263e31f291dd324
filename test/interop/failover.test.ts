/** A quorum of ours loses its leader, then all of it; refuses whom it must; and says what it does with a request. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type QuorumCluster, startQuorum, waitForQuorum } from './quorum-cluster.ts'
import { haveCeph } from './real-mon.ts'

const PORT = 22_240
const SETTINGS = [
  'debug mon = 10',
  'debug paxos = 10',
  'mon lease = 2',
  'mon election timeout = 2',
  '[client]',
  'admin socket =',
]

const until = async (what: string, holds: () => boolean): Promise<void> => {
  const end = Date.now() + 30_000
  while (!holds()) {
    assert.ok(Date.now() < end, `still not: ${what}`)
    await new Promise((wake) => setTimeout(wake, 100))
  }
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('a quorum of ours', function () {
  this.timeout(120_000)
  let cluster: QuorumCluster

  before(async function () {
    if (!haveCeph()) this.skip()
    cluster = startQuorum(PORT, ['ours', 'ours', 'ours'], SETTINGS)
    await waitForQuorum(cluster)
  })

  after(() => {
    cluster.stop()
  })

  const pidOf = (name: string): number =>
    Number(readFileSync(join(cluster.folder, `mon.${name}.pid`), 'utf8'))

  const killAndWait = async (name: string, signal?: NodeJS.Signals): Promise<void> => {
    const pid = pidOf(name)
    cluster.kill(name, signal)
    await until(`mon.${name} has ended`, () => !isRunning(pid))
  }

  describe('a forwarded osd pool create', () => {
    let peon: readonly string[] | undefined
    let leader: readonly string[] = []

    // A client takes any monitor: pools are made until one was asked for at a peon.
    before(() => {
      for (let i = 0; peon === undefined; i++) {
        assert.ok(i < 20, 'no client came to a peon')
        const seen = new Map(cluster.names.map((name) => [name, cluster.log(name).length]))
        const { code, stderr } = cluster.ceph(['osd', 'pool', 'create', `path${i}`, '16'])
        assert.deepEqual({ code, stderr }, { code: 0, stderr: `pool 'path${i}' created\n` })
        const since = (name: string): readonly string[] => cluster.log(name).slice(seen.get(name)).split('\n')
        leader = since('a')
        peon = ['b', 'c']
          .map(since)
          .find((lines) => lines.some((line) => /handle_command .*pool create/.test(line)))
      }
    })

    // Each step leaves its line; the line that follows must be found after it.
    const inOrder = (log: () => readonly string[], patterns: readonly RegExp[]): void => {
      let from = 0
      for (const pattern of patterns) {
        const at = log().findIndex((line, i) => i >= from && pattern.test(line))
        assert.notEqual(at, -1, `no ${String(pattern)} after line ${from} of\n${log().join('\n')}`)
        from = at + 1
      }
    }

    it('on the peon: parsed, allowed, routed, preprocessed, forwarded, answered', () => {
      inOrder(
        () => peon ?? [],
        [
          /handle_command .*"prefix": "osd pool create"/,
          /_allowed_command capable/,
          /dispatch to osdmap: osd pool create/,
          /preprocess osdmap: osd pool create needs an update/,
          /forward_request \d+ to mon\.0/,
          /updated osdmap to \d+/,
          /check_subs .*osdmap/,
          /handle_route \d+/,
        ],
      )
    })

    it('on the leader: prepared, proposed, encoded and persisted, refreshed, published, replied', () => {
      inOrder(
        () => leader,
        [
          /handle_forward \d+ for client\.admin/,
          /handle_command .*"prefix": "osd pool create"/,
          /_allowed_command capable/,
          /dispatch to osdmap: osd pool create/,
          /preprocess osdmap: osd pool create needs an update/,
          /prepare osdmap: osd pool create changes osdmap/,
          /propose osdmap/,
          /encode osdmap: \d+ operations/,
          /persist write \d+/,
          /updated osdmap to \d+/,
          /check_subs .*osdmap/,
          /reply to osd pool create: 0 pool 'path\d+' created/,
        ],
      )
    })
  })

  describe('identity', () => {
    const as = (
      name: string,
      keyring: string,
      args: readonly string[],
      options: readonly string[] = [],
    ): { readonly code: number | null; readonly stderr: string } => {
      const file = join(cluster.folder, `${name}.keyring`)
      writeFileSync(file, keyring)
      return cluster.ceph(['-n', name, '--keyring', file, ...options, ...args])
    }

    const WRONG_KEY = 'AQAAAAAAAAAAABAAUv5gnpRPBBwtvKxVw1pfZw=='

    it('a wrong key is refused with EACCES', () => {
      const { code, stderr } = as('client.admin', `[client.admin]\n\tkey = ${WRONG_KEY}\n`, ['fsid'])
      assert.deepEqual([code, /RADOS permission denied/.test(stderr)], [13, true], stderr)
    })

    it('an entity that nobody knows is refused with EACCES', () => {
      const { code, stderr } = as('client.nobody', `[client.nobody]\n\tkey = ${WRONG_KEY}\n`, ['fsid'])
      assert.deepEqual([code, /RADOS permission denied/.test(stderr)], [13, true], stderr)
    })

    it('who may only read cannot write', () => {
      const keyring = cluster.ok(['auth', 'get-or-create', 'client.reader', 'mon', 'allow r'])
      assert.equal(as('client.reader', keyring, ['osd', 'dump']).code, 0)
      const { code, stderr } = as('client.reader', keyring, ['osd', 'pool', 'create', 'mine', '8'])
      assert.deepEqual([code, stderr], [13, 'Error EACCES: access denied\n'])
    })

    for (const mode of ['crc', 'secure'])
      it(`a client may speak ${mode}`, () => {
        const { code } = cluster.ceph([`--ms_mon_client_mode=${mode}`, 'fsid'])
        assert.equal(code, 0)
      })
  })

  describe('the leader is killed', () => {
    it('the next write of a client succeeds, and the others have it', async () => {
      cluster.ok(['config-key', 'set', 'before', 'the end'])
      cluster.kill('a')
      cluster.ok(['config-key', 'set', 'after', 'the leader died'])
      await waitForQuorum(cluster, ['b', 'c'])
      for (const mon of ['b', 'c'])
        for (const [key, value] of [
          ['before', 'the end'],
          ['after', 'the leader died'],
        ] as const)
          assert.equal((await cluster.okAt(mon, ['config-key', 'get', key])).trim(), value)
    })

    it('comes back, leads, and has what it missed', async () => {
      cluster.start('a')
      const { quorum_leader_name: leader } = await waitForQuorum(cluster)
      assert.equal(leader, 'a')
      assert.equal((await cluster.okAt('a', ['config-key', 'get', 'after'])).trim(), 'the leader died')
    })
  })

  describe('all are killed', () => {
    it('and started again: everything is there', async () => {
      const reads = [
        ['osd', 'dump', '-f', 'json'],
        ['auth', 'ls'],
        ['config-key', 'dump'],
        ['mon', 'dump'],
      ]
      const before = reads.map((args) => cluster.ok(args))
      await Promise.all(cluster.names.map((name) => killAndWait(name)))
      for (const name of cluster.names) cluster.start(name)
      await waitForQuorum(cluster)
      for (const mon of cluster.names)
        for (const [i, args] of reads.entries())
          assert.equal(await cluster.okAt(mon, args), before[i], `mon.${mon}: ${args.join(' ')}`)
    })

    it("Ceph's own tools read a stopped store", async () => {
      await killAndWait('c', 'SIGTERM')
      const store = join(cluster.dataFolder('c'), 'store.db')
      const keys = execFileSync('ceph-kvstore-tool', ['rocksdb', store, 'list'], {
        encoding: 'utf8',
        maxBuffer: 1e8,
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      for (const key of ['paxos\tlast_committed', 'osdmap\tlast_committed', 'mon_config_key\tafter'])
        assert.ok(keys.includes(`${key}\n`), key)
      const dump = spawnSync('ceph-monstore-tool', [cluster.dataFolder('c'), 'dump-keys'], {
        encoding: 'utf8',
      })
      assert.match(dump.stdout, /paxos \/ last_committed/)
      const versions = spawnSync(
        'ceph-monstore-tool',
        [cluster.dataFolder('c'), 'show-versions', '--', '--map-type', 'osdmap'],
        {
          encoding: 'utf8',
        },
      )
      assert.match(versions.stdout, /last +committed:\s*[1-9]/)
      cluster.start('c')
      await waitForQuorum(cluster)
    })
  })
})
