import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { known } from '../../src/base/assert.ts'
import { portOf } from '../../src/codec/type/entity-addr.ts'
import { ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { HeldBytes, type Holder } from '../../src/net/held-bytes.ts'
import { FRONT_BYTES_MAX } from '../../src/net/msgr2/limit.ts'
import type { NetLimits } from '../../src/net/net-context.ts'
import { listeningPeer, testAuthClient, testMessage, testPeer, until, type TestPeer } from './loopback.ts'
import { closedByPeer, frameBytesOf, messageBytesOf, openRawSession } from './raw-session.ts'

describe('limits of the messenger', () => {
  const peers: TestPeer[] = []
  const listen = async (limits: Partial<NetLimits> = {}): Promise<TestPeer> => {
    const peer = await listeningPeer({ type: 'mon', num: 0n, limits })
    peers.push(peer)
    return peer
  }
  const portOfPeer = ({ messenger }: TestPeer): number => portOf(known(messenger.addrs[0], 'an address'))
  afterEach(async () => {
    await Promise.all(peers.map(({ messenger }) => messenger.shutdown()()))
    peers.length = 0
  })

  it('end a peer that asks for signs of life and does not read them', async () => {
    const mon = await listen({ unsentBytesMax: 200_000 })
    const socket = await openRawSession(portOfPeer(mon), testAuthClient('crc'))
    const keepalives = Buffer.concat(
      Array.from({ length: 2000 }, () =>
        frameBytesOf({ _tag: 'KEEPALIVE2', stamp: { seconds: 1, nanoseconds: 0 } }),
      ),
    )
    for (let i = 0; i < 2000 && mon.of('ConnectionClosed').length === 0; i++) {
      socket.write(keepalives)
      await new Promise((resolve) => setImmediate(resolve))
    }
    assert.match(mon.of('ConnectionClosed')[0]?.reason ?? '', /bytes wait to be sent/)
    socket.destroy()
  })

  it('end whoever holds the most when all together hold too much', async () => {
    const mon = await listen({ heldBytesMax: 3_000_000 })
    const whole = messageBytesOf({ ...testMessage('x'), seq: 1n, data: Buffer.alloc(2_000_000) })
    const sockets: Socket[] = []
    for (let i = 0; i < 3; i++) sockets.push(await openRawSession(portOfPeer(mon), testAuthClient('crc')))
    for (const [i, socket] of sockets.entries()) {
      socket.write(whole.subarray(0, 1_400_000 - i * 200_000))
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    // What has moved is looked at in steps.
    sockets[2]?.write(whole.subarray(1_000_000, 1_100_000))
    await until(() => mon.of('ConnectionClosed').length > 0, 'an end')
    const ends = mon.of('ConnectionClosed')
    assert.deepEqual(
      ends.map(({ connection }) => connection),
      [mon.of('ConnectionReady').at(0)?.connection],
    )
    assert.match(ends[0]?.reason ?? '', /all sockets together hold too much, this one \d+ bytes/)
    sockets[2]?.write(whole.subarray(1_100_000))
    await until(() => mon.messages().length === 1, 'the message of one that stayed')
    for (const socket of sockets) socket.destroy()
  })

  it('turn away clients that are too many, and no monitor', async () => {
    const mon = await listen({ connectionsMax: 2 })
    for (let i = 0; i < 2; i++) {
      const client = testPeer({ type: 'client' })
      peers.push(client)
      client.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: mon.messenger.addrs })
      await until(() => client.of('ConnectionReady').length === 1, 'a client')
    }
    await assert.rejects(openRawSession(portOfPeer(mon), testAuthClient('crc')), /closed the socket/)
    assert.ok(mon.log.some((line) => line.includes('too many connections')))
    const fellow = await listeningPeer({ type: 'mon', num: 1n })
    peers.push(fellow)
    const connection = fellow.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: mon.messenger.addrs })
    fellow.messenger.send(connection, testMessage('hello'))
    await until(() => mon.messages().length === 1, 'a word of the monitor')
  })

  it('end a client whose message has a front that is too long to be decoded at once', async () => {
    const mon = await listen()
    const socket = await openRawSession(portOfPeer(mon), testAuthClient('crc'))
    socket.write(messageBytesOf(testMessage(Buffer.alloc(FRONT_BYTES_MAX + 1))))
    await closedByPeer(socket)
    assert.match(mon.of('ConnectionClosed')[0]?.reason ?? '', /front is 8388609 bytes/)
    assert.equal(mon.messages().length, 0)
  })

  it('hold for frames of the session: large ones come only when it stands', async () => {
    const mon = await listen({ readyTimeoutMs: 5000 })
    const socket = await openRawSession(portOfPeer(mon), testAuthClient('crc'))
    socket.write(messageBytesOf({ ...testMessage('large'), seq: 1n, data: Buffer.alloc(1_000_000) }))
    await until(() => mon.messages().length === 1, 'the message')
    socket.destroy()
  })
})

describe('HeldBytes', () => {
  it('lets the largest holders go until the rest fits, and forgets who is removed', () => {
    const gone: number[] = []
    const holder = (heldBytes: number): Holder => ({ heldBytes, giveWay: () => gone.push(heldBytes) })
    const held = new HeldBytes(100)
    const trusted = holder(1000)
    for (const one of [holder(30), holder(90), trusted, holder(60), holder(20)]) held.add(one)
    held.remove(trusted)
    held.moved(99)
    assert.deepEqual(gone, [])
    held.moved(1)
    assert.deepEqual(gone, [90, 60])
  })
})
