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
import { crc32c } from '../../src/codec/crc32c.ts'
import { ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { encodeMessage } from '../../src/message/message.ts'
import type { RawMessage } from '../../src/message/raw.ts'
import { encodeBanner, OUR_BANNER } from '../../src/net/msgr2/banner.ts'
import { TAG, type Frame } from '../../src/net/msgr2/frame.ts'
import { FRONT_BYTES_MAX, HANDSHAKES_MAX, READY_TIMEOUT_MS } from '../../src/net/msgr2/limit.ts'
import { HOSTILE_TEXTS, hostileCommand, MON_SIGNATURES } from '../fuzz/hostile-json.ts'
import { mutate } from '../fuzz/runs.ts'
import { fixtures } from '../message/fixture.ts'
import {
  closedByPeer,
  frameBytesOf,
  loopbackAddr,
  messageBytesOf,
  openRawSession,
  wireBytesOf,
} from '../net/raw-session.ts'
import { Random } from '../paxos/random.ts'
import { startQuorum, waitForQuorum, type QuorumCluster } from './quorum-cluster.ts'
import { haveCeph } from './real-mon.ts'

const PORT = Number(process.env['HOSTILE_PORT'] ?? 21300)
/** What a monitor may take beyond its start: HELD_BYTES_MAX, one message being decoded, and the collector's slack. */
const GROWTH_MIB_MAX = 700
const CAPTURE = join(import.meta.dirname, '../fixture/msgr2/cli-bootstrap-crc')
const SECRET = 'a secret that no log may show'
const MODES = [CON_MODE.crc]

const BANNER = encodeBanner(OUR_BANNER)
const hello = frameBytesOf({ _tag: 'HELLO', entityType: ENTITY_TYPE.client, peerAddr: loopbackAddr(1) })
const authRequest = (fields: Partial<Extract<Frame, { _tag: 'AUTH_REQUEST' }>>): Buffer =>
  frameBytesOf({ _tag: 'AUTH_REQUEST', method: 2, modes: [1], payload: Buffer.alloc(0), ...fields })
const crcOf = (bytes: Buffer, at: number): Buffer => {
  const damaged = Buffer.from(bytes)
  damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at)
  return damaged
}
const preamble = (tag: number, lengths: readonly number[], count = lengths.length): Buffer => {
  // The crc is right: a frame of no bytes is made, and its numbers are not what it has.
  const frame = wireBytesOf({ tag, segments: [Buffer.alloc(0)] }).subarray(0, 32)
  const claim = Buffer.from(frame)
  claim.writeUInt8(count, 1)
  lengths.forEach((length, i) => claim.writeUInt32LE(length, 2 + i * 6))
  claim.writeUInt32LE(crc32c(0, claim.subarray(0, 28)), 28)
  return claim
}

/** What is sent, and what the log says of it. Everything but the first comes after a banner and a HELLO. */
const BEFORE_LOGIN: readonly (readonly [what: string, bytes: Buffer, reason: RegExp])[] = [
  ['a banner of another protocol', Buffer.from('GET / HTTP/1.1\r\n\r\n\u001b[2J'), /not a msgr v2 banner/],
  ['the legacy banner', Buffer.from('ceph v027'), /legacy protocol/],
  ['a long banner', Buffer.from('ceph v2\n\xff\xff', 'latin1'), /banner payload of 65535 bytes/],
  ['features that we lack', encodeBanner({ supported: 3n, required: 2n }), /requires messenger features/],
  ['4 GiB', Buffer.concat([BANNER, preamble(TAG.HELLO, [0xffffffff])]), /frame of 4294967295 bytes exceeds/],
  ['no segments', Buffer.concat([BANNER, preamble(TAG.HELLO, [], 0)]), /frame of 0 segments/],
  ['200 segments', Buffer.concat([BANNER, preamble(TAG.HELLO, [1, 1, 1, 1], 200)]), /frame of 200 segments/],
  ['a wrong preamble', Buffer.concat([BANNER, crcOf(hello, 3)]), /preamble crc/],
  ['a wrong segment', Buffer.concat([BANNER, crcOf(hello, 34)]), /crc of segment 0/],
  [
    'a tag of later versions',
    Buffer.concat([BANNER, wireBytesOf({ tag: 21, segments: [Buffer.alloc(9)] })]),
    /unknown frame tag 21/,
  ],
  [
    'tag 0',
    Buffer.concat([BANNER, wireBytesOf({ tag: 0, segments: [Buffer.alloc(9)] })]),
    /unknown frame tag 0/,
  ],
  [
    'a message',
    Buffer.concat([
      BANNER,
      hello,
      wireBytesOf({ tag: TAG.MESSAGE, segments: [Buffer.alloc(41), Buffer.alloc(9)] }),
    ]),
    /EarlyFrameReceived out of turn/,
  ],
  [
    'a sign of life',
    Buffer.concat([
      BANNER,
      hello,
      frameBytesOf({ _tag: 'KEEPALIVE2', stamp: { seconds: 1, nanoseconds: 0 } }),
    ]),
    /EarlyFrameReceived out of turn/,
  ],
  [
    'a session',
    Buffer.concat([
      BANNER,
      hello,
      frameBytesOf({
        _tag: 'SESSION_RECONNECT',
        addrs: [],
        clientCookie: 1n,
        serverCookie: 1n,
        globalSeq: 1n,
        connectSeq: 1n,
        messageSeq: 1n,
      }),
    ]),
    /SessionReconnectReceived out of turn/,
  ],
  ['HELLO twice', Buffer.concat([BANNER, hello, hello]), /HelloReceived out of turn/],
  [
    '2^32 modes',
    Buffer.concat([
      BANNER,
      hello,
      wireBytesOf({ tag: TAG.AUTH_REQUEST, segments: [Buffer.from('02000000ffffffff00000000', 'hex')] }),
    ]),
    /payload of frame tag 2/,
  ],
  [
    'many modes',
    Buffer.concat([BANNER, hello, authRequest({ modes: Array<number>(1000).fill(1) })]),
    /1000 choices, more than 64/,
  ],
  [
    'nine methods',
    Buffer.concat([BANNER, hello, ...Array<Buffer>(9).fill(authRequest({ method: 9 }))]),
    /too many rounds|out of turn/,
  ],
]

describe('a quorum of ours among peers that mean harm', function () {
  this.timeout(240_000)
  let cluster: QuorumCluster
  let epoch: number
  let startedMiB: readonly number[]
  let keys: ReadonlyMap<string, CryptoKey>
  let served = 0
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
    for (let left = 100; !reason.test(cluster.log(name)); left--) {
      if (left === 0) throw new Error(`mon.${name} does not log ${String(reason)}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** Another client, all the while. */
  const serve = async (): Promise<void> => {
    while (!stopServing) {
      const began = performance.now()
      const socket = await openRawSession(known(ports[served % 3], 'a port'), clientOf('reader'), 30_000)
      const answer = new Promise<void>((resolve) => socket.once('data', () => resolve()))
      socket.resume()
      const get = encodeMessage({ _tag: 'MMonGetMap' }, { tid: 1n })
      socket.write(messageBytesOf({ ...get, seq: 1n }))
      await answer
      socket.destroy()
      served++
      slowestMs = Math.max(slowestMs, performance.now() - began)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  before(async function () {
    if (!haveCeph()) {
      console.log('      skipped: ceph-mon is not installed')
      this.skip()
    }
    const debug = ['mon', 'ms', 'paxos', 'auth'].map((name) => `debug ${name} = 20/20`)
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
    serving.catch(() => undefined)
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
    const ask = messageBytesOf(command('{"prefix":"get_command_descriptions"}', id))
    const deaf = await openRawSession(port, clientOf('reader'))
    for (let i = 1; i < 2000 && !deaf.destroyed; i++) {
      const numbered = messageBytesOf({
        ...command('{"prefix":"get_command_descriptions"}', id),
        seq: BigInt(i),
      })
      assert.equal(numbered.length, ask.length)
      if (!deaf.write(numbered)) await new Promise((resolve) => setTimeout(resolve, 20))
      if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 5))
      if (i % 100 === 0 && /bytes wait to be sent/.test(cluster.log('c'))) break
    }
    deaf.destroy()
    await assertLogged('c', /\d+ bytes wait to be sent/)

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
        `${served} others served, the slowest in ${slowestMs.toFixed(0)} ms`,
    )
    assert.deepEqual(status.quorum_names, ['a', 'b', 'c'])
    assert.equal(status.election_epoch, epoch)
    assert.ok(served > 20)
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
