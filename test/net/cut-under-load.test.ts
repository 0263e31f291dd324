/** Two monitors exchange thousands of messages through a network that cuts connection after connection. */
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { known } from '../../src/base/assert.ts'
import { ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { entityAddr, portOf } from '../../src/codec/type/entity-addr.ts'
import type { ConnectionId } from '../../src/net/contract.ts'
import { Random } from '../paxos/random.ts'
import { listeningPeer, testMessage, textOfMessage, until, type Mode, type TestPeer } from './loopback.ts'
import { startRelay, type Relay } from './relay.ts'

const MESSAGES = 4000
const BURST = 20
const CUTS = 15
const LOSSES_MIN = 10

const numbered = (name: string): string[] => Array.from({ length: MESSAGES }, (_, i) => `${name}${i}`)

// Messages differ in size, so that cuts fall into the middle of frames of every kind.
const sendAll = async (peer: TestPeer, connection: ConnectionId, name: string): Promise<void> => {
  for (const [i, text] of numbered(name).entries()) {
    const padding = Buffer.alloc((i % 7) * 900, '.')
    peer.messenger.send(connection, { ...testMessage(text), data: padding })
    if (i % BURST === BURST - 1) await pause(1)
  }
}

/** A monitor that its peers reach through a relay only: it is known by the relay's address. */
const monBehindRelay = async (num: bigint, mode: Mode): Promise<readonly [TestPeer, Relay]> => {
  const peer = await listeningPeer({ type: 'mon', num, mode })
  const random = new Random(Number(num) + 1)
  // Some connections end within their handshake, most under way.
  const cuts = Array.from({ length: CUTS }, () => 200 + random.below(random.chance(0.2) ? 1500 : 400_000))
  const relay = await startRelay(portOf(known(peer.messenger.addrs[0], 'an address')), cuts)
  peer.messenger.setAddrs([entityAddr('msgr2', '127.0.0.1', relay.port)])
  return [peer, relay]
}

const losses = ({ log }: TestPeer): number =>
  log.filter((line) => line.startsWith('socket to a monitor lost')).length

describe('a lossless session under load, through a network that is cut again and again', () => {
  for (const mode of ['crc', 'secure'] satisfies Mode[])
    it(`loses nothing, repeats nothing, and keeps the order, ${mode}`, async function () {
      this.timeout(120_000)
      const [one, relayOfOne] = await monBehindRelay(0n, mode)
      const [two, relayOfTwo] = await monBehindRelay(1n, mode)
      const toTwo = one.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: two.messenger.addrs })
      const toOne = two.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs: one.messenger.addrs })
      await Promise.all([sendAll(one, toTwo, 'a'), sendAll(two, toOne, 'b')])
      const have = (): boolean => [one, two].every((peer) => peer.messages().length >= MESSAGES)
      await until(have, 'all messages', 90_000)
      assert.deepEqual(two.messages().map(textOfMessage), numbered('a'))
      assert.deepEqual(one.messages().map(textOfMessage), numbered('b'))
      assert.ok(losses(one) + losses(two) >= LOSSES_MIN, `sockets lost: ${losses(one)} and ${losses(two)}`)
      for (const { messenger } of [one, two]) await messenger.shutdown()()
      for (const relay of [relayOfOne, relayOfTwo]) relay.close()
    })
})
