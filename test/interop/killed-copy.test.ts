/**
 * Monitors are killed with SIGKILL while one copies a store from another: the one that copies, several times in one
 * copy, the one that it copies from, or both, while clients go on writing. The copy is completed each time, the stores
 * agree, and nothing that was acknowledged is missing on any of them. Copies are made slow: thousands of keys, a
 * few a message.
 *
 * KILL_SECONDS adds rounds of random choice for so long to each cluster (default 0), KILL_SEED repeats a run's choices
 * (not the timing of the processes), KILL_PORT the first port. A run that fails keeps its folder and names it.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Random } from '../paxos/random.ts'
import { checkMade, checkWrites } from './acknowledged.ts'
import { inventedReads, type Line, refusals, staleReads } from './history.ts'
import { KillClient } from './kill-client.ts'
import { KillLoop } from './kill-loop.ts'
import { type Copy, type Doomed, KilledCopy } from './killed-copy.ts'
import { MonProcesses } from './mon-process.ts'
import { type Implementation, makeQuorum, type QuorumCluster } from './quorum-cluster.ts'
import { haveCeph } from './real-mon.ts'
import { compareStores } from './store-agreement.ts'

const seconds = Number(process.env['KILL_SECONDS'] ?? 0)
const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000)
const port = Number(process.env['KILL_PORT'] ?? 22_320)

// Death is noticed within seconds, versions are soon trimmed, and a copy takes many messages.
const SETTINGS = [
  'mon lease = 1',
  'mon election timeout = 1',
  'mon probe timeout = 1',
  'mon tick interval = 1',
  'mon sync timeout = 2',
  'mon sync max payload keys = 4',
  'paxos propose interval = 0.05',
  'paxos min wait = 0.02',
  'paxos max join drift = 5',
  'paxos min = 120',
  'paxos trim min = 20',
  '[client]',
  'admin socket =',
  'mon client hunt interval = 0.5',
  'mon client ping interval = 1',
  'mon client ping timeout = 3',
]
/** Each is a key of its own, and one of its history. */
const OPTION_COUNT = 1500

interface Round {
  readonly copy: Copy
  /** One after the other, over one copy. */
  readonly doomed: readonly Doomed[]
}

interface Kind {
  readonly what: string
  readonly implementations: readonly Implementation[]
  /** Who may be the one that copies. */
  readonly copiers: readonly string[]
  readonly rounds: readonly Round[]
}

const KINDS: readonly Kind[] = [
  {
    what: 'three of ours',
    implementations: ['ours', 'ours', 'ours'],
    copiers: ['a', 'b', 'c'],
    rounds: [
      { copy: 'emptied', doomed: ['copier', 'copier', 'provider', 'both'] },
      { copy: 'recent', doomed: ['copier', 'provider'] },
    ],
  },
  {
    what: 'ours, copying from real ones',
    implementations: ['real', 'real', 'ours'],
    copiers: ['c'],
    rounds: [{ copy: 'trimmed', doomed: ['copier', 'provider'] }],
  },
  {
    what: 'a real one, copying from ours',
    implementations: ['ours', 'ours', 'real'],
    copiers: ['c'],
    rounds: [{ copy: 'emptied', doomed: ['copier', 'provider'] }],
  },
]
/** A moment of the seed may come too late for this machine; then the round is played again. */
const PLAYS_MAX = 4

for (const [index, { what, implementations, copiers, rounds }] of KINDS.entries())
  describe(`killed over a copy: ${what} (KILL_SEED=${seed})`, function () {
    this.timeout(seconds * 1000 + 300_000)
    this.bail(true)
    const random = new Random(seed)
    let cluster: QuorumCluster
    let monitors: MonProcesses
    let client: KillClient
    let loop: KillLoop
    let copies: KilledCopy
    let failed = false

    before(async function () {
      if (!haveCeph()) this.skip()
      cluster = makeQuorum(port + 3 * index, implementations, SETTINGS)
      monitors = new MonProcesses(cluster)
      loop = new KillLoop(cluster.names, monitors, random)
      copies = new KilledCopy(cluster, monitors, random)
      await loop.complete()
      fill()
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

    const fill = (): void => {
      const file = join(cluster.folder, 'options')
      const sections = Array.from(
        { length: OPTION_COUNT },
        (_, i) => `[client.fill${i}]\nrgw_dns_name = host${i}\n`,
      )
      writeFileSync(file, sections.join(''))
      cluster.ok(['config', 'assimilate-conf', '-i', file])
    }

    const play = async ({ copy, doomed }: Round): Promise<void> => {
      const copier = random.pick(copiers)
      await copies.bringDown(copier, copy)
      await copies.kill(copier, copy, doomed)
      await loop.complete()
    }

    for (const round of rounds)
      it(`${round.copy}: ${round.doomed.join(', ')} killed`, async () => {
        for (let plays = 0; plays < PLAYS_MAX && !copies.hasHit(round.copy, round.doomed); plays++)
          await play(round)
        assert.ok(copies.hasHit(round.copy, round.doomed), hits())
      })

    if (seconds > 0)
      it('and so on, at random', async () => {
        const end = Date.now() + seconds * 1000
        while (Date.now() < end)
          await play({
            copy: random.pick(['emptied', 'trimmed', 'recent'] as const),
            doomed: Array.from({ length: 1 + random.below(4) }, () =>
              random.pick(['copier', 'provider', 'both'] as const),
            ),
          })
      })

    const hits = (): string =>
      [...copies.hits].map(([died, count]) => `${died} ${count}`).join(', ') +
      `; too late: ${copies.missCount}`

    it('the stores agree, and have all that was acknowledged', async () => {
      assert.deepEqual(await client.stop(), { hanging: [], failures: [] })
      const history: readonly Line[] = client.history()
      assert.deepEqual(refusals(history), [])
      assert.deepEqual(inventedReads(history), [])
      assert.deepEqual(staleReads(history), [])
      await checkWrites(cluster, history)
      await checkMade(cluster, history)
      await monitors.kill(cluster.names)
      assert.equal(await compareStores(cluster), cluster.names.length)
      console.log(`      over a copy: ${hits()}`)
    })
  })
