import assert from 'node:assert/strict'
import { epoch } from '../../src/base/brand.ts'
import { PAXOS_OP } from '../../src/paxos/message.ts'
import { put, putU64 } from '../../src/store/transaction.ts'
import {
  A,
  B,
  C,
  follows,
  heard,
  leads,
  NOW,
  pn,
  proposes,
  recovered,
  sent,
  steps,
  stored,
  storeWith,
  tags,
  v,
  value,
} from './fixture.ts'
import type { PaxosEvent } from '../../src/paxos/event.ts'

const view = storeWith(1n, 5n)
const DONE = { epoch: epoch(4), version: v(6n), now: NOW }
const accept = { pn: pn(200n), lastCommitted: v(5n) }
const begun: readonly PaxosEvent[] = [...recovered(view), proposes(value('six'))]
const accepted: readonly PaxosEvent[] = [
  ...begun,
  { _tag: 'BeginWritten', ...DONE },
  heard(B, PAXOS_OP.ACCEPT, accept),
  heard(C, PAXOS_OP.ACCEPT, accept),
]

describe('COMMIT', () => {
  it('waits for every member of the quorum, the leader’s own disk included', () => {
    const [majority, none] = steps(view, accepted.slice(0, -1))
    assert.equal(majority.mode, 'leader.updating')
    assert.deepEqual(none, [])
    const [peers] = steps(view, [...begun, ...accepted.slice(-2)])
    assert.equal(peers.mode, 'leader.updating')
    assert.deepEqual(peers.proposing?.acceptedBy, [B, C])
    const [all] = steps(view, [...begun, ...accepted.slice(-2), { _tag: 'BeginWritten', ...DONE }])
    assert.equal(all.mode, 'leader.writing')
  })

  it('is a write that need not be synced', () => {
    const [, effects] = steps(view, accepted)
    assert.deepEqual(effects, [
      { _tag: 'StopTimer', timer: 'accept' },
      {
        _tag: 'Store',
        ops: [putU64('paxos', 'last_committed', 6n), put('test', 'value', Buffer.from('six'))],
        durable: false,
        then: { _tag: 'CommitWritten', epoch: 4, version: 6n },
      },
    ])
  })

  it('ignores an ACCEPT of another number or version, and counts a peon once', () => {
    for (const stray of [
      { ...accept, pn: pn(100n) },
      { ...accept, lastCommitted: v(4n) },
    ]) {
      const [state] = steps(view, [...begun, heard(B, PAXOS_OP.ACCEPT, stray)])
      assert.deepEqual(state.proposing?.acceptedBy, [])
    }
    const [twice] = steps(view, [
      ...begun,
      heard(B, PAXOS_OP.ACCEPT, accept),
      heard(B, PAXOS_OP.ACCEPT, accept),
    ])
    assert.deepEqual(twice.proposing?.acceptedBy, [B])
  })

  it('repeats number and value to the peons, then the services refresh', () => {
    const [state, effects] = steps(view, [...accepted, { _tag: 'CommitWritten', ...DONE }])
    assert.equal(state.mode, 'leader.refresh')
    assert.deepEqual(stored(state), { firstCommitted: 1n, lastCommitted: 6n })
    assert.deepEqual(tags(effects), ['Send', 'Send', 'Refresh'])
    const [commit] = sent(effects)
    assert.deepEqual(
      [commit?.message.op, commit?.message.pn, commit?.message.lastCommitted, commit?.message.firstCommitted],
      [PAXOS_OP.COMMIT, 200n, 6n, 0n],
    )
    assert.deepEqual([...(commit?.message.values ?? [])], [[6n, value('six')]])
  })

  it('ends with the clients’ answers, a lease, and an active leader', () => {
    const [state, effects] = steps(view, [
      ...accepted,
      { _tag: 'CommitWritten', ...DONE },
      { _tag: 'RefreshDone', ...DONE },
    ])
    assert.equal(state.mode, 'leader.active')
    assert.deepEqual(tags(effects), [
      'ProposalCommitted',
      'Send',
      'Send',
      'StartTimer',
      'StartTimer',
      'Active',
      'Readable',
      'Writeable',
    ])
  })

  it('of an earlier term is not finished in this one', () => {
    const [state, effects] = steps(view, [
      ...accepted,
      { _tag: 'Restart', now: NOW },
      leads(),
      { _tag: 'CommitWritten', ...DONE },
    ])
    assert.equal(state.mode, 'leader.recovering')
    assert.deepEqual(effects, [])
  })

  it('of a monitor alone needs no message and one synced write', () => {
    const alone = [leads([A])].map((event): PaxosEvent =>
      event._tag === 'LeaderInit' ? { ...event, term: { ...event.term, monCount: 1 } } : event,
    )
    const [updating, begin] = steps(view, [...alone, proposes(value('six'))])
    assert.equal(updating.mode, 'leader.updating')
    assert.deepEqual(tags(begin), ['Store'])
    const [writing, commit] = steps(view, [
      ...alone,
      proposes(value('six')),
      { _tag: 'BeginWritten', ...DONE },
    ])
    assert.equal(writing.mode, 'leader.writing')
    assert.deepEqual(
      commit.map((effect) => effect._tag === 'Store' && effect.durable),
      [false],
    )
  })

  it('is taken over by a peon once, however often it comes', () => {
    const values = new Map([
      [v(4n), value('v4')],
      [v(5n), value('v5')],
      [v(6n), value('v6')],
      [v(7n), value('v7')],
    ])
    const commit = heard(A, PAXOS_OP.COMMIT, { lastCommitted: v(7n), values })
    const [state, effects, after] = steps(view, [follows(B), commit])
    assert.equal(state.stored.lastCommitted, 7n)
    assert.deepEqual(tags(effects), ['Store', 'Refresh'])
    assert.deepEqual(effects[0], {
      _tag: 'Store',
      ops: [
        putU64('paxos', 'last_committed', 7n),
        put('paxos', '6', value('v6')),
        put('test', 'value', Buffer.from('v6')),
        put('paxos', '7', value('v7')),
        put('test', 'value', Buffer.from('v7')),
      ],
      durable: false,
      then: undefined,
    })
    assert.deepEqual(after.get('test', 'value'), Buffer.from('v7'))
    const [same, again] = steps(view, [follows(B), commit, commit])
    assert.deepEqual(again, [])
    assert.deepEqual(same, state)
  })

  it('that starts in the future is ignored, and one with a gap is taken up to it', () => {
    const future = heard(A, PAXOS_OP.COMMIT, {
      lastCommitted: v(8n),
      values: new Map([[v(8n), value('v8')]]),
    })
    assert.deepEqual(steps(view, [follows(B), future])[1], [])
    const gap = heard(A, PAXOS_OP.COMMIT, {
      lastCommitted: v(8n),
      values: new Map([
        [v(6n), value('v6')],
        [v(8n), value('v8')],
      ]),
    })
    assert.equal(steps(view, [follows(B), gap])[0].stored.lastCommitted, 6n)
  })

  it('that trims moves the first committed version', () => {
    const trims = value('v6', putU64('paxos', 'first_committed', 3n))
    const commit = heard(A, PAXOS_OP.COMMIT, { lastCommitted: v(6n), values: new Map([[v(6n), trims]]) })
    assert.deepEqual(stored(steps(view, [follows(B), commit])[0]), { firstCommitted: 3n, lastCommitted: 6n })
  })
})
