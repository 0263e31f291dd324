/**
 * Tickets that are too old, tickets with which a client comes back, and handshakes that somebody has overheard: a
 * monitor of ours beside one of Debian's, each with its own real client, at the same time. Both must say the same.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as E from 'fp-ts/lib/Either.js'
import { monAuthorizerClient } from '../../src/auth/cephx-client.ts'
import { CON_MODE } from '../../src/auth/contract.ts'
import { entryOf } from '../../src/auth/entity-auth.ts'
import { MON_ENTITY } from '../../src/auth/key-server.ts'
import { parseKeyring } from '../../src/auth/keyring.ts'
import { known } from '../../src/base/assert.ts'
import { ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { encodeBanner, OUR_BANNER } from '../../src/net/msgr2/banner.ts'
import { until } from '../net/loopback.ts'
import { frameBytesOf, loopbackAddr } from '../net/raw-session.ts'
import { type Implementation, type QuorumCluster, startQuorum } from './quorum-cluster.ts'
import { haveCeph } from './real-mon.ts'
import { Dialogue, partsOf, type Recorder, replay, startRecorder } from './replay.ts'
import { SessionClient } from './session-client.ts'

const PORT = 25_100
const TTL_S = 5
/** After as many lives of a ticket its key is none of the three that are kept. */
const LIVES = 4
const PROMPT_MS = 3000
const REFUSED_MS_MAX = 20_000
const IMPLEMENTATIONS: readonly Implementation[] = ['ours', 'real']

const run = promisify(execFile)
const sleep = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms))

/** One monitor of each kind, and what is asked of both at once. */
class Pair {
  private readonly members: readonly { readonly cluster: QuorumCluster; readonly clients: SessionClient[] }[]

  constructor(port: number, settings: (port: number) => readonly string[]) {
    this.members = IMPLEMENTATIONS.map((as, i) => {
      const first = port + 2 * i
      return { cluster: startQuorum(first, [as], settings(first)), clients: [] }
    })
  }

  async both<A>(
    ask: (cluster: QuorumCluster, clients: readonly SessionClient[]) => Promise<A> | A,
  ): Promise<[A, A]> {
    const answers = await Promise.all(this.members.map(async ({ cluster, clients }) => ask(cluster, clients)))
    return [answers[0] as A, answers[1] as A]
  }

  /** A client at each monitor that stays connected. */
  async connect(name: string, settings: readonly string[] = []): Promise<readonly SessionClient[]> {
    const clients = this.members.map(({ cluster, clients }) => {
      const client = new SessionClient(cluster.folder, cluster.conf, name, settings)
      clients.push(client)
      return client
    })
    for (const { code } of await Promise.all(clients.map((client) => client.connected())))
      assert.equal(code, 0)
    return clients
  }

  stop(): void {
    for (const { cluster, clients } of this.members) {
      for (const client of clients) client.signal('SIGKILL')
      cluster.stop()
    }
  }
}

/** What a client's log says of how it was received, without the addresses of things in its memory. */
const receptionOf = (log: string): readonly string[] =>
  log
    .split('\n')
    .flatMap(
      (line) =>
        /(handle_auth_bad_method|_finish_hunting|_finish_auth|no mon sessions).*/.exec(line)?.[0] ?? [],
    )

const fresh = async (cluster: QuorumCluster): Promise<string> =>
  (await run('ceph', ['-c', cluster.conf, '--connect-timeout', '20', 'config-key', 'ls'])).stdout

describe('tickets, as with the real monitor', function () {
  this.timeout(120_000)

  before(function () {
    if (!haveCeph()) {
      console.log('      skipped: ceph-mon is not installed')
      this.skip()
    }
  })

  describe('of a client that sleeps for longer than their keys live', () => {
    let pair: Pair
    before(() => {
      pair = new Pair(PORT, () => [
        `auth mon ticket ttl = ${TTL_S}`,
        `auth service ticket ttl = ${TTL_S}`,
        'mon tick interval = 1',
        'mon client ping interval = 1',
        'mon client ping timeout = 3',
      ])
    })
    after(() => pair.stop())

    it('do not bring it back, and it is told so in the same words; one that comes anew is served', async () => {
      const clients = await pair.connect('sleeper')
      for (const client of clients) client.signal('SIGSTOP')
      await sleep(LIVES * TTL_S * 1000)
      const asleep = clients.map((client) => client.log().length)
      const answered: string[] = []
      const reception = (client: SessionClient, i: number): readonly string[] =>
        receptionOf(client.log().slice(asleep[i]))
      // What is asked before the client has looked at its connection may still be answered over the old one.
      for (const client of clients) client.signal('SIGCONT')
      const isRefused = (): boolean =>
        clients.map(reception).every((lines) => lines.some((line) => line.startsWith('_finish_auth')))
      await until(isRefused, 'an answer to the ticket', REFUSED_MS_MAX)
      for (const client of clients)
        client.command({ prefix: 'mon stat' }).then(
          ({ out }) => answered.push(out),
          () => undefined,
        )
      await sleep(PROMPT_MS)
      const [ours, real] = clients.map(reception)
      assert.deepEqual(ours, real)
      assert.match(String(ours?.[0]), /handle_auth_bad_method method=2 result \(13\) Permission denied/)
      assert.deepEqual(answered, [], 'nobody answers a client that has given up')
      const [served, servedByReal] = await pair.both(fresh)
      assert.equal(served, servedByReal)
      const [log] = await pair.both((cluster) => cluster.log('a'))
      assert.match(
        log,
        / 0 mon\.a@0\(leader\) client\.admin at \S+ refused with -13: attempt to reclaim global_id \d+ by a ticket under key \d+ of service auth, which has rotated away/,
      )
    })
  })

  describe('over a network that is listened to', () => {
    let pair: Pair
    let recorders: readonly Recorder[] = []
    /** Where the monitors themselves listen. */
    const ports = [PORT + 5, PORT + 7]

    before(async () => {
      pair = new Pair(PORT + 4, (port) => [
        'auth mon ticket ttl = 60',
        'auth service ticket ttl = 60',
        'mon tick interval = 1',
        'mon client ping interval = 1',
        'mon client ping timeout = 3',
        '[mon]',
        `public bind addr = v2:127.0.0.1:${port + 1}`,
      ])
      recorders = await Promise.all(ports.map((port) => startRecorder(port - 1, port)))
    })
    after(() => {
      for (const recorder of recorders) recorder.close()
      pair.stop()
    })

    /** What was sent first on the connection that was opened last. */
    const lastSent = (): readonly Buffer[] =>
      recorders.map(({ sent }) => known(sent().at(-1), 'a connection'))

    it('bring a client back whose connection was cut while it slept, and whose monitor was started anew', async () => {
      const clients = await pair.connect('returner')
      const ids = await Promise.all(
        clients.map(async (client) => (await client.command({ prefix: 'mon stat' })).id),
      )
      const isServed = async (): Promise<void> => {
        const answers = await Promise.all(clients.map((client) => client.command({ prefix: 'mon stat' })))
        assert.deepEqual(
          answers.map(({ code, id }) => [code, id]),
          ids.map((id) => [0, id]),
        )
      }
      for (const client of clients) client.signal('SIGSTOP')
      for (const recorder of recorders) recorder.cut()
      await sleep(2000)
      for (const client of clients) client.signal('SIGCONT')
      await isServed()
      await pair.both((cluster) => {
        cluster.kill('a')
      })
      await sleep(500)
      await pair.both((cluster) => {
        cluster.start('a')
      })
      await isServed()
      for (const client of clients) {
        const comings = client.log().match(/_init_auth already have auth/g)?.length ?? 0
        assert.ok(comings >= 2, `it came back ${comings} times`)
        assert.doesNotMatch(client.log(), /handle_auth_bad_method/)
      }
    })

    it('are of no use to who has heard how a client came back: with its handshake, or all that it said', async () => {
      const heard = lastSent().map(partsOf)
      for (const upTo of [2, 3]) {
        const [ours, real] = await Promise.all(
          heard.map((parts, i) => replay(known(ports[i], 'a port'), parts.slice(0, upTo))),
        )
        assert.deepEqual(ours, real)
        assert.deepEqual(ours?.slice(0, 2), ['AUTH_REPLY_MORE', 'AUTH_BAD_METHOD -13, allowed 2 in 2,1'])
      }
    })

    for (const mode of ['secure', 'crc'])
      it(`are of no use to who has heard how a client came for the first time, in ${mode} mode`, async () => {
        await pair.both((cluster) =>
          run('ceph', [
            '-c',
            cluster.conf,
            '--ms_mon_client_mode',
            mode,
            '--connect-timeout',
            '20',
            'mon',
            'stat',
          ]),
        )
        const heard = lastSent().map(partsOf)
        assert.ok(heard.every(([, , rest]) => known(rest, 'what followed').length > 100))
        for (const upTo of [2, 3]) {
          const [ours, real] = await Promise.all(
            heard.map((parts, i) => replay(known(ports[i], 'a port'), parts.slice(0, upTo))),
          )
          assert.deepEqual(ours, real)
          assert.match(String(ours?.[1]), /^AUTH_BAD_METHOD -13/)
        }
      })

    it('are of no use to who has heard how a fellow monitor came', async () => {
      const outcomes = await pair.both(async (cluster) => {
        const port = Number(cluster.addressOf('a').split(':')[1]) + 1
        const parts = await comeAsMonitor(cluster, port)
        const [request, more, unchallenged] = parts
        return [await replay(port, [request, more]), await replay(port, [request, unchallenged])]
      })
      assert.deepEqual(outcomes[0], outcomes[1])
      assert.deepEqual(outcomes[0][0]?.slice(0, 2), [
        'AUTH_REPLY_MORE',
        'AUTH_BAD_METHOD -13, allowed 2 in 2,1',
      ])
    })
  })
})

/**
 * Enters as a monitor with the key that they share; gives what was said, and what could have been said instead of the
 * last: the authorizer of the beginning, which answers no challenge.
 */
const comeAsMonitor = async (
  cluster: QuorumCluster,
  port: number,
): Promise<readonly [request: Buffer, more: Buffer, unchallenged: Buffer]> => {
  const keyring = parseKeyring(readFileSync(join(cluster.folder, 'keyring')))
  assert.ok(E.isRight(keyring))
  const { key } = known(entryOf(keyring.right, MON_ENTITY), 'the key of mon.')
  const event = { now: Date.now(), entropy: randomBytes(32) }
  const client = monAuthorizerClient(key, [CON_MODE.crc], 3600, event)
  const request = Buffer.concat([
    encodeBanner(OUR_BANNER),
    frameBytesOf({ _tag: 'HELLO', entityType: ENTITY_TYPE.mon, peerAddr: loopbackAddr(port) }),
    frameBytesOf({ _tag: 'AUTH_REQUEST', ...client.request }),
  ])
  const dialogue = new Dialogue(port)
  dialogue.send(request)
  const challenge = await dialogue.next()
  assert.ok(typeof challenge !== 'string' && challenge._tag === 'AUTH_REPLY_MORE')
  const answer = client.more(challenge.payload)
  assert.ok(E.isRight(answer))
  const more = frameBytesOf({ _tag: 'AUTH_REQUEST_MORE', payload: answer.right.payload })
  dialogue.send(more)
  const done = await dialogue.next()
  assert.ok(typeof done !== 'string' && done._tag === 'AUTH_DONE')
  dialogue.close()
  return [request, more, frameBytesOf({ _tag: 'AUTH_REQUEST_MORE', payload: client.request.payload })]
}
