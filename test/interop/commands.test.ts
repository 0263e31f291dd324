/**
 * The stock client asks a quorum of three of ours and a real monitor the same things in the same order. What it ends
 * with, prints and complains about must be the same, but for what two clusters cannot share.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NOT_IMPLEMENTED, SCRIPTS } from './command-script.ts'
import { type Format, type Step, wordsOf } from './command-step.ts'
import { normalised } from './normalise.ts'
import { type QuorumCluster, startQuorum, waitForQuorum } from './quorum-cluster.ts'
import { haveCeph } from './real-mon.ts'
import { type CommandResult, startStockClient, type StockClient } from './stock-client.ts'

const OURS_PORT = 22_200
const REAL_PORT = 22_220
const SETTINGS = [
  // A change is committed when it is made, on both sides.
  'paxos propose interval = 0.05',
  'paxos min wait = 0.02',
  // Nobody warns of a missing manager while the test runs.
  'mon mgr mkfs grace = 86400',
  // Nor of the machine's disk, which is full three times for us and once for the original.
  'mon data avail warn = 1',
  'mon data avail crit = 0',
  '[client]',
  // Several clients of one process would want the same socket.
  'admin socket =',
  'rados mon op timeout = 20',
]

// Files that a command takes with `-i`.
const FILES: ReadonlyMap<string, string> = new Map([
  ['KEYRING', '[client.six]\n\tkey = AQAAAAAAAAAAABAAUv5gnpRPBBwtvKxVw1pfZw==\n\tcaps mon = "allow r"\n'],
  ['BAD_KEYRING', 'nonsense'],
])

const FORMAT_OPTIONS: Readonly<Record<Format, readonly string[]>> = { plain: [], json: ['-f', 'json'] }

describe('commands, answered as the original answers them', function () {
  this.timeout(60_000)
  let ours: QuorumCluster
  let real: QuorumCluster
  let client: StockClient

  before(async function () {
    if (!haveCeph()) this.skip()
    ours = startQuorum(OURS_PORT, ['ours', 'ours', 'ours'], SETTINGS)
    real = startQuorum(REAL_PORT, ['real'], SETTINGS)
    for (const { folder } of [ours, real])
      for (const [name, text] of FILES) writeFileSync(join(folder, name), text)
    client = startStockClient()
    await Promise.all([waitForQuorum(ours), waitForQuorum(real)])
  })

  after(() => {
    client.stop()
    ours.stop()
    real.stop()
  })

  const ask = (
    cluster: QuorumCluster,
    line: string,
    format: Format,
    mon?: string,
  ): Promise<CommandResult> => {
    const words = wordsOf(line).map((word) => (FILES.has(word) ? join(cluster.folder, word) : word))
    const socket = mon === undefined ? undefined : join(cluster.folder, `ceph-mon.${mon}.asok`)
    return client.run(['-c', cluster.conf], [...FORMAT_OPTIONS[format], ...words], socket)
  }

  const compare = async ({ line, formats, monitors, likeness }: Step): Promise<void> => {
    for (const format of formats) {
      const expected = normalised(await ask(real, line, format), real.folder, likeness)
      const targets = monitors === 'any' || format === 'json' ? [undefined] : ours.names
      for (const target of targets) {
        const answer = normalised(await ask(ours, line, format, target), ours.folder, likeness)
        assert.deepEqual(
          answer,
          expected,
          `${target ?? 'any'}: ceph ${[...FORMAT_OPTIONS[format], line].join(' ')}`,
        )
      }
    }
  }

  for (const { title, steps } of SCRIPTS)
    describe(title, () => {
      for (const [i, step] of steps.entries()) it(`${i + 1}: ceph ${step.line}`, () => compare(step))
    })

  describe('not implemented', () => {
    for (const line of NOT_IMPLEMENTED)
      it(`ceph ${line}`, async () => {
        const { code, stdout, stderr } = await ask(ours, line, 'plain')
        assert.deepEqual({ code, stdout }, { code: 95, stdout: '' })
        assert.match(stderr, /^Error ENOTSUP: .*(not implemented|not supported) by this monitor/)
      })
  })
})
