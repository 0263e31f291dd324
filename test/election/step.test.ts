import { deepEqual, equal } from 'node:assert/strict'
import { epoch, rank, type Rank } from '../../src/base/brand.ts'
import type { ElectionEffect } from '../../src/election/effect.ts'
import type { ElectionEvent, ReceiveAck, ReceiveVictory } from '../../src/election/event.ts'
import type { ElectionState, PeerInfo } from '../../src/election/state.ts'
import { downElection, electionStep } from '../../src/election/step.ts'

const info = (connectionFeatures = 0xffn, release = 16): PeerInfo => ({
  connectionFeatures,
  monFeatures: 0xffn,
  release,
  metadata: new Map([['hostname', `host-${release}`]]),
})

/** Runs events one after the other; the effects are those of the last. */
const run = (
  start: ElectionState,
  ...events: readonly ElectionEvent[]
): readonly [ElectionState, readonly ElectionEffect[]] =>
  events.reduce<readonly [ElectionState, readonly ElectionEffect[]]>(
    ([state], event) => electionStep(state, event),
    [start, []],
  )

const boot = (own: number, persisted = 0, size = 3): ElectionState =>
  run(downElection, {
    _tag: 'Restart',
    persistedEpoch: epoch(persisted),
    rank: rank(own),
    size,
    self: info(),
  })[0]

const START: ElectionEvent = { _tag: 'StartElection' }
const propose = (from: number, e: number): ElectionEvent => ({
  _tag: 'ReceivePropose',
  from: rank(from),
  epoch: epoch(e),
})
const ack = (from: number, e: number, peer = info()): ReceiveAck => ({
  _tag: 'ReceiveAck',
  from: rank(from),
  epoch: epoch(e),
  ...peer,
})
const victory = (from: number, e: number, quorum: readonly number[]): ReceiveVictory => ({
  _tag: 'ReceiveVictory',
  from: rank(from),
  epoch: epoch(e),
  quorum: quorum.map(rank),
  quorumFeatures: 0xffn,
  monFeatures: 0xffn,
  release: 16,
  commandBytes: Buffer.from('commands'),
})
const timeout = (hasEverJoined = true): ElectionEvent => ({ _tag: 'ElectionTimeout', hasEverJoined })
const tags = (effects: readonly ElectionEffect[]): readonly string[] => effects.map(({ _tag }) => _tag)
const view = ({ mode, epoch, leaderAcked, quorum, leader }: ElectionState) => ({
  mode,
  epoch: Number(epoch),
  leaderAcked,
  quorum: quorum.map(Number),
  leader,
})

describe('election step', () => {
  it('starts a first election in epoch 1 and stores it before it proposes', () => {
    const [state, effects] = run(boot(1), START)
    equal(state.epoch, 1)
    deepEqual(effects, [
      { _tag: 'JoinElection' },
      { _tag: 'PersistEpoch', epoch: 1 },
      { _tag: 'SendPropose', to: 0, epoch: 1 },
      { _tag: 'SendPropose', to: 2, epoch: 1 },
      { _tag: 'StartElectionTimer', kind: 'normal' },
    ])
  })

  it('makes an odd epoch from the store even when it starts, and stands in the odd one after it', () => {
    const [restarted, effects] = run(downElection, {
      _tag: 'Restart',
      persistedEpoch: epoch(5),
      rank: rank(0),
      size: 3,
      self: info(),
    })
    deepEqual(effects, [{ _tag: 'PersistEpoch', epoch: 6 }])
    equal(run(restarted, START)[0].epoch, 7)
  })

  it('stands in a new epoch each time it stands', () => {
    const [first] = run(boot(0, 4), START)
    equal(first.epoch, 5)
    equal(run(first, timeout())[0].epoch, 7)
  })

  it('wins at once when every monitor of the map has voted for it', () => {
    const [state, effects] = run(boot(0), START, ack(1, 1, info(0x0fn)), ack(2, 1, info(0xf3n, 15)))
    deepEqual(view(state), { mode: 'leader', epoch: 2, leaderAcked: null, quorum: [0, 1, 2], leader: 0 })
    deepEqual(tags(effects), [
      'JoinElection',
      'PersistEpoch',
      'StopElectionTimer',
      'SendVictory',
      'SendVictory',
      'WinElection',
    ])
    const won = effects.find((effect) => effect._tag === 'WinElection')
    deepEqual([won?.epoch, won?.quorumFeatures, won?.release], [2, 0x03n, 15])
    deepEqual([...(won?.metadata.keys() ?? [])], [0, 1, 2])
  })

  it('wins with more than half of the map when its patience ends, and tells the quorum only', () => {
    const [state, effects] = run(boot(0), START, ack(2, 1), timeout())
    deepEqual(view(state).quorum, [0, 2])
    deepEqual(
      effects.filter((effect) => effect._tag === 'SendVictory').map(({ to, epoch: won }) => [to, won]),
      [[2, 2]],
    )
  })

  it('stands again when its patience ends without a majority, or probes if it was never in a quorum', () => {
    const [candidate] = run(boot(0), START)
    equal(run(candidate, timeout())[0].mode, 'candidate')
    const [state, effects] = run(candidate, timeout(false))
    equal(state.mode, 'probing')
    deepEqual(tags(effects), ['StopElectionTimer', 'CallBootstrap'])
  })

  it('counts a vote twice as one', () => {
    const [state] = run(boot(0), START, ack(1, 1), ack(1, 1))
    equal(state.mode, 'candidate')
  })

  it('ignores votes for another epoch', () => {
    const [state] = run(boot(0, 4), START, ack(1, 3), ack(2, 7))
    deepEqual([...state.ackedMe.keys()], [0])
  })

  it('defers to a lower rank in the same epoch and drops its own candidacy', () => {
    const [state, effects] = run(boot(2), START, propose(0, 1))
    deepEqual(view(state), { mode: 'deferring', epoch: 1, leaderAcked: 0, quorum: [], leader: null })
    equal(state.ackedMe.size, 0)
    deepEqual(effects, [
      { _tag: 'SendAck', to: 0, epoch: 1 },
      { _tag: 'StartElectionTimer', kind: 'deferred' },
    ])
  })

  it('stores a newer epoch before it votes in it', () => {
    const [state, effects] = run(boot(2), START, propose(1, 5))
    equal(state.epoch, 5)
    deepEqual(tags(effects), ['JoinElection', 'PersistEpoch', 'SendAck', 'StartElectionTimer'])
  })

  it('changes its vote for a lower rank, never for a higher one', () => {
    const [deferring] = run(boot(2), START, propose(1, 1))
    equal(run(deferring, propose(0, 1))[0].leaderAcked, 0)
    const [toZero] = run(boot(2), START, propose(0, 1))
    const [state, effects] = run(toZero, propose(1, 1))
    equal(state, toZero)
    deepEqual(effects, [])
  })

  it('joins a newer epoch of a worse candidate without a vote', () => {
    const [toZero] = run(boot(2), START, propose(0, 1))
    const [state, effects] = run(toZero, propose(1, 3))
    deepEqual(view(state), { mode: 'deferring', epoch: 3, leaderAcked: 0, quorum: [], leader: null })
    deepEqual(tags(effects), ['JoinElection', 'PersistEpoch'])
  })

  it('answers the newer epoch of a higher rank by standing after it', () => {
    equal(run(boot(0), START, propose(1, 5))[0].epoch, 7)
  })

  it('follows the victory that ends its election', () => {
    const [state, effects] = run(boot(2), START, propose(0, 1), victory(0, 2, [2, 0]))
    deepEqual(view(state), { mode: 'peon', epoch: 2, leaderAcked: null, quorum: [0, 2], leader: 0 })
    deepEqual(tags(effects), ['JoinElection', 'PersistEpoch', 'StopElectionTimer', 'LoseElection'])
  })

  it('stands again when a victory is of an election that it missed', () => {
    const [state] = run(boot(2), START, victory(0, 8, [0, 1]))
    deepEqual([state.mode, state.epoch], ['candidate', 9])
  })

  it('drops a victory of the past, and one of a higher rank', () => {
    const [state] = run(boot(1, 6), START)
    equal(run(state, victory(0, 2, [0, 1]))[0], state)
    equal(run(state, victory(2, 8, [1, 2]))[0], state)
  })

  it('calls an election for a monitor outside the quorum that proposes in an old epoch', () => {
    const [leading] = run(boot(0, 4), START, ack(1, 5), timeout())
    const [state] = run(leading, propose(2, 3))
    deepEqual([state.mode, state.epoch], ['candidate', 7])
  })

  it('proposes once more to a lesser candidate that has not voted for it', () => {
    const persisted = { _tag: 'EpochPersisted', epoch: epoch(5) } as const
    const [candidate] = run(boot(1, 4), START, persisted)
    for (const lesser of [propose(2, 5), propose(2, 3), propose(0, 3)]) {
      const [state, effects] = run(candidate, lesser)
      equal(state, candidate)
      deepEqual(effects, [{ _tag: 'SendPropose', to: 'from' in lesser ? lesser.from : 0, epoch: 5 }])
    }
    deepEqual(run(candidate, ack(2, 5), propose(2, 3))[1], [])
    deepEqual(run(boot(1, 4), START, propose(2, 5))[1], [])
  })

  it('ignores an old proposal of a member of its quorum', () => {
    const [leading] = run(boot(0, 4), START, ack(1, 5), timeout())
    equal(run(leading, propose(1, 3))[0], leading)
  })

  it('ignores election messages while it probes', () => {
    const probing = boot(1)
    for (const event of [propose(0, 1), ack(2, 1), victory(0, 2, [0, 1])])
      equal(run(probing, event)[0], probing)
  })

  it('stops its timer and forgets its votes when it probes again', () => {
    const [candidate] = run(boot(1), START, ack(2, 1))
    const [state, effects] = run(candidate, { _tag: 'Bootstrap', rank: 0 as Rank, size: 2 })
    deepEqual([state.mode, state.rank, state.size, state.ackedMe.size], ['probing', 0, 2, 0])
    deepEqual(tags(effects), ['StopElectionTimer'])
  })

  it('serves alone at epoch 2, at 3 after the first map, at 5 after a restart', () => {
    const alone: ElectionEvent = { _tag: 'StandaloneVictory' }
    const [first, effects] = run(boot(0, 0, 1), alone)
    equal(first.epoch, 2)
    deepEqual(tags(effects), ['JoinElection', 'PersistEpoch', 'WinElection'])
    const [second] = run(first, { _tag: 'Bootstrap', rank: rank(0), size: 1 }, alone)
    equal(second.epoch, 3)
    equal(run(boot(0, 3, 1), alone)[0].epoch, 5)
  })

  it('knows what is on disk only when the store has answered', () => {
    const [candidate] = run(boot(1, 4), START)
    equal(candidate.persistedEpoch, 4)
    equal(run(candidate, { _tag: 'EpochPersisted', epoch: epoch(5) })[0].persistedEpoch, 5)
  })
})
