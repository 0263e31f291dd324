import assert from 'node:assert/strict'
import { adminPeer } from './simulated-peer.ts'
import { SimulatedQuorum } from './simulated-quorum.ts'

const LIMIT = 1_000_000

describe('requests that wait for a quorum', () => {
  it('hold no more than mon_client_bytes: the session that holds the most ends, the others stay', () => {
    const quorum = new SimulatedQuorum({ size: 3, seed: 1, options: { mon_client_bytes: String(LIMIT) } })
    quorum.start(0)
    const modest = quorum.client(0, adminPeer(1))
    const greedy = quorum.client(0, adminPeer(2))
    const late = quorum.client(0, adminPeer(3))
    modest.setKey('a', 'x'.repeat(1000))
    for (let i = 0; i < 3; i++) greedy.setKey(`b${i}`, 'x'.repeat(300_000))
    quorum.wait(100)
    assert.equal(quorum.mon(0).state.waiters.length, 4)
    late.setKey('c', 'x'.repeat(200_000))
    quorum.wait(100)
    assert.equal(greedy.closed, 'mon_client_bytes exceeded')
    assert.deepEqual([modest.closed, late.closed], [undefined, undefined])
    assert.equal(quorum.mon(0).state.waiters.length, 2)
  })
})
