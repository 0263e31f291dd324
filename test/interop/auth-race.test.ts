/**
 * Many clients at all monitors of a quorum that ask for the key of the same new entity at the same moment: three of our
 * monitors, and three of Debian's beside them.
 */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Implementation, type QuorumCluster, startQuorum, waitForQuorum } from './quorum-cluster.ts'
import { haveCeph } from './real-mon.ts'

const PORT = 25_150
const CLIENTS_PER_MONITOR = 4
const ROUNDS = 8
const ARRANGEMENTS: readonly (readonly [as: Implementation, port: number])[] = [
  ['ours', PORT],
  ['real', PORT + 3],
]
const EINVAL = -22

type Words = Readonly<Record<string, unknown>>

interface Answer {
  readonly mon: number
  readonly command: number
  readonly code: number
  readonly out: string
  readonly text: string
}

class RaceClient {
  private readonly child: ChildProcess
  private readonly lines: AsyncIterator<string, undefined>

  constructor(cluster: QuorumCluster) {
    const sockets = cluster.names.map((name) => cluster.adminSocket(name))
    this.child = spawn(
      '/usr/bin/python3',
      [join(import.meta.dirname, 'race-client.py'), cluster.conf, String(CLIENTS_PER_MONITOR), ...sockets],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    )
    assert.ok(this.child.stdout !== null)
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]()
  }

  async connected(): Promise<unknown> {
    return JSON.parse(await this.line())
  }

  /** Has the commands asked by all clients at once. */
  async race(commands: readonly Words[]): Promise<readonly Answer[]> {
    this.child.stdin?.write(`${JSON.stringify(commands)}\n`)
    return JSON.parse(await this.line()) as readonly Answer[]
  }

  stop(): void {
    this.child.kill('SIGKILL')
  }

  private async line(): Promise<string> {
    const line: IteratorResult<string, undefined> = await this.lines.next()
    assert.ok(line.done !== true, 'the clients have ended')
    return line.value
  }
}

const keyIn = (out: string): string | undefined => /[A-Za-z0-9+/]{38}==/.exec(out)?.[0]

const getOrCreate = (suffix: string, entity: string, cap: string): Words => ({
  prefix: `auth get-or-create${suffix}`,
  entity,
  caps: ['mon', cap],
})

for (const [as, port] of ARRANGEMENTS)
  describe(`clients that race for a new entity, with monitors that are ${as}`, function () {
    this.timeout(120_000)
    let cluster: QuorumCluster
    let clients: RaceClient
    const running: { readonly stop: () => void }[] = []

    before(async function () {
      if (!haveCeph()) {
        console.log('      skipped: ceph-mon is not installed')
        this.skip()
      }
      cluster = startQuorum(port, [as, as, as])
      running.push(cluster)
      await waitForQuorum(cluster)
      clients = new RaceClient(cluster)
      running.push(clients)
      assert.equal(await clients.connected(), CLIENTS_PER_MONITOR * cluster.names.length)
    })
    after(() => {
      for (const one of running.reverse()) one.stop()
    })

    /** The key that every monitor has for the entity. */
    const keyOf = async (entity: string): Promise<string | undefined> => {
      const keys = new Set<string | undefined>()
      for (const mon of cluster.names) keys.add(keyIn(await cluster.okAt(mon, ['auth', 'get', entity])))
      assert.equal(keys.size, 1, [...keys].join())
      return [...keys][0]
    }

    it('are all given one and the same key', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const entity = `client.same${round}`
        const answers = await clients.race(
          ['', '-key'].map((suffix) => getOrCreate(suffix, entity, 'allow r')),
        )
        assert.ok(
          answers.every(({ code }) => code === 0),
          JSON.stringify(answers),
        )
        assert.deepEqual(new Set(answers.map(({ mon }) => mon)), new Set([0, 1, 2]))
        assert.deepEqual(new Set(answers.map(({ command }) => command)), new Set([0, 1]))
        const key = await keyOf(entity)
        assert.ok(key !== undefined)
        assert.deepEqual(new Set(answers.map(({ out }) => keyIn(out))), new Set([key]))
      }
    })

    it('with other capabilities: those who were not the first are told so, and have no key', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const entity = `client.other${round}`
        const caps = ['allow r', 'allow rw']
        const answers = await clients.race(caps.map((cap) => getOrCreate('', entity, cap)))
        const key = await keyOf(entity)
        const [first] = answers.filter(({ code }) => code === 0)
        assert.ok(first !== undefined)
        for (const { command, code, out, text } of answers)
          if (command === first.command) assert.deepEqual([code, keyIn(out)], [0, key])
          else
            assert.deepEqual(
              [code, keyIn(out), text],
              [EINVAL, undefined, `key for ${entity} exists but cap mon does not match`],
            )
        const stored = await cluster.okAt('a', ['auth', 'get', entity])
        assert.ok(stored.includes(`caps mon = "${String(caps[first.command])}"`), stored)
      }
    })
  })
