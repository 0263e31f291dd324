import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import { known } from '../../src/base/assert.ts'
import { ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { entityAddr, ipOf, portOf, printAddr } from '../../src/codec/type/entity-addr.ts'
import { startRelay } from './relay.ts'
import {
  listeningPeer,
  testMessage,
  testPeer,
  textOfMessage,
  until,
  type Mode,
  type TestPeer,
  type TestPeerOptions,
} from './loopback.ts'

describe('Messenger', () => {
  const peers: TestPeer[] = []
  const listen = async (options: TestPeerOptions): Promise<TestPeer> => {
    const peer = await listeningPeer(options)
    peers.push(peer)
    return peer
  }
  const client = (options: TestPeerOptions): TestPeer => {
    const peer = testPeer(options)
    peers.push(peer)
    return peer
  }
  afterEach(async () => {
    await Promise.all(peers.map(({ messenger }) => messenger.shutdown()()))
    peers.length = 0
  })

  const rawSocket = (peer: TestPeer): ReturnType<typeof connect> => {
    const addr = known(peer.messenger.addrs[0], 'an address')
    const socket = connect(portOf(addr), ipOf(addr))
    socket.on('error', () => undefined).resume()
    return socket
  }

  for (const mode of ['crc', 'secure'] satisfies Mode[]) {
    it(`carries messages of a client both ways, ${mode}`, async () => {
      const mon = await listen({ type: 'mon', num: 0n, mode })
      const cli = client({ type: 'client', mode, addrs: [entityAddr('any', '0.0.0.0', 0, 99)] })
      const connection = cli.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: mon.messenger.addrs })
      const big = Buffer.alloc(300_000, 'x')
      for (const text of ['one', 'two', big]) cli.messenger.send(connection, testMessage(text))
      await until(() => mon.messages().length === 3, 'three messages')
      assert.deepEqual(
        mon.messages().map(({ seq, front }) => [seq, front.length]),
        [
          [1n, 3],
          [2n, 3],
          [3n, 300_000],
        ],
      )
      assert(mon.messages()[2]?.front.equals(big))

      const ready = known(mon.of('ConnectionReady')[0], 'ConnectionReady')
      assert.equal(ready.peer.lossy, true)
      assert.equal(ready.peer.num, -1n)
      assert.equal(ready.peer.type, ENTITY_TYPE.client)
      assert.equal(ready.peer.identity?.globalId, 4242n)
      mon.messenger.send(ready.connection, testMessage('reply'))
      await until(() => cli.messages(connection).length === 1, 'the reply')
      assert.equal(known(cli.of('ConnectionReady')[0], 'ready').peer.lossy, true)
    })
  }

  it('tells both sides of the end of a lossy connection, once', async () => {
    const mon = await listen({ type: 'mon', num: 0n })
    const cli = client({ type: 'client' })
    const connection = cli.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: mon.messenger.addrs })
    await until(() => cli.of('ConnectionReady').length === 1, 'the connection')
    cli.messenger.send(connection, testMessage('last words'))
    cli.messenger.close(connection, 'enough')
    await until(() => mon.of('ConnectionClosed').length === 1, 'the end')
    assert.deepEqual(mon.messages().map(textOfMessage), ['last words'])
    assert.deepEqual(cli.of('ConnectionClosed'), [{ _tag: 'ConnectionClosed', connection, reason: 'enough' }])
  })

  it('fills in a blank address of its own from what the peer sees', async () => {
    const mon = await listen({ type: 'mon', num: 0n })
    const blank = { type: 3, nonce: 123, sockaddr: Buffer.alloc(28) }
    const cli = client({ type: 'client', addrs: [blank] })
    cli.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: mon.messenger.addrs })
    await until(() => mon.of('ConnectionReady').length === 1, 'the connection')
    const [ready] = mon.of('ConnectionReady')
    assert.equal(printAddr(known(ready?.peer.addrs[0], 'an address')), '127.0.0.1:0/123')
  })

  it('answers keepalives and reports them', async () => {
    const mon = await listen({ type: 'mon', num: 0n })
    const cli = client({ type: 'client' })
    const connection = cli.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: mon.messenger.addrs })
    await until(() => cli.of('ConnectionReady').length === 1, 'the connection')
    const before = cli.messenger.heardMs(connection) ?? 0
    await new Promise((resolve) => setTimeout(resolve, 5))
    cli.messenger.keepalive(connection)
    await until(() => (cli.messenger.heardMs(connection) ?? 0) > before, 'KEEPALIVE2_ACK')
    assert.equal(mon.of('KeepaliveReceived').length, 1)
  })

  it('refuses a peer that means to reach another address', async () => {
    const mon = await listen({ type: 'mon', num: 0n })
    const cli = client({ type: 'client' })
    const port = portOf(known(mon.messenger.addrs[0], 'an address'))
    const connection = cli.messenger.connectTo({
      type: ENTITY_TYPE.mon,
      addrs: [entityAddr('msgr2', '127.0.0.1', port, 5)],
    })
    await until(() => cli.of('ConnectionClosed').length === 1, 'the end')
    assert.equal(cli.of('ConnectionClosed')[0]?.connection, connection)
    assert(mon.log.some((line) => line.includes('which is not ours')))
    assert.equal(mon.of('AuthAttemptClosed').length, 1)
  })

  it('drops a peer that speaks the legacy protocol, and says so', async () => {
    const mon = await listen({ type: 'mon', num: 0n })
    const socket = rawSocket(mon)
    socket.write('ceph v027')
    await until(() => socket.destroyed, 'the end of the socket')
    assert(mon.log.some((line) => line.includes('legacy protocol')))
  })

  it('drops a half-open peer after the ready timeout, and serves the others meanwhile', async () => {
    const mon = await listen({ type: 'mon', num: 0n, limits: { readyTimeoutMs: 100 } })
    const socket = rawSocket(mon)
    const cli = client({ type: 'client' })
    const connection = cli.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: mon.messenger.addrs })
    cli.messenger.send(connection, testMessage('served'))
    await until(() => mon.messages().length === 1, 'a message')
    await until(() => socket.destroyed, 'the end of the half-open socket')
    assert(mon.log.some((line) => line.includes('timed out')))
    assert.equal(mon.of('ConnectionClosed').length, 0)
  })

  it('lets the oldest handshake give way when there are too many', async () => {
    const mon = await listen({ type: 'mon', num: 0n, limits: { handshakesMax: 3 } })
    const sockets = Array.from({ length: 10 }, () => rawSocket(mon))
    await until(() => sockets.filter(({ destroyed }) => destroyed).length >= 7, 'seven sockets to give way')
    const cli = client({ type: 'client' })
    const connection = cli.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: mon.messenger.addrs })
    cli.messenger.send(connection, testMessage('served'))
    await until(() => mon.messages().length === 1, 'a message')
    for (const socket of sockets) socket.destroy()
  })

  it('drops a connection that has been silent for the idle timeout', async () => {
    const mon = await listen({ type: 'mon', num: 0n, limits: { idleTimeoutMs: 80 } })
    const cli = client({ type: 'client' })
    cli.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: mon.messenger.addrs })
    await until(() => mon.of('ConnectionClosed').length === 1, 'the end')
    assert.equal(mon.of('ConnectionClosed')[0]?.reason, 'idle')
    await until(() => cli.of('ConnectionClosed').length === 1, 'the end on the other side')
  })

  it('hands over nothing more of a connection that the node has closed', async () => {
    const mon = await listen({
      type: 'mon',
      num: 0n,
      onEvent: (event, messenger) => {
        if (event._tag === 'MessageReceived') messenger.close(event.connection, 'bad message')
      },
    })
    const cli = client({ type: 'client' })
    const connection = cli.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: mon.messenger.addrs })
    for (let i = 0; i < 10; i++) cli.messenger.send(connection, testMessage(String(i)))
    await until(() => mon.of('ConnectionClosed').length === 1, 'the end')
    assert.equal(mon.messages().length, 1)
    assert.equal(mon.of('ConnectionClosed')[0]?.reason, 'bad message')
  })

  it('drops a lossy peer that does not read', async () => {
    const mon = await listen({ type: 'mon', num: 0n, limits: { unsentBytesMax: 1_000_000 } })
    const relay = await startRelay(portOf(known(mon.messenger.addrs[0], 'an address')))
    const addrs = [entityAddr('msgr2', '127.0.0.1', relay.port)]
    const bound = mon.messenger.addrs
    mon.messenger.setAddrs([...bound, ...addrs])
    const cli = client({ type: 'client' })
    cli.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs })
    await until(() => cli.of('ConnectionReady').length === 1, 'the connection')
    relay.stall()
    const { connection } = known(mon.of('ConnectionReady')[0], 'ready')
    for (let i = 0; i < 400 && mon.of('ConnectionClosed').length === 0; i++) {
      mon.messenger.send(connection, testMessage(Buffer.alloc(100_000)))
      await new Promise((resolve) => setImmediate(resolve))
    }
    assert.match(mon.of('ConnectionClosed')[0]?.reason ?? '', /bytes wait to be sent/)
    relay.close()
  })

  it('refuses a monitor that is one by its HELLO and not by its key', async () => {
    const mon = await listen({ type: 'mon', num: 0n, identity: ENTITY_TYPE.client })
    const other = await listen({ type: 'mon', num: 1n })
    other.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: mon.messenger.addrs })
    await until(() => mon.log.some((line) => line.includes('not by its key')), 'the log line')
    assert.equal(mon.of('ConnectionReady').length, 0)
  })

  it('serves its peers while others send garbage', async () => {
    const mon = await listen({ type: 'mon', num: 0n })
    const cli = client({ type: 'client' })
    const connection = cli.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: mon.messenger.addrs })
    const capture = readFileSync(join(import.meta.dirname, '../fixture/msgr2/cli-bootstrap-crc/c2s.bin'))
    const garbage = fc.sample(fc.tuple(fc.nat(capture.length), fc.nat(255), fc.boolean()), 200)
    for (const [i, [at, byte, fin]] of garbage.entries()) {
      const bytes = Buffer.from(capture)
      bytes.fill(byte, at, Math.min(at + 8, bytes.length))
      const socket = rawSocket(mon)
      socket.write(bytes)
      if (fin) socket.end()
      cli.messenger.send(connection, testMessage(String(i)))
      if (i % 20 === 0) await until(() => mon.messages().length === i + 1, `message ${i}`)
    }
    await until(() => mon.messages().length === garbage.length, 'all messages')
    assert.deepEqual(
      mon.messages().map(textOfMessage),
      garbage.map((_, i) => String(i)),
    )
    assert.equal(mon.of('ConnectionReady').length, 1)
    assert.equal(mon.of('ConnectionClosed').length, 0)
  })

  it('says that an address is in use', async () => {
    const mon = await listen({ type: 'mon', num: 0n })
    const other = client({ type: 'mon' })
    const bound = await other.messenger.bind(known(mon.messenger.addrs[0], 'an address'))()
    assert(bound._tag === 'Left' && bound.left._tag === 'AddressInUse')
  })
})
