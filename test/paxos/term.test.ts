import assert from 'node:assert/strict'
import { epoch } from '../../src/base/brand.ts'
import { PAXOS_OP } from '../../src/paxos/message.ts'
import { loadPaxos, paxosStateName } from '../../src/paxos/state.ts'
import type { PaxosEvent } from '../../src/paxos/event.ts'
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
  step,
  steps,
  storeWith,
  tags,
  term,
  v,
  value,
} from './fixture.ts'

const view = storeWith(1n, 5n)
const RESTART: PaxosEvent = { _tag: 'Restart', now: NOW }
const accept = { pn: pn(200n), lastCommitted: v(5n) }
const DONE = { epoch: epoch(4), version: v(6n), now: NOW }
const updating: readonly PaxosEvent[] = [...recovered(view), proposes(value('six'))]
const writing: readonly PaxosEvent[] = [
  ...updating,
  { _tag: 'BeginWritten', ...DONE },
  heard(B, PAXOS_OP.ACCEPT, accept),
  heard(C, PAXOS_OP.ACCEPT, accept),
]

describe('a term', () => {
  it('begins for a peon with patience for its leader', () => {
    const [state, effects] = steps(view, [follows(B)])
    assert.equal(state.mode, 'peon.recovering')
    assert.deepEqual(effects, [{ _tag: 'StartTimer', timer: 'lease', ms: 10_000 }])
  })

  it('needs a majority, a sorted quorum and an election in between', () => {
    const state = loadPaxos(view)
    const minority: PaxosEvent = { _tag: 'LeaderInit', term: term(A, A, [A]), now: NOW }
    const unsorted: PaxosEvent = { _tag: 'LeaderInit', term: term(A, A, [B, A]), now: NOW }
    assert.throws(() => step(state, minority, view), /majority/)
    assert.throws(() => step(state, unsorted, view), /ascending/)
    assert.throws(() => steps(view, [leads(), leads()]), /does not expect LeaderInit/)
  })

  it('of a monitor alone begins with the value it had accepted, whose commit a crash may have lost', () => {
    const alone: PaxosEvent = { _tag: 'LeaderInit', term: term(A, A, [A], 1), now: NOW }
    const left = storeWith(1n, 5n, ...acceptedOps(6n, 100n, 'six'))
    const [state, effects] = steps(left, [alone])
    assert.equal(state.mode, 'leader.updating-previous')
    assert.deepEqual(tags(effects), ['Store'])
    const [active] = steps(left, [
      alone,
      { _tag: 'BeginWritten', ...DONE },
      { _tag: 'CommitWritten', ...DONE },
      { _tag: 'RefreshDone', ...DONE },
    ])
    assert.equal(active.mode, 'leader.active')
    assert.equal(active.stored.lastCommitted, 6n)
  })

  it('cut off while updating leaves the value to the next quorum', () => {
    const [state, effects] = steps(view, [...updating, RESTART])
    assert.equal(state.mode, 'electing')
    assert.deepEqual(effects, [
      { _tag: 'StopTimer', timer: 'accept' },
      { _tag: 'ProposalAbandoned', version: 6n },
    ])
    assert.deepEqual(state.stored.accepted, { pn: 200n, value: value('six') })
  })

  it('cut off while writing counts the commit and tells the peons', () => {
    const [state, effects, after] = steps(view, [...writing, RESTART])
    assert.equal(state.mode, 'electing')
    assert.equal(state.stored.lastCommitted, 6n)
    assert.equal(after.u64('paxos', 'last_committed'), 6n)
    assert.deepEqual(tags(effects), ['Send', 'Send', 'Refresh', 'ProposalCommitted'])
    const [commit] = sent(effects)
    assert.deepEqual([commit?.message.op, commit?.message.epoch], [PAXOS_OP.COMMIT, 4])
  })

  it('cut off while services refresh still answers the clients', () => {
    const [, effects] = steps(view, [...writing, { _tag: 'CommitWritten', ...DONE }, RESTART])
    assert.deepEqual(effects, [{ _tag: 'ProposalCommitted', version: 6n }])
  })

  it('that is over leaves nothing but the store', () => {
    const fresh = { ...loadPaxos(view), stored: steps(view, [leads()])[0].stored }
    const [state] = steps(view, [leads(), RESTART])
    assert.deepEqual({ ...state, acceptedPnFrom: 0n }, fresh)
    assert.deepEqual(steps(view, [leads(), RESTART, RESTART])[0], state)
  })

  it('hears only its own epoch, and a peon only its leader', () => {
    const collect = { firstCommitted: v(1n), lastCommitted: v(5n), pn: pn(200n) }
    assert.equal(steps(view, [follows(B), heard(A, PAXOS_OP.COLLECT, collect)])[1].length, 3)
    assert.deepEqual(steps(view, [follows(B), heard(C, PAXOS_OP.COLLECT, collect)])[1], [])
    const old = heard(A, PAXOS_OP.COLLECT, { ...collect, epoch: epoch(2) } as object)
    assert.deepEqual(steps(view, [follows(B), old])[1], [])
    assert.deepEqual(steps(view, [leads(), heard(B, PAXOS_OP.COLLECT, collect)])[1], [])
    assert.deepEqual(steps(view, [heard(B, PAXOS_OP.COLLECT, collect)])[1], [])
  })

  it('ends for good with a shutdown', () => {
    const [state, effects] = steps(view, [leads(), { _tag: 'Shutdown', now: NOW }])
    assert.equal(state.mode, 'shutdown')
    assert.deepEqual(effects, [{ _tag: 'StopTimer', timer: 'collect' }])
    assert.equal(steps(view, [{ _tag: 'Shutdown', now: NOW }, RESTART])[0].mode, 'shutdown')
  })

  it('is called by Ceph’s state names', () => {
    assert.equal(paxosStateName('electing'), 'recovering')
    assert.equal(paxosStateName('leader.updating-previous'), 'updating-previous')
    assert.equal(paxosStateName('peon.active'), 'active')
  })
})
