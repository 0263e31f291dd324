import assert from 'node:assert/strict'
import fc from 'fast-check'
import { known } from '../../src/base/assert.ts'
import { ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { entityAddr, portOf, type EntityAddrvec } from '../../src/codec/type/entity-addr.ts'
import type { ConnectionId } from '../../src/net/contract.ts'
import { startRelay } from './relay.ts'
import { listeningPeer, testMessage, textOfMessage, until, type Mode, type TestPeer } from './loopback.ts'

const MON = ENTITY_TYPE.mon

// Both monitors, and which of their addresses is the lower one.
interface Pair {
  readonly low: TestPeer
  readonly high: TestPeer
}

const pair = async (mode: Mode): Promise<Pair> => {
  const a = await listeningPeer({ type: 'mon', num: 0n, mode })
  const b = await listeningPeer({ type: 'mon', num: 1n, mode })
  const port = ({ messenger }: TestPeer): number => portOf(known(messenger.addrs[0], 'an address'))
  // memcmp of the address compares the port in network order, which is the order of the number.
  return port(a) < port(b) ? { low: a, high: b } : { low: b, high: a }
}

const end = async ({ low, high }: Pair): Promise<void> => {
  await Promise.all([low.messenger.shutdown()(), high.messenger.shutdown()()])
}

const join = (from: TestPeer, to: TestPeer): ConnectionId =>
  from.messenger.connectTo({ type: MON, addrs: to.messenger.addrs })

const texts = (peer: TestPeer): readonly string[] => peer.messages().map(textOfMessage)
const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${name}${i}`)

const act = fc.record({
  side: fc.constantFrom('low' as const, 'high' as const),
  what: fc.constantFrom(
    'send' as const,
    'send' as const,
    'send' as const,
    'break' as const,
    'pause' as const,
  ),
  count: fc.integer({ min: 1, max: 30 }),
})

// Does what is asked of either side; gives how many messages each has sent.
const perform = async (
  { low, high }: Pair,
  acts: readonly { side: 'low' | 'high'; what: 'send' | 'break' | 'pause'; count: number }[],
): Promise<{ low: number; high: number }> => {
  const peers = { low, high }
  const ids = { low: join(low, high), high: join(high, low) }
  const sent = { low: 0, high: 0 }
  for (const { side, what, count } of acts) {
    const { messenger } = peers[side]
    if (what === 'break') messenger.breakSocket(ids[side])
    else if (what === 'pause') await new Promise((resolve) => setTimeout(resolve, count / 5))
    else for (let i = 0; i < count; i++) messenger.send(ids[side], testMessage(`${side}${sent[side]++}`))
  }
  return sent
}

describe('lossless sessions', () => {
  for (const mode of ['crc', 'secure'] satisfies Mode[]) {
    it(`are one connection for both sides, ${mode}`, async () => {
      const monitors = await pair(mode)
      const { low, high } = monitors
      const out = join(low, high)
      low.messenger.send(out, testMessage('hello'))
      await until(() => high.messages().length === 1, 'a message')
      const back = join(high, low)
      assert.equal(back, high.of('ConnectionReady')[0]?.connection)
      assert.equal(join(low, high), out)
      high.messenger.send(back, testMessage('hello yourself'))
      await until(() => low.messages(out).length === 1, 'the answer')
      const nums = [low, high].map((peer) => peer.of('ConnectionReady')[0]?.peer.num)
      assert.deepEqual(new Set(nums), new Set([0n, 1n]))
      assert.equal(known(low.of('ConnectionReady')[0], 'ready').peer.lossy, false)
      await end(monitors)
    })

    it(`settle a race of both sides connecting, ${mode}`, async () => {
      for (let round = 0; round < 5; round++) {
        const monitors = await pair(mode)
        const { low, high } = monitors
        const a = join(low, high)
        const b = join(high, low)
        for (const text of numbered('l', 20)) low.messenger.send(a, testMessage(text))
        for (const text of numbered('h', 20)) high.messenger.send(b, testMessage(text))
        await until(() => low.messages().length >= 20 && high.messages().length >= 20, 'all messages')
        assert.deepEqual(texts(high), numbered('l', 20))
        assert.deepEqual(texts(low), numbered('h', 20))
        assert.equal(low.of('ConnectionClosed').length + high.of('ConnectionClosed').length, 0)
        await end(monitors)
      }
    })

    it(`lose, double and reorder nothing when sockets break, ${mode}`, async function () {
      this.timeout(120_000)
      await fc.assert(
        fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 40 }), async (acts) => {
          const monitors = await pair(mode)
          const { low, high } = monitors
          join(low, high)
          await until(() => low.of('ConnectionReady').length + high.of('ConnectionReady').length > 1, 'both')
          const sent = await perform(monitors, acts)
          await until(
            () => high.messages().length >= sent.low && low.messages().length >= sent.high,
            `${sent.low} and ${sent.high} messages`,
            20_000,
          )
          await new Promise((resolve) => setTimeout(resolve, 5))
          assert.deepEqual(texts(high), numbered('low', sent.low))
          assert.deepEqual(texts(low), numbered('high', sent.high))
          assert.equal(low.of('RemoteReset').length + high.of('RemoteReset').length, 0)
          await end(monitors)
        }),
        { numRuns: mode === 'crc' ? 40 : 15, endOnFailure: true },
      )
    })
  }

  // A socket that breaks between CLIENT_IDENT and SERVER_IDENT can leave each side with a session that the other
  // does not know. The protocol heals that by SESSION_RESET, which forgets what was queued and says so.
  it('double and reorder nothing when sockets break while a session begins, and tell when they lose', async function () {
    this.timeout(120_000)
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 20 }), async (acts) => {
        const monitors = await pair('crc')
        const { low, high } = monitors
        const sent = await perform(monitors, acts)
        const resets = (): number => low.of('RemoteReset').length + high.of('RemoteReset').length
        await until(
          () => resets() > 0 || (high.messages().length >= sent.low && low.messages().length >= sent.high),
          'all messages, or a reset',
          20_000,
        )
        await new Promise((resolve) => setTimeout(resolve, 5))
        const increasing = (numbers: readonly number[]): boolean =>
          numbers.every((n, i) => i === 0 || n > (numbers[i - 1] ?? 0))
        assert(increasing(texts(high).map((text) => Number(text.slice('low'.length)))))
        assert(increasing(texts(low).map((text) => Number(text.slice('high'.length)))))
        await end(monitors)
      }),
      { numRuns: 30, endOnFailure: true },
    )
  })

  it('deliver to a monitor that comes up later', async () => {
    const low = await listeningPeer({ type: 'mon', num: 0n })
    const spare = await listeningPeer({ type: 'mon', num: 1n })
    const addrs: EntityAddrvec = spare.messenger.addrs
    await spare.messenger.shutdown()()
    const out = low.messenger.connectTo({ type: MON, addrs })
    for (const text of numbered('early', 3)) low.messenger.send(out, testMessage(text))
    await until(() => low.log.some((line) => line.includes('ECONNREFUSED')), 'a refused attempt')
    const high = await listeningPeer({ type: 'mon', num: 1n, addrs })
    await until(() => high.messages().length === 3, 'the messages')
    assert.deepEqual(texts(high), numbered('early', 3))
    await end({ low, high })
  })

  it('tell of a peer that restarted, and start anew with it', async () => {
    const low = await listeningPeer({ type: 'mon', num: 0n })
    const first = await listeningPeer({ type: 'mon', num: 1n })
    const { addrs } = first.messenger
    const out = low.messenger.connectTo({ type: MON, addrs })
    low.messenger.send(out, testMessage('before'))
    await until(() => first.messages().length === 1, 'a message')
    await first.messenger.shutdown()()
    await until(() => low.log.some((line) => line.startsWith('socket to a monitor lost')), 'the loss')
    const second = await listeningPeer({ type: 'mon', num: 1n, addrs })
    low.messenger.send(out, testMessage('lost with the old session'))
    await until(() => low.of('RemoteReset').length === 1, 'RemoteReset')
    assert.equal(low.of('RemoteReset')[0]?.connection, out)
    low.messenger.send(out, testMessage('after'))
    await until(() => second.messages().length > 0, 'a message on the new session')
    assert.equal(textOfMessage(known(second.messages().at(-1), 'a message')), 'after')
    assert.equal(second.messages().at(-1)?.seq, 1n)
    await end({ low, high: second })
  })

  it('begin at once with a peer that restarted, however often its former life had to dial', async () => {
    const low = await listeningPeer({ type: 'mon', num: 0n })
    const { addrs } = low.messenger
    await low.messenger.shutdown()()
    const first = await listeningPeer({ type: 'mon', num: 1n })
    const out = first.messenger.connectTo({ type: MON, addrs })
    first.messenger.send(out, testMessage('first life'))
    await until(() => first.log.filter((line) => line.includes('ECONNREFUSED')).length === 3, 'refusals')
    const lowAgain = await listeningPeer({ type: 'mon', num: 0n, addrs })
    await until(() => lowAgain.messages().length === 1, 'the first life')
    await first.messenger.shutdown()()
    const second = await listeningPeer({ type: 'mon', num: 1n, addrs: first.messenger.addrs })
    second.messenger.send(second.messenger.connectTo({ type: MON, addrs }), testMessage('second life'))
    await until(() => lowAgain.messages().length === 2, 'the second life')
    assert.deepEqual(
      second.log.filter((line) => line.startsWith('socket to a monitor lost')),
      [],
    )
    await end({ low: lowAgain, high: second })
  })

  it('are found by all addresses of the peer, when one was dialled', async () => {
    const low = await listeningPeer({ type: 'mon', num: 0n })
    const high = await listeningPeer({ type: 'mon', num: 1n })
    const [dialled] = high.messenger.addrs
    assert(dialled !== undefined)
    high.messenger.setAddrs([dialled, entityAddr('legacy', '127.0.0.1', 6789)])
    const out = low.messenger.connectTo({ type: MON, addrs: [dialled] })
    await until(() => low.of('ConnectionReady').length === 1, 'the connection')
    assert.equal(low.messenger.connectTo({ type: MON, addrs: high.messenger.addrs }), out)
    await end({ low, high })
  })

  it('acknowledge what came, with nothing to answer, so that the sender need not keep it', async () => {
    const monitors = await pair('crc')
    const { low, high } = monitors
    const out = join(low, high)
    for (const text of numbered('m', 50)) low.messenger.send(out, testMessage(text))
    assert.equal(low.messenger.queuedCount(out), 50)
    await until(() => low.messenger.queuedCount(out) === 0, 'acknowledgements')
    assert.equal(high.messages().length, 50)
    await end(monitors)
  })

  it('deliver what was sent before they are closed', async () => {
    const monitors = await pair('crc')
    const { low, high } = monitors
    const out = join(low, high)
    await until(() => low.of('ConnectionReady').length === 1, 'the connection')
    low.messenger.send(out, testMessage('last words'))
    low.messenger.close(out, 'enough')
    await until(() => high.messages().length === 1, 'the message')
    assert.deepEqual(low.of('ConnectionClosed'), [
      { _tag: 'ConnectionClosed', connection: out, reason: 'enough' },
    ])
    await end(monitors)
  })

  it('are dropped when our addresses change', async () => {
    const monitors = await pair('crc')
    const { low, high } = monitors
    const out = join(low, high)
    await until(() => low.of('ConnectionReady').length === 1, 'the connection')
    low.messenger.setAddrs([entityAddr('msgr2', '127.0.0.1', 1)])
    await until(() => low.of('ConnectionClosed').length === 1, 'the end')
    assert.equal(low.of('ConnectionClosed')[0]?.connection, out)
    await end(monitors)
  })
})

describe('lossless sessions through a network that cuts', () => {
  it('survive cuts at any byte, also within the handshake', async function () {
    this.timeout(120_000)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 6 }),
        async (cuts) => {
          const behind = await listeningPeer({ type: 'mon', num: 1n })
          const relay = await startRelay(portOf(known(behind.messenger.addrs[0], 'an address')), [...cuts])
          // The monitor behind the relay is known by the relay's address.
          behind.messenger.setAddrs([entityAddr('msgr2', '127.0.0.1', relay.port)])
          const front = await listeningPeer({ type: 'mon', num: 0n })
          const out = front.messenger.connectTo({ type: MON, addrs: behind.messenger.addrs })
          for (const text of numbered('f', 40)) front.messenger.send(out, testMessage(text))
          await until(() => behind.of('ConnectionReady').length > 0, 'a connection', 20_000)
          const back = known(behind.of('ConnectionReady')[0], 'ready').connection
          for (const text of numbered('b', 40)) behind.messenger.send(back, testMessage(text))
          await until(
            () => behind.messages().length >= 40 && front.messages().length >= 40,
            'all messages',
            20_000,
          )
          assert.deepEqual(texts(behind), numbered('f', 40))
          assert.deepEqual(texts(front), numbered('b', 40))
          await end({ low: front, high: behind })
          relay.close()
        },
      ),
      { numRuns: 15 },
    )
  })
})
