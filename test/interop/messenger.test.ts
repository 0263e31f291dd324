import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import { authorizerNoneClient, entityClient, monAuthorizerClient } from '../../src/auth/cephx-client.ts'
import { CON_MODE, type AuthClient, type AuthReply } from '../../src/auth/contract.ts'
import type { CryptoKey } from '../../src/auth/crypto-key.ts'
import { parseKeyring } from '../../src/auth/keyring.ts'
import { ALLOW_ALL } from '../../src/auth/mon-cap.ts'
import { known } from '../../src/base/assert.ts'
import { entityAddr, portOf } from '../../src/codec/type/entity-addr.ts'
import { ENTITY_TYPE, printEntityName } from '../../src/codec/type/entity-name.ts'
import type { RawMessage } from '../../src/message/raw.ts'
import { ACK_DELAY_MS } from '../../src/net/msgr2/limit.ts'
import { listeningPeer, testPeer, until, type Mode, type TestPeer } from '../net/loopback.ts'
import { haveCeph, startRealMon, type RealMon } from './real-mon.ts'

const PORT = Number(process.env['INTEROP_PORT'] ?? 21220)
const CEPH_MSG_PING = 2
const CEPH_MSG_MON_GET_MAP = 5
const CEPH_MSG_MON_MAP = 4

const bare = (type: number): RawMessage => ({
  seq: 0n,
  tid: 7n,
  type,
  priority: 127,
  version: 1,
  compat: 1,
  front: Buffer.alloc(0),
  middle: Buffer.alloc(0),
  data: Buffer.alloc(0),
})

describe('the messenger and real 16.2.15 programs', function () {
  this.timeout(60_000)
  let mon: RealMon
  let keys: ReadonlyMap<string, CryptoKey>
  const peers: TestPeer[] = []
  const keep = (peer: TestPeer): TestPeer => {
    peers.push(peer)
    return peer
  }

  before(function () {
    if (!haveCeph()) {
      console.log('      skipped: ceph-mon is not installed')
      this.skip()
    }
    mon = startRealMon(PORT)
    const keyring = parseKeyring(mon.keyring)
    assert(E.isRight(keyring))
    keys = new Map([...keyring.right.values()].map(({ name, auth }) => [printEntityName(name), auth.key]))
  })
  afterEach(async () => {
    await Promise.all(peers.map(({ messenger }) => messenger.shutdown()()))
    peers.length = 0
  })
  after(() => mon.stop())

  const admin = (mode: Mode): AuthClient =>
    entityClient(
      {
        entityName: { type: ENTITY_TYPE.client, id: 'admin' },
        key: known(keys.get('client.admin'), 'a key'),
        globalId: 0n,
        oldTicket: undefined,
        wantedServices: 0x20,
      },
      [CON_MODE[mode]],
      randomBytes(32),
    )
  const fellow = (mode: Mode): AuthClient =>
    monAuthorizerClient(known(keys.get('mon.'), 'a key'), [CON_MODE[mode]], 3600, {
      now: Date.now(),
      entropy: randomBytes(32),
    })

  for (const mode of ['crc', 'secure'] satisfies Mode[]) {
    it(`a client of ours is served the monmap, ${mode}`, async () => {
      const cli = keep(testPeer({ type: 'client', authClientFor: () => admin(mode) }))
      const connection = cli.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: mon.addrs })
      cli.messenger.send(connection, bare(CEPH_MSG_MON_GET_MAP))
      await until(() => cli.messages().some(({ type }) => type === CEPH_MSG_MON_MAP), 'a monmap')
      const ready = known(cli.of('ConnectionReady')[0], 'ready')
      assert.equal(ready.peer.num, 0n)
      assert.equal(ready.peer.lossy, true)
      assert.equal(ready.peer.features, 0x3f01cfbdfffdffffn)
    })

    it(`a monitor of ours opens a lossless session and resumes it, ${mode}`, async () => {
      const own = keep(await listeningPeer({ type: 'mon', num: 1n, mode, authClientFor: () => fellow(mode) }))
      const connection = own.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: mon.addrs })
      own.messenger.send(connection, bare(CEPH_MSG_PING))
      await until(() => own.messages(connection).length === 1, 'an answer')
      assert.equal(own.of('ConnectionReady')[0]?.peer.lossy, false)
      for (let round = 2; round < 6; round++) {
        // A monitor whose message is not acknowledged dials too, and nobody here can judge its authorizer.
        await delay(2 * ACK_DELAY_MS)
        own.messenger.breakSocket(connection)
        own.messenger.send(connection, bare(CEPH_MSG_PING))
        await until(() => own.messages(connection).length === round, 'an answer after a reconnect')
      }
      assert.deepEqual(
        own.messages(connection).map(({ seq }) => seq),
        [1n, 2n, 3n, 4n, 5n],
      )
      assert.equal(own.of('RemoteReset').length, 0)
      assert.equal(own.of('ConnectionClosed').length, 0)
    })
  }

  it('a client of ours with a wrong key is told why it is refused', async () => {
    const key = { ...known(keys.get('client.admin'), 'a key'), secret: randomBytes(16) }
    const client = entityClient(
      {
        entityName: { type: ENTITY_TYPE.client, id: 'admin' },
        key,
        globalId: 0n,
        oldTicket: undefined,
        wantedServices: 0x20,
      },
      [CON_MODE.crc],
      randomBytes(32),
    )
    const cli = keep(testPeer({ type: 'client', authClientFor: () => client }))
    cli.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: mon.addrs })
    await until(() => cli.of('ConnectionClosed').length === 1, 'the end')
    assert.match(cli.of('ConnectionClosed')[0]?.reason ?? '', /authentication refused: result -13/)
  })

  it('the stock CLI reaches AUTH_REQUEST on our accepting side', async () => {
    const own = keep(await listeningPeer({ type: 'mon', num: 0n, silent: true }))
    const port = portOf(known(own.messenger.addrs[0], 'an address'))
    const args = ['-c', mon.conf, '-m', `v2:127.0.0.1:${port}`, 'mon', 'stat']
    const cli = execFile('ceph', args)
    await until(() => own.of('AuthRequestReceived').length > 0, 'AUTH_REQUEST', 20_000)
    cli.kill('SIGKILL')
    const request = known(own.of('AuthRequestReceived')[0], 'a request')
    assert.equal(request.peerType, ENTITY_TYPE.client)
    assert.equal(request.method, 2)
    assert.deepEqual(request.modes, [CON_MODE.secure, CON_MODE.crc])
    await until(() => own.of('AuthAttemptClosed').length > 0, 'the end of the attempt')
  })

  it('a legacy client is dropped, and the log says why', async () => {
    const own = keep(await listeningPeer({ type: 'mon', num: 0n, silent: true }))
    const port = portOf(known(own.messenger.addrs[0], 'an address'))
    const cli = execFile('ceph', ['-c', mon.conf, '-m', `v1:127.0.0.1:${port}`, 'mon', 'stat'])
    await until(() => own.log.some((line) => line.includes('legacy protocol')), 'the log line', 20_000)
    cli.kill('SIGKILL')
    assert.equal(own.of('AuthRequestReceived').length, 0)
  })
})

describe('a real monitor that connects to the messenger', function () {
  this.timeout(60_000)
  let mon: RealMon | undefined

  before(function () {
    if (!haveCeph()) this.skip()
  })
  after(() => mon?.stop())

  // Without keys: who may enter is not what is tested here.
  const admit: AuthReply = {
    _tag: 'AuthDone',
    globalId: 0n,
    mode: CON_MODE.crc,
    payload: Buffer.alloc(0),
    sessionKey: undefined,
    connectionSecret: Buffer.alloc(0),
    identity: {
      entityName: { type: ENTITY_TYPE.mon, id: '' },
      globalId: 0n,
      globalIdStatus: 'NONE',
      caps: ALLOW_ALL,
    },
  }

  it('opens one lossless session, and resumes it after its socket breaks', async () => {
    const fellow = PORT + 4
    const own = await listeningPeer({
      type: 'mon',
      num: 1n,
      silent: true,
      addrs: [entityAddr('msgr2', '127.0.0.1', fellow)],
      authClientFor: () => authorizerNoneClient({ type: ENTITY_TYPE.mon, id: '' }, 0n, [CON_MODE.crc]),
      onEvent: (event, messenger) => {
        if (event._tag === 'AuthRequestReceived') messenger.authReply(event.attempt, admit)
      },
    })
    const methods = ['cluster', 'service', 'client'].map((kind) => `auth ${kind} required = none`)
    mon = startRealMon(PORT + 2, { settings: methods, fellow })
    await until(() => own.messages().length > 0, 'a probe', 20_000)
    const { connection, peer } = known(own.of('ConnectionReady')[0], 'ready')
    assert.deepEqual([peer.type, peer.num, peer.lossy, peer.incoming], [ENTITY_TYPE.mon, 0n, false, true])
    assert.equal(own.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: mon.addrs }), connection)

    for (let round = 1; round <= 3; round++) {
      const before = own.messages(connection).length
      own.messenger.breakSocket(connection)
      // The real monitor probes every two seconds.
      await until(() => own.messages(connection).length > before, 'a probe after a break', 20_000)
    }
    assert.deepEqual(
      own.messages(connection).map(({ seq }) => seq),
      own.messages(connection).map((_, i) => BigInt(i + 1)),
    )
    assert.equal(own.of('RemoteReset').length, 0)
    assert.equal(own.of('ConnectionClosed').length, 0)
    await own.messenger.shutdown()()
  })
})
