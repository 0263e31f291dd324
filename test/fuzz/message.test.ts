import assert from 'node:assert/strict'
import { parseMonCap } from '../../src/auth/mon-cap-grammar.ts'
import { ENTITY_TYPE, type EntityTypeName } from '../../src/codec/type/entity-name.ts'
import { decodeMessage, encodeMessage } from '../../src/message/message.ts'
import type { RawMessage } from '../../src/message/raw.ts'
import type { Peer } from '../../src/net/contract.ts'
import { fixtures } from '../message/fixture.ts'
import { adminPeer, monPeer } from '../monitor/simulated-peer.ts'
import type { Random } from '../paxos/random.ts'
import { FSID } from '../service/world.ts'
import { LoneMonitor } from './lone-monitor.ts'
import { fuzz, FUZZ_FACTOR, mutate } from './runs.ts'

const MESSAGES_PER_CLUSTER = 500

const peerOf = (type: EntityTypeName, caps: string): Peer => {
  const admin = adminPeer(7000)
  const parsed = parseMonCap(caps)
  assert.ok(parsed._tag === 'Right' && admin.identity !== undefined)
  const entityName = { type: ENTITY_TYPE[type], id: 'x' }
  return {
    ...admin,
    type: ENTITY_TYPE[type],
    num: 0n,
    identity: { ...admin.identity, entityName, caps: parsed.right },
  }
}

const PEERS: readonly (readonly [what: string, peer: Peer])[] = [
  ['a client that may nothing', peerOf('client', 'allow command "nothing"')],
  ['a client that may read', peerOf('client', 'allow r')],
  ['the administrator', adminPeer(7001)],
  ['an OSD', peerOf('osd', 'allow profile osd')],
  ['a manager', peerOf('mgr', 'allow profile mgr')],
  ['a metadata server', peerOf('mds', 'allow profile mds')],
]

// Recorded messages are of another cluster; most handlers look no further than its id.
const fromCluster = (raw: RawMessage): RawMessage => {
  const decoded = decodeMessage(raw)
  if (decoded._tag === 'Left' || !('fsid' in decoded.right)) return raw
  return encodeMessage({ ...decoded.right, fsid: FSID }, { tid: raw.tid })
}

const RECORDED = fixtures().map(({ raw }) => fromCluster(raw))

const damaged = (random: Random): RawMessage => {
  const raw = random.pick(RECORDED)
  const front = random.chance(0.9) ? mutate(random, raw.front) : raw.front
  const data = raw.data.length > 0 && random.chance(0.5) ? mutate(random, raw.data) : raw.data
  const version = random.chance(0.05) ? random.below(20) : raw.version
  return { ...raw, front, data, version }
}

describe('a monitor that is sent damaged messages', function () {
  this.timeout(FUZZ_FACTOR > 1 ? 0 : 60_000)
  let fresh: LoneMonitor
  before(() => {
    fresh = new LoneMonitor()
  })

  for (const [what, peer] of PEERS)
    it(`by ${what} makes no mistake`, () => {
      const connection = fresh.connect(peer)
      const { state } = fresh
      let decoded = 0
      fuzz(`damaged messages by ${what}`, 2000, (random, run) => {
        if (run % MESSAGES_PER_CLUSTER === 0) fresh.state = state
        fresh.forgetSent()
        if (fresh.receive(connection, damaged(random))) decoded++
        // Closing the session is one of the things that it may do.
        if (!fresh.state.sessions.has(connection)) fresh.state = state
        assert.deepEqual(fresh.errors, [])
      })
      assert.ok(decoded > 500, `only ${decoded} could be decoded`)
    })

  it('by a fellow monitor, which it trusts with values but not with its life, does not end', () => {
    const connection = fresh.connect(monPeer(1))
    const { state } = fresh
    fuzz('damaged messages by a monitor', 2000, (random) => {
      fresh.state = state
      fresh.forgetSent()
      fresh.receive(connection, damaged(random))
    })
  })
})
