import assert from 'node:assert/strict'
import { epoch } from '../../src/base/brand.ts'
import { PAXOS_OP } from '../../src/paxos/message.ts'
import { loadPaxos } from '../../src/paxos/state.ts'
import { put, putU64, transactionBytes, transactionOf } from '../../src/store/transaction.ts'
import {
  A,
  acceptedOps,
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
  storeWith,
  tags,
  v,
  value,
  written,
} from './fixture.ts'
import { acceptedTransaction } from '../../src/paxos/value.ts'

const view = storeWith(1n, 5n)
const WRITTEN = { epoch: epoch(4), version: v(6n), now: NOW }

describe('BEGIN', () => {
  it('leaves before the leader’s own write, which is durable and answered', () => {
    const [state, effects] = steps(view, [...recovered(view), proposes(value('six'))])
    assert.equal(state.mode, 'leader.updating')
    assert.deepEqual(tags(effects), ['StopTimer', 'StopTimer', 'Send', 'Send', 'Store', 'StartTimer'])
    assert.deepEqual(effects[4], {
      _tag: 'Store',
      ops: [
        put('paxos', '6', value('six')),
        putU64('paxos', 'pending_v', 6n),
        putU64('paxos', 'pending_pn', 200n),
      ],
      durable: true,
      then: { _tag: 'BeginWritten', epoch: 4, version: 6n },
    })
    assert.deepEqual(
      sent(effects).map(({ to, message }) => [to, message.op, message.lastCommitted, message.pn]),
      [
        [B, PAXOS_OP.BEGIN, 5n, 200n],
        [C, PAXOS_OP.BEGIN, 5n, 200n],
      ],
    )
    assert.deepEqual(state.proposing?.acceptedBy, [])
  })

  it('of the very first value carries first_committed in front, counted as appended', () => {
    const empty = storeWith(0n, 0n)
    const [, effects] = steps(empty, [...recovered(empty), proposes(value('one'))])
    const bytes = sent(effects)[0]?.message.values.get(v(1n))
    assert.ok(bytes)
    const { ops, bytes: counted, keys } = acceptedTransaction(bytes)
    assert.deepEqual(ops, [putU64('paxos', 'first_committed', 1n), ...acceptedTransaction(value('one')).ops])
    assert.equal(counted, transactionOf(ops).bytes + 26n)
    assert.equal(keys, 2n)
  })

  it('of the first value offered again repeats its bytes', () => {
    const first = transactionBytes(transactionOf([putU64('paxos', 'first_committed', 1n)]))
    const empty = storeWith(0n, 0n)
    const [state] = steps(empty, [
      leads(),
      heard(B, PAXOS_OP.LAST, { pn: pn(200n), uncommittedPn: pn(101n), values: new Map([[v(1n), first]]) }),
      heard(C, PAXOS_OP.LAST, { pn: pn(200n) }),
    ])
    assert.equal(state.mode, 'leader.updating-previous')
    assert.deepEqual(state.proposing?.value, first)
  })

  it('is accepted after the value is on disk, and ends the lease', () => {
    const [state, effects] = steps(view, [
      follows(B),
      heard(A, PAXOS_OP.COLLECT, { lastCommitted: v(5n), firstCommitted: v(1n), pn: pn(200n) }),
      heard(A, PAXOS_OP.LEASE, { lastCommitted: v(5n), leaseTimestamp: { sec: NOW / 1000 + 5, nsec: 0 } }),
      heard(A, PAXOS_OP.BEGIN, {
        lastCommitted: v(5n),
        pn: pn(200n),
        values: new Map([[v(6n), value('six')]]),
      }),
    ])
    assert.equal(state.mode, 'peon.updating')
    assert.equal(state.leaseExpireMs, 0)
    assert.deepEqual(tags(effects), ['Store', 'Send'])
    assert.equal(effects[0]?._tag === 'Store' && effects[0].durable, true)
    assert.deepEqual(written(effects), [
      [
        put('paxos', '6', value('six')),
        putU64('paxos', 'pending_v', 6n),
        putU64('paxos', 'pending_pn', 200n),
      ],
    ])
    const [accept] = sent(effects)
    assert.deepEqual(
      [accept?.message.op, accept?.message.pn, accept?.message.lastCommitted, accept?.message.firstCommitted],
      [PAXOS_OP.ACCEPT, 200n, 5n, 0n],
    )
  })

  it('under a smaller number than the promised one is ignored', () => {
    const [state, effects] = steps(storeWith(1n, 5n, putU64('paxos', 'accepted_pn', 302n)), [
      follows(B),
      heard(A, PAXOS_OP.BEGIN, {
        lastCommitted: v(5n),
        pn: pn(200n),
        values: new Map([[v(6n), value('six')]]),
      }),
    ])
    assert.equal(state.mode, 'peon.recovering')
    assert.deepEqual(effects, [])
  })

  it('that does not fit makes the peon leave', () => {
    const fits = { lastCommitted: v(5n), pn: pn(100n), values: new Map([[v(6n), value('six')]]) }
    const bad = [
      { ...fits, pn: pn(200n) },
      { ...fits, lastCommitted: v(6n) },
      { ...fits, values: new Map([[v(7n), value('seven')]]) },
      { ...fits, values: new Map([[v(6n), Buffer.from('junk')]]) },
    ]
    for (const fields of bad) {
      const [state, effects] = steps(view, [follows(B), heard(A, PAXOS_OP.BEGIN, fields)])
      assert.deepEqual(tags(effects), ['CallBootstrap'])
      assert.equal(state.stored.accepted, undefined)
    }
    assert.deepEqual(tags(steps(view, [follows(B), heard(A, PAXOS_OP.BEGIN, fits)])[1]), ['Store', 'Send'])
  })

  it('written counts as the leader’s own accept, of this round only', () => {
    const begun = [...recovered(view), proposes(value('six'))]
    const [own] = steps(view, [...begun, { _tag: 'BeginWritten', ...WRITTEN }])
    assert.deepEqual(own.proposing?.acceptedBy, [A])
    const [earlier] = steps(view, [...begun, { _tag: 'BeginWritten', ...WRITTEN, epoch: epoch(2) }])
    assert.deepEqual(earlier.proposing?.acceptedBy, [])
  })

  it('left on disk by a crash is found again, with its number', () => {
    const state = loadPaxos(storeWith(1n, 5n, ...acceptedOps(6n, 100n, 'six')))
    assert.deepEqual(state.stored.accepted, { pn: 100n, value: value('six') })
    const stale = loadPaxos(storeWith(1n, 5n, ...acceptedOps(5n, 100n, 'v5')))
    assert.equal(stale.stored.accepted, undefined)
  })
})
