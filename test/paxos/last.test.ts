import assert from 'node:assert/strict'
import { epoch } from '../../src/base/brand.ts'
import { PAXOS_OP } from '../../src/paxos/message.ts'
import { putU64 } from '../../src/store/transaction.ts'
import {
  acceptedOps,
  B,
  C,
  heard,
  leads,
  pn,
  sent,
  steps,
  stored,
  storeWith,
  tags,
  v,
  value,
} from './fixture.ts'

const at = (last: bigint, more: object = {}): Parameters<typeof heard>[2] => ({
  firstCommitted: v(1n),
  lastCommitted: v(last),
  pn: pn(200n),
  ...more,
})

describe('LAST', () => {
  it('of the whole quorum ends the round with a refresh', () => {
    const [waiting] = steps(storeWith(1n, 5n), [leads(), heard(B, PAXOS_OP.LAST, at(5n))])
    assert.deepEqual(waiting.collecting?.lasts, [B])
    const [state, effects] = steps(storeWith(1n, 5n), [
      leads(),
      heard(B, PAXOS_OP.LAST, at(5n)),
      heard(C, PAXOS_OP.LAST, at(5n)),
    ])
    assert.equal(state.mode, 'leader.refresh')
    assert.deepEqual(effects, [
      { _tag: 'StopTimer', timer: 'collect' },
      { _tag: 'Refresh', then: { _tag: 'RefreshDone', epoch: epoch(4), version: v(5n) } },
    ])
  })

  it('with a higher number starts again above it', () => {
    const [state, effects] = steps(storeWith(1n, 5n), [
      leads(),
      heard(B, PAXOS_OP.LAST, at(5n, { pn: pn(302n) })),
    ])
    assert.equal(state.stored.acceptedPn, 400n)
    assert.deepEqual(state.collecting?.lasts, [])
    assert.deepEqual(
      sent(effects).map(({ message }) => [message.op, message.pn]),
      [
        [PAXOS_OP.COLLECT, 400n],
        [PAXOS_OP.COLLECT, 400n],
      ],
    )
  })

  it('for an earlier number is not counted', () => {
    const [state] = steps(storeWith(1n, 5n), [
      leads(),
      heard(B, PAXOS_OP.LAST, at(5n, { pn: pn(302n) })),
      heard(C, PAXOS_OP.LAST, at(5n)),
    ])
    assert.deepEqual(state.collecting?.lasts, [])
    assert.equal(state.stored.acceptedPn, 400n)
  })

  it('of a peon that is behind is followed by one COMMIT with number 0 and all it lacks, at each answer', () => {
    const [, effects] = steps(storeWith(1n, 5n), [leads(), heard(B, PAXOS_OP.LAST, at(3n))])
    const [commit] = sent(effects)
    assert.equal(commit?.to, B)
    assert.equal(commit.message.op, PAXOS_OP.COMMIT)
    assert.equal(commit.message.pn, 0n)
    assert.equal(commit.message.lastCommitted, 5n)
    assert.deepEqual([...commit.message.values.keys()], [4n, 5n])
    const [, again] = steps(storeWith(1n, 5n), [
      leads(),
      heard(B, PAXOS_OP.LAST, at(3n)),
      heard(C, PAXOS_OP.LAST, at(5n)),
    ])
    assert.deepEqual(
      sent(again).map(({ to, message }) => [to, message.op]),
      [[B, PAXOS_OP.COMMIT]],
    )
  })

  it('brings committed values, which the other peons get in the same step', () => {
    const values = new Map([
      [v(6n), value('v6')],
      [v(7n), value('v7')],
    ])
    const [state, effects, view] = steps(storeWith(1n, 5n), [
      leads(),
      heard(B, PAXOS_OP.LAST, at(5n)),
      heard(C, PAXOS_OP.LAST, at(7n, { values })),
    ])
    assert.deepEqual(stored(state), { firstCommitted: 1n, lastCommitted: 7n })
    assert.equal(view.u64('paxos', 'last_committed'), 7n)
    assert.deepEqual(view.get('test', 'value'), Buffer.from('v7'))
    assert.deepEqual(
      sent(effects).map(({ to, message }) => [to, [...message.values.keys()]]),
      [[B, [6n, 7n]]],
    )
  })

  it('with an uncommitted value makes the leader offer that again', () => {
    const values = new Map([[v(6n), value('six')]])
    const [state, effects] = steps(storeWith(1n, 5n), [
      leads(),
      heard(B, PAXOS_OP.LAST, at(5n, { values, uncommittedPn: pn(101n) })),
      heard(C, PAXOS_OP.LAST, at(5n)),
    ])
    assert.equal(state.mode, 'leader.updating-previous')
    assert.deepEqual(tags(effects), ['StopTimer', 'Send', 'Send', 'Store', 'StartTimer'])
    assert.deepEqual([...(sent(effects)[0]?.message.values ?? [])], [[6n, value('six')]])
    assert.equal(sent(effects)[0]?.message.pn, 200n)
  })

  it('decides between two uncommitted values by their numbers, in either order', () => {
    const low = { values: new Map([[v(6n), value('low')]]), uncommittedPn: pn(101n) }
    const high = { values: new Map([[v(6n), value('high')]]), uncommittedPn: pn(102n) }
    for (const [first, second] of [
      [low, high],
      [high, low],
    ]) {
      const [state] = steps(storeWith(1n, 5n), [
        leads(),
        heard(B, PAXOS_OP.LAST, at(5n, first)),
        heard(C, PAXOS_OP.LAST, at(5n, second)),
      ])
      assert.deepEqual(state.proposing?.value, value('high'))
    }
  })

  it('keeps the leader’s own uncommitted value against one of a smaller number', () => {
    const low = { values: new Map([[v(6n), value('low')]]), uncommittedPn: pn(101n) }
    const [state] = steps(
      storeWith(1n, 5n, putU64('paxos', 'accepted_pn', 102n), ...acceptedOps(6n, 102n, 'own')),
      [leads(), heard(B, PAXOS_OP.LAST, at(5n, low)), heard(C, PAXOS_OP.LAST, at(5n))],
    )
    assert.deepEqual(state.proposing?.value, value('own'))
  })

  it('that commits the next version overtakes the uncommitted one', () => {
    const values = new Map([[v(6n), value('v6')]])
    const [state] = steps(storeWith(1n, 5n, ...acceptedOps(6n, 100n, 'own')), [
      leads(),
      heard(B, PAXOS_OP.LAST, at(6n, { values })),
      heard(C, PAXOS_OP.LAST, at(6n)),
    ])
    assert.equal(state.mode, 'leader.refresh')
    assert.equal(state.stored.accepted, undefined)
  })

  it('of a peon that has trimmed past this leader, or needs what it trimmed, ends in a bootstrap', () => {
    const [, ahead] = steps(storeWith(1n, 5n), [
      leads(),
      heard(B, PAXOS_OP.LAST, at(9n, { firstCommitted: v(7n) })),
    ])
    assert.deepEqual(tags(ahead), ['CallBootstrap'])
    const [, behind] = steps(storeWith(4n, 9n), [leads(), heard(B, PAXOS_OP.LAST, at(2n))])
    assert.deepEqual(tags(behind), ['CallBootstrap'])
  })

  it('with a value that is no transaction ends in a bootstrap and writes nothing', () => {
    const values = new Map([[v(6n), Buffer.from('junk')]])
    const [state, effects] = steps(storeWith(1n, 5n), [leads(), heard(B, PAXOS_OP.LAST, at(6n, { values }))])
    assert.deepEqual(tags(effects), ['CallBootstrap'])
    assert.equal(state.stored.lastCommitted, 5n)
  })
})
