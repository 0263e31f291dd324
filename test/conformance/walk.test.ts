import { deepEqual, equal, match, ok } from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import { corrupt, CORRUPTION_KINDS } from '../../conformance/corrupt.ts'
import { electionAdapter } from '../../conformance/election.ts'
import type { ElectionStep } from '../../conformance/election-world.ts'
import { random } from '../../conformance/random.ts'
import { NAMES, simulate } from '../../conformance/simulate.ts'
import { parseTraceLines, type TraceLine } from '../../conformance/trace-format.ts'
import { walk, type WalkReport } from '../../conformance/walk.ts'
import { epoch, rank } from '../../src/base/brand.ts'
import { electionStep } from '../../src/election/step.ts'

const SIZE = 3
const adapter = electionAdapter(new Map(NAMES.slice(0, SIZE).map((name, at) => [name, at])))

const traceOf = (seed: number, moves: number, step?: ElectionStep): readonly (readonly TraceLine[])[] =>
  [...simulate(seed, SIZE, moves, step).files.values()].map((text) => {
    const lines = parseTraceLines(text)
    ok(E.isRight(lines))
    return lines.right
  })

const check = (perNode: readonly (readonly TraceLine[])[]): WalkReport => walk(adapter, perNode)

describe('walk', function () {
  this.timeout(60_000)

  it('accepts what simulated monitors did, in one state at a time', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const report = check(traceOf(seed, 300))
      equal(report.verdict, 'conforms', report.explanation.join('\n'))
      equal(report.candidatesMedian, 1)
    }
  })

  it('gives the same trace for the same seed', () => {
    deepEqual(simulate(7, SIZE, 200).files, simulate(7, SIZE, 200).files)
  })

  it('rejects nearly every damaged copy', () => {
    const source = random(1)
    let made = 0
    let missed = 0
    for (let seed = 1; seed <= 8; seed++) {
      const perNode = traceOf(seed, 200)
      for (const kind of CORRUPTION_KINDS)
        for (let copy = 0; copy < 5; copy++) {
          const damaged = corrupt(perNode, kind, 'election', source)
          if (damaged === null) continue
          made++
          if (check(damaged.perNode).verdict === 'conforms') missed++
        }
    }
    ok(made > 150)
    ok(missed * 50 <= made, `${missed} of ${made} damaged copies were accepted`)
  })

  it('explains a violation with the lines before it and the reason against the next', () => {
    const perNode = traceOf(3, 200)
    const damaged = corrupt(perNode, 'forge', 'election', random(5))
    ok(damaged !== null)
    const { verdict, explanation } = check(damaged.perNode)
    equal(verdict, 'violates')
    match(explanation.join('\n'), /after\.mode is "leader"/)
  })

  it('says so when a trace leaves the model', () => {
    const perNode = traceOf(3, 100)
    const strange = perNode.map((lines) => lines.map((line) => ({ ...line, action: 'Thrash' })))
    equal(check(strange).verdict, 'outOfModel')
    const grown = perNode.map((lines) =>
      lines.map((line) => ({ ...line, after: { ...line.after, size: 4 } })),
    )
    equal(check(grown).verdict, 'outOfModel')
  })
})

/** Bugs in the handlers, of the kinds that the specification's mutants have. */
const MUTANTS: Readonly<Record<string, ElectionStep>> = {
  RestartForgetsEpoch: (state, event) =>
    electionStep(state, event._tag === 'Restart' ? { ...event, persistedEpoch: epoch(0) } : event),
  MinorityLeads: (state, event) => {
    if (event._tag !== 'ElectionTimeout' || state.mode !== 'candidate') return electionStep(state, event)
    const [next, effects] = electionStep({ ...state, size: 1 }, event)
    return [{ ...next, size: state.size }, effects]
  },
  LateAckCounts: (state, event) =>
    electionStep(state, event._tag === 'ReceiveAck' ? { ...event, epoch: state.epoch } : event),
  VoteForAnybody: (state, event) =>
    event._tag === 'ReceivePropose' && state.mode === 'deferring'
      ? electionStep({ ...state, leaderAcked: rank(2) }, event)
      : electionStep(state, event),
  FirstEpochNotStored: (state, event) => {
    const [next, effects] = electionStep(state, event)
    return event._tag === 'StartElection' && next.epoch === 1
      ? [{ ...next, storedEpoch: epoch(0) }, effects.filter(({ _tag }) => _tag !== 'PersistEpoch')]
      : [next, effects]
  },
}

describe('walk of a mutant', function () {
  this.timeout(60_000)
  for (const [name, mutant] of Object.entries(MUTANTS))
    it(`refuses the traces of ${name}`, () => {
      const isCaught = Array.from({ length: 20 }, (_, seed) => seed).some((seed) => {
        const traced = E.tryCatch(() => traceOf(seed, 300, mutant), String)
        return E.isLeft(traced) || check(traced.right).verdict === 'violates'
      })
      ok(isCaught)
    })
})
