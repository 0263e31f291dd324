/** Traces of quorums in which monitors copy stores, and die over it. */
import { equal, ok } from 'node:assert/strict'
import { known } from '../../src/base/assert.ts'
import { putU64, transactionOf } from '../../src/store/transaction.ts'
import { electionAdapter, electionLines } from '../../conformance/election.ts'
import { paxosAdapter } from '../../conformance/paxos.ts'
import { trimsOf } from '../../conformance/paxos-trims.ts'
import type { TraceLine } from '../../conformance/trace-format.ts'
import { walk } from '../../conformance/walk.ts'
import { FULL, NAMES, RECENT, TracedQuorum, VICTIM } from './traced-quorum.ts'

const rankOf = new Map(NAMES.map((name, at) => [name, at]))

const conform = (perNode: readonly (readonly TraceLine[])[]): void => {
  const paxos = walk(paxosAdapter(rankOf, trimsOf(perNode)), perNode)
  equal(paxos.verdict, 'conforms', paxos.explanation.join('\n'))
  const lines = perNode.map((own) => electionLines(own, rankOf))
  const election = walk(electionAdapter(rankOf), lines)
  equal(election.verdict, 'conforms', election.explanation.join('\n'))
}

const countOf = (perNode: readonly (readonly TraceLine[])[], action: string): number =>
  known(perNode[VICTIM], 'lines of the victim').filter((line) => line.action === action).length

describe('a trace of a monitor that copies a store', function () {
  this.timeout(60_000)

  it('conforms when it dies over a copy of the whole store, again and again', () => {
    let deaths = 0
    for (let seed = 1; seed <= 4; seed++) {
      const traced = new TracedQuorum(seed, FULL)
      traced.dieCopying(3)
      const lines = traced.lines()
      ok(countOf(lines, 'StoreDropped') >= 1)
      deaths += traced.deaths
      ok(trimsOf(lines).size > 0)
      conform(lines)
    }
    ok(deaths >= 6, `${deaths} deaths over a copy`)
  })

  it('conforms when it dies over a copy of the recent values', () => {
    let deaths = 0
    for (let seed = 1; seed <= 4; seed++) {
      const traced = new TracedQuorum(seed, RECENT)
      traced.dieCopying(3)
      const lines = traced.lines()
      ok(countOf(lines, 'StoreReplaced') >= 4, `${countOf(lines, 'StoreReplaced')} parts were copied`)
      deaths += traced.deaths
      equal(countOf(lines, 'StoreDropped'), 0)
      conform(lines)
    }
    ok(deaths >= 6, `${deaths} deaths over a copy`)
  })

  it('conforms when its provider dies', () => {
    for (const options of [FULL, RECENT]) {
      const traced = new TracedQuorum(7, options)
      const { quorum } = traced
      quorum.crash(VICTIM)
      traced.write(20)
      quorum.start(VICTIM)
      quorum.until(() => quorum.mon(VICTIM).state.phase === 'synchronizing')
      quorum.wait(20)
      quorum.crash(0)
      quorum.until(() => quorum.isQuorum(1, 2), 200_000)
      quorum.start(0)
      traced.whole()
      conform(traced.lines())
    }
  })

  it('conforms when the copy was ordered by hand, and dropped what was there', () => {
    const traced = new TracedQuorum(8, RECENT)
    const { quorum } = traced
    traced.write(10)
    quorum.crash(VICTIM)
    const ordered = transactionOf([putU64('mon_sync', 'force_sync', 1n)])
    quorum.start(VICTIM, quorum.mon(VICTIM).disk.crash(quorum.random).apply(ordered))
    quorum.until(() => quorum.mon(VICTIM).state.phase === 'synchronizing')
    quorum.wait(15)
    quorum.crash(VICTIM)
    quorum.start(VICTIM)
    traced.whole()
    const lines = traced.lines()
    ok(countOf(lines, 'StoreDropped') >= 1)
    conform(lines)
  })

  it('does not conform without the line of the emptied store, nor when a promise is lost with it', () => {
    const traced = new TracedQuorum(2, FULL)
    traced.dieCopying(1)
    const lines = traced.lines()
    const without = lines.map((own) => own.filter(({ action }) => action !== 'StoreDropped'))
    equal(walk(paxosAdapter(rankOf, trimsOf(lines)), without).verdict, 'violates')
    const forgetful = lines.map((own) =>
      own.map((line) =>
        line.action === 'StoreDropped' ? { ...line, after: { ...line.after, acceptedPn: '0' } } : line,
      ),
    )
    equal(walk(paxosAdapter(rankOf, trimsOf(lines)), forgetful).verdict, 'violates')
  })
})
