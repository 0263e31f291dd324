/**
 * Service keys that rotate under a cluster at work: a quorum of ours beside one of Debian's, each with a real ceph-osd
 * and clients that write and read all the time, while the leader dies between two rotations and comes back. A rotation
 * is one when the OSD says that it has got the new keys.
 */
import assert from 'node:assert/strict'
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { type Implementation, type QuorumCluster, startQuorum, waitForQuorum } from './quorum-cluster.ts'
import { haveCeph } from './real-mon.ts'

const PORT = 25_140
const TTL_S = 10
const SETTINGS = [
  `auth mon ticket ttl = ${TTL_S}`,
  `auth service ticket ttl = ${TTL_S}`,
  'mon client ping interval = 2',
  'osd data = $run_dir/osd.$id',
  'osd objectstore = memstore',
  'memstore device bytes = 1073741824',
  'mon lease = 2',
  'mon election timeout = 2',
  'mon tick interval = 1',
  '[osd]',
  'debug auth = 10',
  'debug monc = 10',
]
/**
 * Without a quorum an OSD asks for the same tickets again and again. All answers come at once when there is one, each
 * sealed under the session key of when it was asked for, which the first answer has replaced.
 */
const RENEWED_TWICE =
  /verify_service_ticket_reply decode_decrypt failed|could not verify service_ticket reply/
/**
 * Each of its messages may break its connection, so that it shows its tickets again and again. Broken in the middle of
 * a handshake, it would else wait ever longer before the next, up to 15 s.
 */
const STAYING = ['ms_inject_socket_failures=40', 'ms_max_backoff=0.5']
const EXCHANGE_S_MAX = 20

const run = promisify(execFile)
const sleep = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms))

interface IoReport {
  readonly done: { readonly staying: number; readonly passing: number }
  readonly slowest: { readonly staying: number; readonly passing: number }
  readonly failures: readonly string[]
  readonly overdue: number
}

/** A quorum, its OSD, and the load on it. */
class Stage {
  readonly cluster: QuorumCluster
  private osd: ChildProcess | undefined
  private io: ChildProcess | undefined
  private ioReport: Promise<string> | undefined

  constructor(port: number, as: Implementation) {
    this.cluster = startQuorum(port, [as, as, as], SETTINGS)
  }

  async prepare(): Promise<void> {
    const { cluster } = this
    await waitForQuorum(cluster)
    const uuid = randomUUID()
    const key = execFileSync('ceph-authtool', ['--gen-print-key'], { encoding: 'utf8' }).trim()
    cluster.ok(['osd', 'new', uuid, '-i', '-'], JSON.stringify({ cephx_secret: key }))
    const folder = join(cluster.folder, 'osd.0')
    mkdirSync(folder)
    const keyring = join(folder, 'keyring')
    execFileSync('ceph-authtool', ['--create-keyring', keyring, '--name', 'osd.0', '--add-key', key])
    const args = ['-c', cluster.conf, '-i', '0', '--keyring', keyring]
    execFileSync('ceph-osd', [...args, '--mkfs', '--osd-uuid', uuid], { stdio: 'ignore' })
    this.osd = spawn('ceph-osd', [...args, '-f'], { stdio: 'ignore' })
    await this.until('osd.0 is up', () => this.upFrom() > 0)
    cluster.ok(['osd', 'pool', 'create', 'data', '8'])
    await this.put('before')
  }

  work(): void {
    this.io = spawn(
      '/usr/bin/python3',
      [join(import.meta.dirname, 'io-client.py'), this.cluster.conf, 'data', ...STAYING],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    )
    assert.ok(this.io.stdout !== null)
    this.ioReport = text(this.io.stdout)
  }

  async rest(): Promise<IoReport> {
    this.io?.stdin?.end()
    return JSON.parse((await this.ioReport) ?? '') as IoReport
  }

  /** A client that comes anew. */
  async put(object: string): Promise<void> {
    await run('rados', ['-c', this.cluster.conf, '-p', 'data', 'put', object, this.cluster.conf], {
      timeout: 30_000,
    })
  }

  /** The epoch since which the OSD has been up without a break; 0 while it is down. */
  upFrom(): number {
    const { osds } = JSON.parse(this.cluster.ok(['osd', 'dump', '-f', 'json'])) as {
      osds: readonly { up: 0 | 1; up_from: number }[]
    }
    return osds[0]?.up === 1 ? osds[0].up_from : 0
  }

  osdLog(): string {
    return readFileSync(join(this.cluster.folder, 'osd.0.log'), 'utf8')
  }

  /** The newest of the keys that the OSD has got. */
  newestKey(): number {
    const ids = [...this.osdLog().matchAll(/ id (\d+) \S+ expires /g)].flatMap(([, id]) => id ?? [])
    return Math.max(0, ...ids.map(Number))
  }

  /** Keys under which the tickets were that the OSD has been shown. */
  keysUsed(): ReadonlySet<string | undefined> {
    const shown = / verify_authorizer decrypted service osd secret_id=(\d+)$/gm
    return new Set([...this.osdLog().matchAll(shown)].map(([, id]) => id))
  }

  /** What the OSD's log says of tickets and authorizers that were of no use. */
  complaints(): readonly string[] {
    return this.osdLog()
      .split('\n')
      .filter(
        (line) => /cephx|auth/.test(line) && /could not|fail|mismatch|denied|\bbad |unable|error/i.test(line),
      )
      .filter((line) => !RENEWED_TWICE.test(line))
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    const end = Date.now() + 60_000
    while (!holds()) {
      assert.ok(Date.now() < end, `still not: ${what}`)
      await sleep(300)
    }
  }

  stop(): void {
    this.io?.kill('SIGKILL')
    this.osd?.kill('SIGKILL')
    this.cluster.stop()
  }
}

describe('service keys that rotate under a cluster at work', function () {
  this.timeout(180_000)
  let ours: Stage
  const stages: Stage[] = []

  before(function () {
    if (!haveCeph()) {
      console.log('      skipped: ceph-mon is not installed')
      this.skip()
    }
    ours = new Stage(PORT, 'ours')
    stages.push(ours, new Stage(PORT + 3, 'real'))
  })
  after(() => {
    for (const stage of stages) stage.stop()
  })

  it('stop nobody, not even when the leader dies between two rotations', async () => {
    const reports = await Promise.all(
      stages.map(async (stage) => {
        const { cluster } = stage
        await stage.prepare()
        const upFrom = stage.upFrom()
        stage.work()
        const rotated = async (): Promise<void> => {
          const newest = stage.newestKey()
          await stage.until(`the OSD has a key after ${newest}`, () => stage.newestKey() > newest)
        }
        await rotated()
        const { quorum_leader_name: leader } = await waitForQuorum(cluster)
        cluster.kill(leader)
        await rotated()
        await stage.put('meanwhile')
        cluster.start(leader)
        await waitForQuorum(cluster)
        await rotated()
        const report = await stage.rest()
        await stage.put('after')
        assert.equal(stage.upFrom(), upFrom, 'the OSD was down in between')
        return report
      }),
    )
    for (const { done, slowest, failures, overdue } of reports) {
      assert.deepEqual([failures, overdue], [[], 0])
      assert.ok(done.staying > 50 && done.passing > 10, JSON.stringify(done))
      assert.ok(Math.max(slowest.staying, slowest.passing) < EXCHANGE_S_MAX, JSON.stringify(slowest))
    }
    for (const stage of stages) {
      assert.ok(stage.keysUsed().size >= 3, `clients came with keys ${[...stage.keysUsed()].join()}`)
      assert.deepEqual(stage.complaints(), [])
    }
    for (const name of ours.cluster.names) assert.doesNotMatch(ours.cluster.log(name), /refused with/)
  })
})
