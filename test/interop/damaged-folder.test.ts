/**
 * A monitor that cannot run says why and ends with 1, as the real one does, whatever has happened to its folder or
 * is in its way; and it leaves the folder as it was for whoever repairs it.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { once } from 'node:events'
import { type Implementation, makeQuorum, type QuorumCluster } from './quorum-cluster.ts'
import { haveCeph } from './real-mon.ts'
import { readStore } from './store-agreement.ts'

const PORT = Number(process.env['KILL_PORT'] ?? 22_340)
const IMPLEMENTATIONS: readonly Implementation[] = ['ours', 'real']

interface Damage {
  readonly what: string
  readonly apply: (data: string, cluster: QuorumCluster) => void
  /** What ours says. */
  readonly says: RegExp
}

const files = (folder: string, pattern: RegExp): readonly string[] =>
  readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name))

const DAMAGES: readonly Damage[] = [
  {
    what: 'no store',
    apply: (data) => rmSync(join(data, 'store.db'), { recursive: true }),
    says: /there is no store at/,
  },
  {
    what: 'no CURRENT',
    apply: (data) => rmSync(join(data, 'store.db', 'CURRENT')),
    says: /error opening mon data directory at .*CURRENT/,
  },
  {
    what: 'a CURRENT that names nothing',
    apply: (data) => writeFileSync(join(data, 'store.db', 'CURRENT'), 'garbage'),
    says: /error opening mon data directory at .*CURRENT file/,
  },
  {
    what: 'no MANIFEST',
    apply: (data) => files(join(data, 'store.db'), /^MANIFEST/).forEach((path) => rmSync(path)),
    says: /error opening mon data directory at .*MANIFEST/,
  },
  {
    what: 'a MANIFEST of garbage',
    apply: (data) =>
      files(join(data, 'store.db'), /^MANIFEST/).forEach((path) => writeFileSync(path, 'garbage')),
    says: /error opening mon data directory at .*Corruption/,
  },
  {
    what: 'a keyring of garbage',
    apply: (data) => writeFileSync(join(data, 'keyring'), 'garbage'),
    says: /unable to load initial keyring/,
  },
  {
    what: 'the monmap of another cluster',
    apply: (_, { folder, program }) => {
      const map = join(folder, 'other-monmap')
      const made = ['--create', '--clobber', '--fsid', randomUUID(), '--addv', 'a', `v2:127.0.0.1:${PORT}`]
      execFileSync('monmaptool', [...made, map], { stdio: 'ignore' })
      const [command, args] = program('a', 'real')
      execFileSync(command, [...args, '--inject-monmap', map], { stdio: 'ignore' })
    },
    says: /error: cluster_uuid file exists with value \S+, != our uuid/,
  },
]

describe('a monitor that cannot run', function () {
  this.timeout(120_000)
  let cluster: QuorumCluster

  before(function () {
    if (!haveCeph()) this.skip()
    cluster = makeQuorum(PORT, ['ours'])
    cpSync(cluster.dataFolder('a'), whole(), { recursive: true })
  })

  after(() => {
    cluster.stop()
  })

  beforeEach(() => {
    rmSync(cluster.dataFolder('a'), { recursive: true })
    cpSync(whole(), cluster.dataFolder('a'), { recursive: true })
  })

  const whole = (): string => join(cluster.folder, 'whole')

  /** Exit code, and what was said to the terminal and to the log. */
  const run = (as: Implementation): { readonly code: number | null; readonly text: string } => {
    const log = join(cluster.folder, 'mon.a.log')
    writeFileSync(log, '')
    const [command, args] = cluster.program('a', as)
    const { status, stderr } = spawnSync(command, [...args, '-f'], { encoding: 'utf8', timeout: 50_000 })
    return { code: status, text: stderr + readFileSync(log, 'utf8') }
  }

  for (const { what, apply, says } of DAMAGES)
    it(`has ${what}`, () => {
      apply(cluster.dataFolder('a'), cluster)
      const ours = run('ours')
      assert.match(ours.text, says)
      assert.deepEqual([ours.code, run('real').code], [1, 1])
    })

  it('has no keyring', () => {
    rmSync(join(cluster.dataFolder('a'), 'keyring'))
    renameSync(join(cluster.folder, 'keyring'), join(cluster.folder, 'no-keyring'))
    try {
      const ours = run('ours')
      assert.match(ours.text, /unable to load initial keyring/)
      assert.deepEqual([ours.code, run('real').code], [1, 1])
    } finally {
      renameSync(join(cluster.folder, 'no-keyring'), join(cluster.folder, 'keyring'))
    }
  })

  it('finds another one in its folder', () => {
    for (const as of IMPLEMENTATIONS) {
      const [command, args] = cluster.program('a', as)
      execFileSync(command, [...args])
      const pid = Number(readFileSync(join(cluster.folder, 'mon.a.pid'), 'utf8'))
      try {
        for (const second of IMPLEMENTATIONS) {
          const { code, text } = run(second)
          assert.equal(code, 1, `${second} beside ${as}: ${text}`)
          process.kill(pid, 0)
          // The real one, refused, takes the pid file of the first with it.
          if (second === 'ours')
            assert.equal(Number(readFileSync(join(cluster.folder, 'mon.a.pid'), 'utf8')), pid)
        }
      } finally {
        process.kill(pid, 'SIGKILL')
        rmSync(join(cluster.folder, 'mon.a.pid'), { force: true })
      }
    }
  })

  it('finds its port taken, and has changed nothing', async () => {
    const before = await readStore(join(cluster.dataFolder('a'), 'store.db'))
    const listener = createServer().listen(PORT, '127.0.0.1')
    await once(listener, 'listening')
    try {
      const ours = run('ours')
      assert.deepEqual([ours.code, run('real').code], [1, 1])
      assert.match(ours.text, /unable to bind to v2:127\.0\.0\.1:\d+\/0: \(98\) Address already in use/)
    } finally {
      listener.close()
    }
    const after = await readStore(join(cluster.dataFolder('a'), 'store.db'))
    assert.deepEqual([...after.after(undefined)], [...before.after(undefined)])
  })
})
