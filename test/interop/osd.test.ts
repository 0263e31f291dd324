/** A real ceph-osd and real librados clients beside a quorum of ours: boot, I/O, the leader's death, the OSD's. */
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type QuorumCluster, startQuorum, waitForQuorum } from './quorum-cluster.ts'
import { haveCeph } from './real-mon.ts'

const PORT = 22_280
const SETTINGS = [
  'osd data = $run_dir/osd.$id',
  'osd objectstore = memstore',
  'memstore device bytes = 1073741824',
  'osd beacon report interval = 2',
  'mon osd report timeout = 8',
  'mon osd down out interval = 3',
  'mon osd min in ratio = 0',
  // With one host the whole tree is down, which by default keeps its OSDs in.
  'mon osd down out subtree limit = none',
  'mon lease = 2',
  'mon election timeout = 2',
  'mon tick interval = 1',
]

interface OsdDump {
  readonly epoch: number
  readonly osds: readonly { readonly up: 0 | 1; readonly in: 0 | 1; readonly weight: number }[]
}

describe('a real ceph-osd under a quorum of ours', function () {
  this.timeout(120_000)
  let cluster: QuorumCluster
  let osd: ChildProcess | undefined

  const dump = (): OsdDump => JSON.parse(cluster.ok(['osd', 'dump', '-f', 'json'])) as OsdDump

  const until = async (what: string, holds: () => boolean): Promise<void> => {
    const end = Date.now() + 60_000
    while (!holds()) {
      assert.ok(Date.now() < end, `still not: ${what}\n${cluster.ok(['osd', 'dump'])}`)
      await new Promise((wake) => setTimeout(wake, 300))
    }
  }

  const startOsd = (): ChildProcess =>
    spawn('ceph-osd', ['-c', cluster.conf, '-i', '0', '-f', ...keyring()], { stdio: 'ignore' })

  const keyring = (): readonly string[] => ['--keyring', join(cluster.folder, 'osd.0', 'keyring')]

  const rados = (args: readonly string[], input?: string) => {
    const done = spawnSync('rados', ['-c', cluster.conf, '-p', 'data', ...args], {
      encoding: 'utf8',
      timeout: 60_000,
      ...(input === undefined ? {} : { input }),
    })
    assert.equal(done.status, 0, `rados ${args.join(' ')}: ${done.stderr}`)
    return done.stdout
  }

  before(async function () {
    if (!haveCeph()) this.skip()
    cluster = startQuorum(PORT, ['ours', 'ours', 'ours'], SETTINGS)
    await waitForQuorum(cluster)
  })

  after(() => {
    osd?.kill('SIGKILL')
    cluster.stop()
  })

  it('is made by osd new, authenticates, boots, and has its place in the CRUSH map', async () => {
    const uuid = randomUUID()
    const key = execFileSync('ceph-authtool', ['--gen-print-key'], { encoding: 'utf8' }).trim()
    const input = JSON.stringify({ cephx_secret: key })
    assert.equal(cluster.ok(['osd', 'new', uuid, '-i', '-'], input).trim(), '0')
    mkdirSync(join(cluster.folder, 'osd.0'))
    execFileSync('ceph-authtool', [
      '--create-keyring',
      join(cluster.folder, 'osd.0', 'keyring'),
      ...['--name', 'osd.0', '--add-key', key],
    ])
    execFileSync('ceph-osd', ['-c', cluster.conf, '-i', '0', '--mkfs', '--osd-uuid', uuid, ...keyring()], {
      stdio: 'ignore',
    })
    osd = startOsd()
    await until('osd.0 is up and in', () => dump().osds.some((o) => o.up === 1 && o.in === 1))
    assert.match(cluster.ok(['osd', 'tree']), /\n 0 +\S+ +\S+ +osd\.0 +up +1\.00000 +1\.00000/)
  })

  it('makes the placement groups of a new pool, and serves clients that have their map from us', () => {
    cluster.ok(['osd', 'pool', 'create', 'data', '8'])
    rados(['put', 'greeting', '-'], 'hello')
    assert.equal(rados(['get', 'greeting', '-']), 'hello')
    assert.equal(rados(['ls']), 'greeting\n')
  })

  it('goes on when the leader is killed: old clients and new ones, and maps made afterwards reach it', async () => {
    const writer = spawn(
      'rados',
      ['-c', cluster.conf, '-p', 'data', 'bench', '6', 'write', '-b', '64', '-t', '2'],
      {
        stdio: 'ignore',
      },
    )
    const ended = new Promise<number | null>((resolve) => writer.once('exit', resolve))
    cluster.kill('a')
    await waitForQuorum(cluster, ['b', 'c'])
    assert.equal(await ended, 0, 'the client that wrote meanwhile')
    cluster.ok(['osd', 'pool', 'create', 'later', '8'])
    rados(['-p', 'later', 'put', 'x', '-'], 'made after the election')
    cluster.start('a')
    await waitForQuorum(cluster)
    assert.equal(rados(['-p', 'later', 'get', 'x', '-']), 'made after the election')
  })

  it('is marked down when it stays silent, out after a while, and up again when it returns', async () => {
    const { epoch } = dump()
    osd?.kill('SIGKILL')
    await until('osd.0 is down', () => dump().osds[0]?.up === 0)
    assert.ok(dump().epoch > epoch)
    await until('osd.0 is out', () => dump().osds[0]?.in === 0)
    osd = startOsd()
    await until('osd.0 is up and in again', () => dump().osds.every((o) => o.up === 1 && o.in === 1))
  })

  it('is shown the door when it is marked down by hand, and comes back by itself', async () => {
    const { epoch } = dump()
    cluster.ok(['osd', 'down', '0'])
    await until('osd.0 is up again', () => dump().epoch > epoch + 1 && dump().osds[0]?.up === 1)
  })
})
