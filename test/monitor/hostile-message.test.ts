import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { withEntry } from '../../src/base/ordered.ts'
import { encoded } from '../../src/codec/writer.ts'
import { newConnectionTracker, encodeConnectionTracker } from '../../src/map/connection-tracker.ts'
import { monInfo } from '../../src/map/mon-map/edit.ts'
import { monMapBytes } from '../../src/map/mon-map/mon-map.ts'
import { decodeMessage, encodeMessage, type Message } from '../../src/message/message.ts'
import { ELECTION_OP, type MMonElection } from '../../src/message/mon-election.ts'
import type { MMonPaxos } from '../../src/message/mon-paxos.ts'
import { MON_PING_OP } from '../../src/message/mon-ping.ts'
import { PROBE_OP } from '../../src/message/mon-probe.ts'
import { SYNC_OP } from '../../src/message/mon-sync.ts'
import type { RawMessage } from '../../src/message/raw.ts'
import type { MonitorState } from '../../src/monitor/state.ts'
import { step } from '../../src/monitor/step.ts'
import { PAXOS_OP } from '../../src/paxos/message.ts'
import { transactionBytes, transactionOf } from '../../src/store/transaction.ts'
import { fixtures } from '../message/fixture.ts'
import { Random } from '../paxos/random.ts'
import { FSID } from '../service/world.ts'
import { adminPeer, monPeer } from './simulated-peer.ts'
import { SimulatedQuorum } from './simulated-quorum.ts'

const ENTROPY = Buffer.alloc(32, 5)
const CONNECTION = 999
const U32_MAX = 0xffff_ffff
const U64_MAX = 2n ** 64n - 1n
const NOTHING = Buffer.alloc(0)

const formed = (): SimulatedQuorum => {
  const quorum = new SimulatedQuorum({ size: 3, seed: 1 })
  quorum.startAll()
  quorum.until(() => quorum.isQuorum(0, 1, 2))
  quorum.wait(15_000)
  return quorum
}

/** A monitor of a standing quorum with one more connection, to another monitor or to a client. */
const withPeer = (quorum: SimulatedQuorum, index: number, from: number | 'client'): MonitorState => {
  const { state } = quorum.mon(index)
  const peer = from === 'client' ? adminPeer(1) : monPeer(from)
  const ready = { _tag: 'ConnectionReady' as const, connection: CONNECTION, peer }
  return step(state, { ...ready, now: quorum.now, entropy: ENTROPY })[0]
}

const receive = (quorum: SimulatedQuorum, state: MonitorState, raw: RawMessage): MonitorState => {
  const message = decodeMessage(raw)
  if (E.isLeft(message)) return state
  return step(state, {
    _tag: 'MessageReceived',
    connection: CONNECTION,
    raw,
    message: message.right,
    now: quorum.now,
    entropy: ENTROPY,
  })[0]
}

const send = (quorum: SimulatedQuorum, state: MonitorState, message: Message): MonitorState =>
  receive(quorum, state, encodeMessage(message, { tid: 1n }))

const fromCluster = (raw: RawMessage): RawMessage => {
  // Recorded messages are of another cluster; most handlers look no further than its id.
  const decoded = decodeMessage(raw)
  if (E.isLeft(decoded) || !('fsid' in decoded.right)) return raw
  return encodeMessage({ ...decoded.right, fsid: FSID }, { tid: raw.tid })
}

describe('what a monitor is sent', () => {
  let quorum: SimulatedQuorum
  before(() => {
    quorum = formed()
  })

  const everybody: readonly (readonly [index: number, from: number | 'client'])[] = [
    [0, 2],
    [1, 0],
    [1, 2],
    [0, 'client'],
    [1, 'client'],
  ]

  it('of every kind, recorded elsewhere, does not end it', () => {
    for (const [index, from] of everybody)
      for (const { raw } of fixtures())
        for (const variant of [raw, fromCluster(raw)]) receive(quorum, withPeer(quorum, index, from), variant)
  })

  it('of every kind in a row does not end it', () => {
    for (const [index, from] of everybody) {
      let state = withPeer(quorum, index, from)
      for (const { raw } of fixtures()) state = receive(quorum, state, fromCluster(raw))
    }
  })

  it('while it probes, elects or copies a store does not end it', () => {
    const lone = new SimulatedQuorum({ size: 3, seed: 1 })
    lone.start(0)
    const probing = withPeer(lone, 0, 1)
    const phases = [
      probing,
      { ...probing, phase: 'electing' as const },
      { ...probing, phase: 'synchronizing' as const },
      { ...probing, phase: 'shutdown' as const },
    ]
    for (const phase of phases) {
      let state = phase
      for (const { raw } of fixtures()) {
        receive(quorum, phase, fromCluster(raw))
        state = receive(quorum, state, fromCluster(raw))
      }
    }
  })

  it('with damaged bytes does not end it', () => {
    const random = new Random(7)
    for (const [index, from] of everybody) {
      const state = withPeer(quorum, index, from)
      for (const { raw } of fixtures()) {
        const { front, ...rest } = fromCluster(raw)
        for (let i = 0; i < 12 && front.length > 0; i++) {
          const damaged = Buffer.from(front)
          damaged[random.below(front.length)] = random.chance(0.3) ? 255 : random.below(256)
          receive(quorum, state, { ...rest, front: damaged })
        }
      }
    }
  })
})

describe('a fellow monitor that talks nonsense', () => {
  let quorum: SimulatedQuorum
  before(() => {
    quorum = formed()
  })

  const election = (fields: Partial<MMonElection>): MMonElection => {
    const { state } = quorum.mon(0)
    return {
      _tag: 'MMonElection',
      fsid: FSID,
      op: ELECTION_OP.PROPOSE,
      epoch: state.election.epoch + 1,
      monmapBytes: monMapBytes(state.monmap),
      quorum: new Set(),
      quorumFeatures: 0n,
      sharing: NOTHING,
      monFeatures: 0n,
      metadata: new Map(),
      release: 16,
      scoring: NOTHING,
      strategy: 1,
      ...fields,
    }
  }

  const paxos = (fields: Partial<MMonPaxos>): MMonPaxos => {
    const { election: own, paxos: machine } = quorum.mon(0).state
    return {
      _tag: 'MMonPaxos',
      epoch: own.epoch,
      op: PAXOS_OP.COLLECT,
      firstCommitted: machine.stored.firstCommitted,
      lastCommitted: machine.stored.lastCommitted,
      pnFrom: 0n,
      pn: machine.stored.acceptedPn,
      uncommittedPn: 0n,
      leaseTimestamp: { sec: 0, nsec: 0 },
      sentTimestamp: { sec: 0, nsec: 0 },
      latestVersion: 0n,
      latestValue: NOTHING,
      values: new Map(),
      featureMap: NOTHING,
      ...fields,
    }
  }

  it('cannot make it run out of epochs', () => {
    for (const epoch of [U32_MAX, U32_MAX - 1, U32_MAX - 2, 2 ** 31 + 1]) {
      const state = withPeer(quorum, 1, 0)
      const after = send(quorum, state, election({ epoch }))
      assert.equal(after.election.epoch, state.election.epoch)
      send(quorum, state, election({ op: ELECTION_OP.ACK, epoch }))
    }
  })

  it('cannot win with a quorum that is none', () => {
    const calling = send(quorum, withPeer(quorum, 1, 0), election({}))
    assert.equal(calling.phase, 'electing')
    const epoch = calling.election.epoch + 1
    for (const members of [[], [0], [0, 2], [1, 2], [0, 1, 7], [-1, 0, 1], [0, 1, 200]]) {
      const after = send(
        quorum,
        calling,
        election({ op: ELECTION_OP.VICTORY, epoch, quorum: new Set(members) }),
      )
      assert.equal(after.phase, 'electing', members.join())
    }
    const won = election({ op: ELECTION_OP.VICTORY, epoch, quorum: new Set([0, 1]) })
    assert.equal(send(quorum, calling, won).phase, 'peon')
  })

  it('cannot make it run out of proposal numbers or versions', () => {
    const huge = { pn: U64_MAX, uncommittedPn: U64_MAX, lastCommitted: U64_MAX, firstCommitted: U64_MAX }
    for (const op of Object.values(PAXOS_OP))
      for (const [name, value] of Object.entries(huge))
        for (const [index, from] of [
          [1, 0],
          [0, 1],
        ] as const) {
          const after = send(quorum, withPeer(quorum, index, from), paxos({ op, [name]: value }))
          assert.ok(after.paxos.stored.acceptedPn < 2n ** 62n)
        }
  })

  it('cannot bring it to believe a monmap that ranks nobody, or of another cluster', () => {
    const { monmap } = quorum.mon(0).state
    const many = Array.from({ length: 101 }, (_, i) => `m${i}`)
    const maps = [
      { ...monmap, epoch: 50, ranks: [] },
      { ...monmap, epoch: 50, ranks: ['a', 'a', 'a'] },
      { ...monmap, epoch: 50, fsid: '11111111-2222-3333-4444-555555555555' },
      {
        ...monmap,
        epoch: 50,
        ranks: many,
        mons: new Map(many.map((name) => [name, monInfo(name, monPeer(0).addrs)])),
      },
    ]
    for (const map of maps) {
      const state = withPeer(quorum, 1, 0)
      const after = send(quorum, state, election({ monmapBytes: monMapBytes(map) }))
      assert.equal(after.monmap.epoch, monmap.epoch)
    }
  })

  it('cannot send it to a leader that is not in the monmap, nor have it copy what is not there', () => {
    const probing = step(withPeer(quorum, 1, 0), {
      _tag: 'TimerFired',
      timer: 'lease',
      now: quorum.now,
      entropy: ENTROPY,
    })[0]
    assert.equal(probing.phase, 'probing')
    const probe = {
      _tag: 'MMonProbe' as const,
      fsid: FSID,
      op: PROBE_OP.REPLY,
      name: 'a',
      quorum: new Set([0, 2]),
      monmapBytes: monMapBytes(probing.monmap),
      hasEverJoined: true,
      paxosFirstVersion: 1n,
      paxosLastVersion: 1n,
      requiredFeatures: 0n,
      release: 16,
      leader: -7,
    }
    send(quorum, probing, probe)
    const map = { ...probing.monmap, mons: withEntry(probing.monmap.mons, 'x', monInfo('x', [])) }
    send(quorum, probing, { ...probe, monmapBytes: monMapBytes(map) })

    for (const paxosFirstVersion of [1n, 10_000n]) {
      const syncing = send(quorum, probing, { ...probe, paxosFirstVersion, paxosLastVersion: 20_000n })
      assert.equal(syncing.phase, 'synchronizing')
      const sync = { _tag: 'MMonSync' as const, cookie: 5n, lastKey: ['', ''] as const, chunk: NOTHING }
      const begun = send(quorum, syncing, { ...sync, op: SYNC_OP.COOKIE, lastCommitted: 0n })
      const chunk = transactionBytes(transactionOf([]))
      for (const op of [SYNC_OP.CHUNK, SYNC_OP.LAST_CHUNK]) {
        const after = send(quorum, begun, { ...sync, op, chunk, lastCommitted: U64_MAX })
        assert.ok(after.store.u64('paxos', 'last_committed') < 20_000n)
      }
    }
  })

  it('cannot fill its memory with scores of ranks that do not exist', () => {
    const tracker = newConnectionTracker(0, 100)
    const own = tracker.reports.get(0)!
    const ranks = Array.from({ length: 1000 }, (_, i) => i)
    const bloated = {
      ...tracker,
      reports: new Map(
        ranks.map((rank) => [
          rank,
          { ...own, rank, version: 9_000_000n, epoch: 9000, history: new Map(ranks.map((r) => [r, 1])) },
        ]),
      ),
    }
    const after = send(quorum, withPeer(quorum, 1, 0), {
      _tag: 'MMonPing',
      op: MON_PING_OP.PING,
      stamp: { sec: 1, nsec: 0 },
      tracker: encoded((w) => encodeConnectionTracker(w, bloated)),
    })
    assert.deepEqual([...after.tracker.reports.keys()].sort(), [0, 1, 2])
    for (const { history } of after.tracker.reports.values()) assert.ok(history.size <= 3)
  })
})
