import assert from 'node:assert/strict'
import { utimeOfMs } from '../../src/codec/type/utime.ts'
import { PAXOS_OP } from '../../src/paxos/message.ts'
import { isReadable, isWriteable } from '../../src/paxos/readable.ts'
import type { PaxosEvent } from '../../src/paxos/event.ts'
import { A, B, C, follows, heard, leads, NOW, recovered, sent, steps, storeWith, tags, v } from './fixture.ts'

const view = storeWith(1n, 5n)
const lease = (last: bigint, untilMs = NOW + 5000, now = NOW): PaxosEvent =>
  heard(
    A,
    PAXOS_OP.LEASE,
    { firstCommitted: v(1n), lastCommitted: v(last), leaseTimestamp: utimeOfMs(untilMs) },
    now,
  )
const ack = { firstCommitted: v(1n), lastCommitted: v(5n), featureMap: Buffer.from('f') }

describe('a lease', () => {
  it('runs five seconds, is renewed after three, and its silence noticed after ten', () => {
    const [state, effects] = steps(view, recovered(view))
    assert.equal(state.leaseExpireMs, NOW + 5000)
    assert.deepEqual(
      sent(effects).map(({ to, message }) => [
        to,
        message.op,
        message.firstCommitted,
        message.lastCommitted,
        message.pn,
      ]),
      [
        [B, PAXOS_OP.LEASE, 1n, 5n, 0n],
        [C, PAXOS_OP.LEASE, 1n, 5n, 0n],
      ],
    )
    assert.deepEqual(sent(effects)[0]?.message.leaseTimestamp, utimeOfMs(NOW + 5000))
    assert.deepEqual(
      effects.filter(({ _tag }) => _tag === 'StartTimer'),
      [
        { _tag: 'StartTimer', timer: 'leaseAck', ms: 10_000 },
        { _tag: 'StartTimer', timer: 'leaseRenew', ms: 3000 },
      ],
    )
  })

  it('makes leader and peon readable until its end, and the leader writeable', () => {
    const [leader] = steps(view, recovered(view))
    const [peon] = steps(view, [follows(B), lease(5n)])
    for (const state of [leader, peon]) {
      assert.equal(isReadable(state, NOW + 4999), true)
      assert.equal(isReadable(state, NOW + 5000), false)
      assert.equal(isReadable(state, NOW, v(6n)), false)
    }
    assert.equal(isWriteable(leader, NOW), true)
    assert.equal(isWriteable(leader, NOW + 5000), false)
    assert.equal(isWriteable(peon, NOW), false)
  })

  it('gives nothing to read before the first version', () => {
    const empty = storeWith(0n, 0n)
    assert.equal(isReadable(steps(empty, recovered(empty))[0], NOW), false)
  })

  it('is not needed by a quorum of one', () => {
    const alone = leads([A])
    assert.equal(alone._tag, 'LeaderInit')
    const [state, effects] = steps(view, [{ ...alone, term: { ...alone.term, monCount: 1 } }])
    assert.equal(state.mode, 'leader.active')
    assert.equal(isReadable(state, NOW + 1_000_000), true)
    assert.equal(isWriteable(state, NOW + 1_000_000), true)
    assert.deepEqual(tags(effects), ['Active', 'Readable', 'Writeable'])
  })

  it('is acknowledged with the peon’s own clock and features, and starts its patience anew', () => {
    const [state, effects] = steps(view, [follows(B), lease(5n, NOW + 5000, NOW + 7)])
    assert.equal(state.mode, 'peon.active')
    assert.deepEqual(tags(effects), ['Send', 'StartTimer', 'Active', 'Readable'])
    const [answer] = sent(effects)
    assert.deepEqual(
      [answer?.message.op, answer?.message.leaseTimestamp, answer?.message.featureMap, answer?.message.pn],
      [PAXOS_OP.LEASE_ACK, utimeOfMs(NOW + 7), Buffer.from('features'), 0n],
    )
  })

  it('for another version is ignored', () => {
    const [state, effects] = steps(view, [follows(B), lease(6n)])
    assert.equal(state.mode, 'peon.recovering')
    assert.equal(state.leaseExpireMs, 0)
    assert.deepEqual(effects, [])
  })

  it('never shortens one that runs', () => {
    const [state] = steps(view, [follows(B), lease(5n, NOW + 5000), lease(5n, NOW + 4000)])
    assert.equal(state.leaseExpireMs, NOW + 5000)
  })

  it('that has run out in transit is acknowledged but gives nothing to read', () => {
    const [state, effects] = steps(view, [follows(B), lease(5n, NOW - 1)])
    assert.equal(isReadable(state, NOW), false)
    assert.deepEqual(tags(effects), ['Send', 'StartTimer', 'Active'])
  })

  it('stamped in the future is reported', () => {
    const early = heard(A, PAXOS_OP.LEASE, {
      lastCommitted: v(5n),
      sentTimestamp: utimeOfMs(NOW + 80),
    } as object)
    const [, effects] = steps(view, [follows(B), early])
    assert.deepEqual(effects[0], { _tag: 'FutureTimestamp', from: A, aheadMs: 80 })
  })

  it('acknowledged by all stops the wait, and features are passed on', () => {
    const [one, effects] = steps(view, [...recovered(view), heard(B, PAXOS_OP.LEASE_ACK, ack)])
    assert.deepEqual(one.leaseAckedBy, [A, B])
    assert.deepEqual(effects, [{ _tag: 'PeerFeatures', from: B, featureMap: Buffer.from('f') }])
    const [all, last] = steps(view, [
      ...recovered(view),
      heard(B, PAXOS_OP.LEASE_ACK, ack),
      heard(C, PAXOS_OP.LEASE_ACK, ack),
    ])
    assert.deepEqual(all.leaseAckedBy, [A, B, C])
    assert.deepEqual(tags(last), ['StopTimer', 'PeerFeatures'])
  })

  it('renewed while one peon is silent does not start the wait for it anew', () => {
    const renew: PaxosEvent = { _tag: 'LeaseRenewTimeout', now: NOW + 3000 }
    const [, silent] = steps(view, [...recovered(view), heard(B, PAXOS_OP.LEASE_ACK, ack), renew])
    assert.deepEqual(
      silent.filter(({ _tag }) => _tag === 'StartTimer'),
      [{ _tag: 'StartTimer', timer: 'leaseRenew', ms: 3000 }],
    )
    const [, heardAll] = steps(view, [
      ...recovered(view),
      heard(B, PAXOS_OP.LEASE_ACK, ack),
      heard(C, PAXOS_OP.LEASE_ACK, ack),
      renew,
    ])
    assert.equal(heardAll.filter(({ _tag }) => _tag === 'StartTimer').length, 2)
  })

  it('that nobody gives or acknowledges leads to a bootstrap', () => {
    const [, peon] = steps(view, [follows(B), { _tag: 'LeaseTimeout', now: NOW + 10_000 }])
    assert.deepEqual(peon, [{ _tag: 'CallBootstrap', reason: 'LeaseTimeout' }])
    const [, leader] = steps(view, [...recovered(view), { _tag: 'LeaseAckTimeout', now: NOW + 10_000 }])
    assert.deepEqual(leader, [{ _tag: 'CallBootstrap', reason: 'LeaseAckTimeout' }])
  })

  it('timer that is not armed does nothing', () => {
    for (const _tag of ['CollectTimeout', 'AcceptTimeout', 'LeaseTimeout'] as const)
      assert.deepEqual(steps(view, [...recovered(view), { _tag, now: NOW }])[1], [])
  })
})
