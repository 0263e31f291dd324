/**
 * Three of our monitors in quorum, and peers that mean harm: before they have authenticated, and after, with the keys
 * of clients that may little. Whatever they send, every monitor lives, stays in the same quorum, takes no more memory
 * than is said here, serves others meanwhile, and says in its log why it dropped whom.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { entityClient } from '../../src/auth/cephx-client.ts'
import { CON_MODE, type AuthClient } from '../../src/auth/contract.ts'
import { parseCryptoKey, type CryptoKey } from '../../src/auth/crypto-key.ts'
import { known } from '../../src/base/assert.ts'
import { ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { encodeMessage } from '../../src/message/message.ts'
import type { RawMessage } from '../../src/message/raw.ts'
import { TAG } from '../../src/net/msgr2/frame.ts'
import { FRONT_BYTES_MAX, HANDSHAKES_MAX, READY_TIMEOUT_MS } from '../../src/net/msgr2/limit.ts'
import { HOSTILE_TEXTS, hostileCommand, MON_SIGNATURES } from '../fuzz/hostile-json.ts'
import { mutate } from '../fuzz/runs.ts'
import { fixtures } from '../message/fixture.ts'
import {
  closedByPeer,
  frameBytesOf,
  messageBytesOf,
  openRawSession,
  wireBytesOf,
} from '../net/raw-session.ts'
import { Random } from '../paxos/random.ts'
import { BANNER, BEFORE_LOGIN, crcOf, hello, preamble } from './hostile-frames.ts'
import { startQuorum, waitForQuorum, type QuorumCluster } from './quorum-cluster.ts'
import { haveCeph } from './real-mon.ts'

const PORT = Number(process.env['HOSTILE_PORT'] ?? 21300)
/** What a monitor may take beyond its start: HELD_BYTES_MAX, one message being decoded, and the collector's slack. */
const GROWTH_MIB_MAX = 700
const CAPTURE = join(import.meta.dirname, '../fixture/msgr2/cli-bootstrap-crc')
const SECRET = 'a secret that no log may show'
const MODES = [CON_MODE.crc]

describe('a quorum of ours among peers that mean harm', function () {
  this.timeout(240_000)
  let cluster: QuorumCluster
  let epoch: number
  let startedMiB: readonly number[]
  let keys: ReadonlyMap<string, CryptoKey>
  let served = 0
  let turnedAway = 0
  let slowestMs = 0
  let stopServing = false
  let serving: Promise<void> = Promise.resolve()
  const ports = [PORT, PORT + 1, PORT + 2]

  const pidOf = (name: string): number =>
    Number(readFileSync(join(cluster.folder, `mon.${name}.pid`), 'utf8'))
  const residentMiB = (): readonly number[] =>
    cluster.names.map((name) => {
      const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pidOf(name)}/status`, 'utf8'))
      return Number(known(line?.[1], `VmRSS of mon.${name}`)) / 1024
    })
  const clientOf = (id: string): AuthClient =>
    entityClient(
      {
        entityName: { type: ENTITY_TYPE.client, id },
        key: known(keys.get(id), `key of client.${id}`),
        globalId: 0n,
        oldTicket: undefined,
        wantedServices: ENTITY_TYPE.auth,
      },
      MODES,
      randomBytes(32),
    )
  const fsid = (): string => (JSON.parse(cluster.ok(['fsid', '-f', 'json'])) as { fsid: string }).fsid
  const command = (text: string, id: string): RawMessage =>
    encodeMessage(
      { _tag: 'MMonCommand', version: 0n, fsid: id, cmd: [text], data: Buffer.alloc(0) },
      { tid: 1n },
    )

  const rawPeer = (port: number, bytes: Buffer): Socket => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(bytes)
    return socket
  }

  /** The line may be written a moment after the socket is closed. */
  const assertLogged = async (name: string, reason: RegExp): Promise<void> => {
    for (let left = 400; !reason.test(cluster.log(name)); left--) {
      if (left === 0) throw new Error(`mon.${name} does not log ${String(reason)}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** Another client, all the while. */
  const serve = async (): Promise<void> => {
    for (let i = 0; !stopServing; i++) {
      const began = performance.now()
      try {
        await getMonmap(known(ports[i % 3], 'a port'))
        served++
        slowestMs = Math.max(slowestMs, performance.now() - began)
      } catch {
        // As a client does, it tries another monitor.
        turnedAway++
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const getMonmap = async (port: number): Promise<void> => {
    const socket = await openRawSession(port, clientOf('reader'), 30_000)
    const answer = new Promise<void>((resolve, reject) =>
      socket.once('data', () => resolve()).once('close', () => reject(new Error('no answer'))),
    )
    socket.resume()
    const get = encodeMessage({ _tag: 'MMonGetMap' }, { tid: 1n })
    socket.write(messageBytesOf({ ...get, seq: 1n }))
    try {
      await answer
    } finally {
      socket.destroy()
    }
  }

  before(async function () {
    if (!haveCeph()) {
      console.log('      skipped: ceph-mon is not installed')
      this.skip()
    }
    const debug = ['[mon]', ...['mon', 'ms', 'paxos', 'auth'].map((name) => `debug ${name} = 20/20`)]
    cluster = startQuorum(PORT, ['ours', 'ours', 'ours'], debug)
    await waitForQuorum(cluster)
    const create = (id: string, cap: string): CryptoKey => {
      const key = cluster.ok(['auth', 'get-or-create-key', `client.${id}`, 'mon', cap]).trim()
      return known(parseCryptoKey(key), `key of client.${id}`)
    }
    keys = new Map([
      ['reader', create('reader', 'allow r')],
      ['nobody', create('nobody', 'allow command "nothing"')],
    ])
    cluster.ok(['config-key', 'set', 'secret', SECRET])
    epoch = (JSON.parse(cluster.ok(['quorum_status'])) as { election_epoch: number }).election_epoch
    startedMiB = residentMiB()
    serving = serve()
  })
  after(() => {
    stopServing = true
    cluster.stop()
  })

  for (const [what, bytes, reason] of BEFORE_LOGIN)
    it(`drops ${what} before login, and says why`, async () => {
      await Promise.all(ports.map((port) => closedByPeer(rawPeer(port, bytes), READY_TIMEOUT_MS + 10_000)))
      for (const name of cluster.names) await assertLogged(name, reason)
    })

  it('drops recorded connections, as they were and damaged, and noise', async () => {
    const random = new Random(5)
    const capture = readFileSync(join(CAPTURE, 'c2s.bin'))
    for (let round = 0; round < 40; round++) {
      const sockets = ports.map((port) =>
        rawPeer(
          port,
          round === 0 ? capture : random.chance(0.2) ? randomBytes(2000) : mutate(random, capture),
        ),
      )
      for (const socket of sockets) socket.end()
      await Promise.all(sockets.map((socket) => closedByPeer(socket, READY_TIMEOUT_MS + 10_000)))
    }
  })

  it('lets half-open peers, and those that send a byte a second, give way', async () => {
    const port = known(ports[0], 'a port')
    const silent = Array.from({ length: HANDSHAKES_MAX + 200 }, () => rawPeer(port, BANNER.subarray(0, 9)))
    const slow = rawPeer(port, BANNER.subarray(0, 1))
    let sent = 1
    const drip = setInterval(() => slow.write(BANNER.subarray(sent, ++sent)), 1000)
    await Promise.all([...silent, slow].map((socket) => closedByPeer(socket, READY_TIMEOUT_MS + 20_000)))
    clearInterval(drip)
    await assertLogged('a', /too many handshakes, the oldest gives way/)
    await assertLogged('a', /handshake timed out/)
  })

  it('survives what clients that may little can say, of every kind, and damaged', async () => {
    const random = new Random(9)
    const kinds = fixtures()
    for (const id of ['reader', 'nobody']) {
      let socket = await openRawSession(known(ports[1], 'a port'), clientOf(id))
      let seq = 1n
      for (let i = 0; i < 1500; i++) {
        const { raw } = known(kinds[i % kinds.length], 'a message')
        const message = i < kinds.length ? raw : { ...raw, front: mutate(random, raw.front) }
        socket.resume()
        socket.write(messageBytesOf({ ...message, seq: seq++ }))
        if (i % 5 === 4) await new Promise((resolve) => setImmediate(resolve))
        if (socket.destroyed || socket.readableEnded || !socket.writable) {
          socket = await openRawSession(known(ports[i % 3], 'a port'), clientOf(id))
          seq = 1n
        }
      }
      socket.destroy()
    }
    await assertLogged('b', /cannot be decoded/)
  })

  it('answers hostile commands of a client that may read', async () => {
    const random = new Random(3)
    const id = fsid()
    const texts = [
      ...HOSTILE_TEXTS.filter((text) => text.length <= FRONT_BYTES_MAX),
      ...Array.from({ length: 300 }, () => hostileCommand(random, MON_SIGNATURES)),
    ]
    for (const port of ports.slice(0, 2)) {
      const socket = await openRawSession(port, clientOf('reader'))
      socket.resume()
      const done = new Promise<void>((resolve) => socket.on('close', () => resolve()))
      let seq = 1n
      for (const text of texts)
        if (!socket.write(messageBytesOf({ ...command(text, id), seq: seq++ })))
          await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), done])
      // The last word is one that ends the session, so that everything before it has been read.
      socket.write(frameBytesOf({ _tag: 'WAIT' }))
      await done
    }
    await assertLogged('a', /WAIT on a connection that stands/)
  })

  it('ends frames after login that are too large, out of place or late', async () => {
    const bad: readonly (readonly [Buffer, RegExp])[] = [
      [preamble(TAG.MESSAGE, [41, 0x7fffffff, 0, 1]), /frame of 2147483689 bytes exceeds/],
      [hello, /HELLO on a connection that stands/],
      [crcOf(messageBytesOf({ ...command('{}', ''), seq: 1n }), 90), /crc of segment 1/],
      [
        wireBytesOf({ tag: TAG.MESSAGE, segments: [Buffer.alloc(3), Buffer.alloc(5)] }),
        /payload of frame tag 17/,
      ],
    ]
    for (const [bytes, reason] of bad) {
      const socket = await openRawSession(known(ports[2], 'a port'), clientOf('nobody'))
      socket.write(bytes)
      await closedByPeer(socket)
      await assertLogged('c', reason)
    }
  })

  it('ends peers that ask and never read, and those that leave great frames unfinished', async () => {
    const id = fsid()
    const port = known(ports[2], 'a port')
    const deaf = await openRawSession(port, clientOf('reader'))
    // The answer repeats the command twice.
    const echoed = 'x'.repeat(1_000_000)
    for (let i = 1; i <= 60; i++) deaf.write(messageBytesOf({ ...command(echoed, id), seq: BigInt(i) }))
    await assertLogged('c', /\d+ bytes wait to be sent/)
    deaf.destroy()

    const part = Buffer.alloc(40 * 1024 * 1024)
    const unfinished = await Promise.all(
      Array.from({ length: 12 }, () => openRawSession(port, clientOf('nobody'), 30_000)),
    )
    for (const socket of unfinished) {
      socket.write(preamble(TAG.MESSAGE, [41, 0, 0, 50 * 1024 * 1024]))
      socket.write(part)
    }
    await Promise.race(unfinished.map((socket) => closedByPeer(socket, 60_000)))
    await assertLogged('c', /all sockets together hold too much/)
    for (const socket of unfinished) socket.destroy()
  })

  it('and afterwards is the same quorum, of the same processes, within its memory, with nothing secret in its logs', async () => {
    const grownMiB = residentMiB().map((mib, i) => mib - known(startedMiB[i], 'a size'))
    stopServing = true
    await serving
    const status = JSON.parse(cluster.ok(['quorum_status'])) as {
      election_epoch: number
      quorum_names: string[]
    }
    console.log(
      `      grown by ${grownMiB.map((mib) => mib.toFixed(0)).join(', ')} MiB; ` +
        `${served} others served, the slowest in ${slowestMs.toFixed(0)} ms, ${turnedAway} turned away`,
    )
    assert.deepEqual(status.quorum_names, ['a', 'b', 'c'])
    assert.equal(status.election_epoch, epoch)
    assert.ok(served > 20 && turnedAway < served / 5)
    for (const mib of grownMiB) assert.ok(mib < GROWTH_MIB_MAX, `grown by ${mib} MiB`)
    const keyring = readFileSync(join(cluster.folder, 'keyring'), 'utf8')
    const secrets = [...keyring.matchAll(/key = (\S+)/g)].map(([, key = '']) => key)
    secrets.push(
      SECRET,
      ...['reader', 'nobody'].map((id) => cluster.ok(['auth', 'get-key', `client.${id}`]).trim()),
    )
    for (const name of cluster.names) {
      const log = cluster.log(name)
      assert.doesNotMatch(log, /met a mistake|AssertionError/)
      // eslint-disable-next-line no-control-regex -- they are what must not be there
      assert.doesNotMatch(log, /[\u0000-\u0009\u000b-\u001f]/)
      for (const secret of secrets) {
        const raw = Buffer.from(secret, 'base64').subarray(12)
        for (const text of [secret, raw.toString('hex')]) assert.ok(!log.includes(text), `${text} in the log`)
      }
    }
  })
})
