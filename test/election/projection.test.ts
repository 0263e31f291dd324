/**
 * The code and the specification span one graph, and the statechart is its projection on one monitor's mode.
 *
 * Both are exhaustive under the bounds below. Needs Java and the model checker's jar; skips without them.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import { createMachine, type AnyStateMachine } from 'xstate'
import type { WorldBounds } from '../../conformance/election-world.ts'
import { initialWorld, successors, type ElectionStep } from '../../conformance/election-world.ts'
import { worldText } from '../../conformance/election-text.ts'
import { electionGraph } from '../../conformance/election-graph.ts'
import { edgeCountOf, enumerate, graphDifference, type TextGraph } from '../../conformance/graph.ts'
import { arrowDifference, electionModeArrows } from '../../conformance/projection.ts'
import { electionArrows } from '../../conformance/chart.ts'
import { electionMachine } from '../../src/election/machine.ts'
import { electionStep } from '../../src/election/step.ts'
import { changedSpec } from '../fixture/changed-spec.ts'
import { tla2toolsJar } from '../../spec/fetch-tla2tools.ts'

const BOUNDS: WorldBounds = { size: 3, maxEpoch: 4, maxQueue: 2, maxWrites: 1, maxTroubles: 1 }
/** Three elections, with less under way. */
const LONG: WorldBounds = { ...BOUNDS, maxEpoch: 6, maxQueue: 1 }
const ALONE: WorldBounds = { size: 1, maxEpoch: 6, maxQueue: 1, maxWrites: 1, maxTroubles: 2 }
const TINY: WorldBounds = { ...BOUNDS, maxTroubles: 0 }
const NODES_MAX = 200_000
const GRAPH_MS_MAX = 300_000

/** A chart of other states; it is looked at and never run. */
const machineOf = (states: object): AnyStateMachine =>
  createMachine({ id: 'changed', initial: 'down', states: states as Record<string, object> })

const ours = (bounds: WorldBounds, step?: ElectionStep): TextGraph =>
  enumerate(initialWorld(bounds.size), worldText, (world) => successors(world, bounds, step), NODES_MAX)

/**
 * Arrows of the chart that no cluster of our own ever takes. A peer of another kind may be forgetful: a stock
 * monitor votes in epoch 1 without having stored it.
 */
const ONLY_FOR_STRANGERS = [
  'candidate -ReceiveVictory-> candidate',
  'candidate -ReceiveVictory-> peon',
  'deferring -ReceiveVictory-> candidate',
  'leader -ReceiveVictory-> candidate',
]

/** Needs two leaders in one epoch, hence two timeouts: one more trouble than the bounds here allow. */
const BEYOND_THESE_BOUNDS = ['peon -ReceiveVictory-> candidate']

describe('the election and its specification', function () {
  this.timeout(GRAPH_MS_MAX)
  let spec: TextGraph = new Map()
  let long: TextGraph = new Map()
  let alone: TextGraph = new Map()
  let tiny: TextGraph = new Map()

  before(async function () {
    const jar = await tla2toolsJar()
    if (E.isLeft(jar)) {
      process.stderr.write(`${jar.left}\n`)
      this.skip()
    }
    const graphs = []
    for (const bounds of [BOUNDS, LONG, ALONE, TINY]) graphs.push(await electionGraph(bounds))
    for (const graph of graphs) ok(E.isRight(graph), E.isLeft(graph) ? graph.left : '')
    ;[spec, long, alone, tiny] = graphs.map((graph) => (E.isRight(graph) ? graph.right : new Map())) as [
      TextGraph,
      TextGraph,
      TextGraph,
      TextGraph,
    ]
  })

  it('span the same states and the same edges', () => {
    const code = ours(BOUNDS)
    equal(code.size, 75_643)
    equal(edgeCountOf(code), 314_888)
    deepEqual(graphDifference(code, spec), { onlyInLeft: [], onlyInRight: [] })
    const longer = ours(LONG)
    equal(longer.size, 20_326)
    deepEqual(graphDifference(longer, long), { onlyInLeft: [], onlyInRight: [] })
    deepEqual(graphDifference(ours(ALONE), alone), { onlyInLeft: [], onlyInRight: [] })
  })

  it('differ when the code has a bug that the specification does not have', () => {
    const forgetsToStore: ElectionStep = (state, event) => {
      const [next, effects] = electionStep(state, event)
      return event._tag === 'StartElection'
        ? [next, effects.filter(({ _tag }) => _tag !== 'PersistEpoch')]
        : [next, effects]
    }
    const ignoresVictory: ElectionStep = (state, event) =>
      event._tag === 'ReceiveVictory' ? [state, []] : electionStep(state, event)
    const keepsItsCandidacy: ElectionStep = (state, event) =>
      event._tag === 'ReceivePropose' && state.mode === 'candidate' && event.epoch === state.epoch
        ? [state, []]
        : electionStep(state, event)
    for (const mutant of [forgetsToStore, ignoresVictory, keepsItsCandidacy]) {
      const { onlyInLeft, onlyInRight } = graphDifference(ours(TINY, mutant), tiny)
      ok(onlyInLeft.length > 0 || onlyInRight.length > 0)
    }
  })

  it('have the same modes and arrows between them', () => {
    const found = new Set([...electionModeArrows(long, 3), ...electionModeArrows(alone, 1)])
    deepEqual(arrowDifference(electionArrows(electionMachine), found), {
      onlyInChart: [...ONLY_FOR_STRANGERS, ...BEYOND_THESE_BOUNDS].sort(),
      onlyInGraph: [],
    })
  })

  it('name the arrow that somebody changed in the chart alone', () => {
    const found = new Set([...electionModeArrows(long, 3), ...electionModeArrows(alone, 1)])
    const { states } = electionMachine.config
    const difference = (changed: object) =>
      arrowDifference(electionArrows(machineOf({ ...states, ...changed })), found)
    const usual = arrowDifference(electionArrows(electionMachine), found).onlyInChart
    const added = { ...states?.['probing']?.on, ReceiveVictory: { target: 'peon', actions: 'follow' } }
    deepEqual(difference({ probing: { on: added } }), {
      onlyInChart: [...usual, 'probing -ReceiveVictory-> peon'].sort(),
      onlyInGraph: [],
    })
    const removed = { ...states?.['deferring']?.on, Bootstrap: undefined }
    deepEqual(difference({ deferring: { on: removed } }), {
      onlyInChart: usual,
      onlyInGraph: ['deferring -Bootstrap-> probing'],
    })
    const elsewhere = { ...states?.['peon']?.on, Shutdown: { target: 'probing', actions: 'forget' } }
    deepEqual(difference({ peon: { on: elsewhere } }), {
      onlyInChart: [...usual, 'peon -Shutdown-> probing'].sort(),
      onlyInGraph: ['peon -Shutdown-> down'],
    })
  })

  it('name the arrow that somebody changed in the handlers alone', () => {
    const ignoresVictory: ElectionStep = (state, event) =>
      event._tag === 'ReceiveVictory' ? [state, []] : electionStep(state, event)
    const { onlyInChart, onlyInGraph } = arrowDifference(
      electionModeArrows(ours(TINY, ignoresVictory), 3),
      electionModeArrows(tiny, 3),
    )
    deepEqual(onlyInChart, [])
    deepEqual(onlyInGraph, ['deferring -ReceiveVictory-> peon'])
  })

  it('name the arrow that somebody changed in the specification alone', async () => {
    const usual = arrowDifference(electionArrows(electionMachine), electionModeArrows(tiny, 3))
    const found = await changedSpec(
      'MonElection.tla',
      'IN  [mon |-> [Bump(s, e) EXCEPT !.mode = "leader", !.leaderAcked = None,',
      'IN  [mon |-> [Bump(s, e) EXCEPT !.mode = "peon", !.leaderAcked = None,',
      (folder) => electionGraph(TINY, folder),
    )
    const { onlyInChart, onlyInGraph } = arrowDifference(
      electionArrows(electionMachine),
      electionModeArrows(found, 3),
    )
    deepEqual(onlyInGraph, ['candidate -ReceiveAck-> peon'])
    ok(onlyInChart.includes('candidate -ReceiveAck-> leader'))
    ok(!usual.onlyInChart.includes('candidate -ReceiveAck-> leader'))
    deepEqual(usual.onlyInGraph, [])
  })
})
