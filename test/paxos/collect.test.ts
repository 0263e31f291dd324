import assert from 'node:assert/strict'
import { PAXOS_OP } from '../../src/paxos/message.ts'
import { putU64 } from '../../src/store/transaction.ts'
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
  sent,
  steps,
  storeWith,
  tags,
  v,
  value,
  written,
} from './fixture.ts'

describe('COLLECT', () => {
  it('goes to every peon with a new number, after the number is on disk', () => {
    const [state, effects] = steps(storeWith(1n, 5n), [leads()])
    assert.equal(state.mode, 'leader.recovering')
    assert.deepEqual(tags(effects), ['Store', 'Send', 'Send', 'StartTimer'])
    assert.deepEqual(effects[0], {
      _tag: 'Store',
      ops: [putU64('paxos', 'last_pn', 200n), putU64('paxos', 'accepted_pn', 200n)],
      durable: true,
      then: undefined,
    })
    assert.deepEqual(
      sent(effects).map(({ to, message }) => [
        to,
        message.op,
        message.firstCommitted,
        message.lastCommitted,
        message.pn,
      ]),
      [
        [B, PAXOS_OP.COLLECT, 1n, 5n, 200n],
        [C, PAXOS_OP.COLLECT, 1n, 5n, 200n],
      ],
    )
    assert.deepEqual(effects.at(-1), { _tag: 'StartTimer', timer: 'collect', ms: 10_000 })
  })

  it('is answered after the promise is on disk', () => {
    const [state, effects] = steps(storeWith(1n, 5n), [
      follows(B),
      heard(A, PAXOS_OP.COLLECT, { firstCommitted: v(1n), lastCommitted: v(5n), pn: pn(200n) }),
    ])
    assert.equal(state.mode, 'peon.recovering')
    assert.deepEqual(tags(effects), ['StartTimer', 'Store', 'Send'])
    assert.deepEqual(written(effects), [[putU64('paxos', 'accepted_pn', 200n)]])
    const [last] = sent(effects)
    assert.equal(last?.message.op, PAXOS_OP.LAST)
    assert.equal(last.message.pn, 200n)
    assert.equal(last.message.uncommittedPn, 0n)
    assert.equal(last.message.values.size, 0)
  })

  it('with a number that is too small is answered with the promised one, and nothing is written', () => {
    const [, effects] = steps(storeWith(1n, 5n, putU64('paxos', 'accepted_pn', 302n)), [
      follows(B),
      heard(A, PAXOS_OP.COLLECT, { firstCommitted: v(1n), lastCommitted: v(5n), pn: pn(200n) }),
    ])
    assert.deepEqual(written(effects), [])
    assert.equal(sent(effects)[0]?.message.pn, 302n)
  })

  it('is answered with the values that the leader lacks', () => {
    const [, effects] = steps(storeWith(1n, 5n), [
      follows(B),
      heard(A, PAXOS_OP.COLLECT, { firstCommitted: v(1n), lastCommitted: v(3n), pn: pn(200n) }),
    ])
    assert.deepEqual(
      [...(sent(effects)[0]?.message.values ?? [])],
      [
        [4n, value('v4')],
        [5n, value('v5')],
      ],
    )
  })

  it('is answered with the uncommitted value under the number it was accepted with', () => {
    const [, effects] = steps(storeWith(1n, 5n, ...acceptedOps(6n, 100n, 'six')), [
      follows(B),
      heard(A, PAXOS_OP.COLLECT, { firstCommitted: v(1n), lastCommitted: v(5n), pn: pn(200n) }),
    ])
    const [last] = sent(effects)
    assert.deepEqual([...(last?.message.values ?? [])], [[6n, value('six')]])
    assert.equal(last?.message.uncommittedPn, 100n)
    assert.equal(last.message.pn, 200n)
  })

  it('of a leader that is behind is answered with the uncommitted value too', () => {
    const [, effects] = steps(storeWith(1n, 5n, ...acceptedOps(6n, 100n, 'six')), [
      follows(B),
      heard(A, PAXOS_OP.COLLECT, { firstCommitted: v(1n), lastCommitted: v(4n), pn: pn(200n) }),
    ])
    assert.deepEqual([...(sent(effects)[0]?.message.values.keys() ?? [])], [5n, 6n])
    assert.equal(sent(effects)[0]?.message.uncommittedPn, 100n)
  })

  it('of a leader that is ahead is answered without it', () => {
    const [, effects] = steps(storeWith(1n, 5n, ...acceptedOps(6n, 100n, 'six')), [
      follows(B),
      heard(A, PAXOS_OP.COLLECT, { firstCommitted: v(1n), lastCommitted: v(7n), pn: pn(200n) }),
    ])
    assert.equal(sent(effects)[0]?.message.uncommittedPn, 0n)
  })

  it('of a leader that has trimmed too far makes the peon leave', () => {
    const [, effects] = steps(storeWith(1n, 5n), [
      follows(B),
      heard(A, PAXOS_OP.COLLECT, { firstCommitted: v(7n), lastCommitted: v(9n), pn: pn(200n) }),
    ])
    assert.deepEqual(sent(effects), [])
    assert.equal(effects.at(-1)?._tag, 'CallBootstrap')
  })

  it('counts silence of the leader from its arrival', () => {
    const [, effects] = steps(storeWith(1n, 5n), [
      follows(B),
      heard(A, PAXOS_OP.COLLECT, { firstCommitted: v(1n), lastCommitted: v(5n), pn: pn(200n) }, NOW + 1),
    ])
    assert.deepEqual(effects[0], { _tag: 'StartTimer', timer: 'lease', ms: 10_000 })
  })
})
