/**
 * The code and the specification span one graph, and the statechart is its projection on one monitor's mode.
 *
 * Both are exhaustive under the bounds below. Needs Java and the model checker's jar; skips without them.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import type { WorldBounds } from '../../conformance/election-world.ts'
import { initialWorld, successors, type ElectionStep } from '../../conformance/election-world.ts'
import { worldText } from '../../conformance/election-text.ts'
import { electionGraph } from '../../conformance/election-graph.ts'
import { edgeCountOf, enumerate, graphDifference, type TextGraph } from '../../conformance/graph.ts'
import { modeArrows } from '../../conformance/projection.ts'
import { electionMachine } from '../../src/election/machine.ts'
import { electionStep } from '../../src/election/step.ts'
import { tla2toolsJar } from '../../spec/fetch-tla2tools.ts'

const BOUNDS: WorldBounds = { size: 3, maxEpoch: 6, maxQueue: 2, maxWrites: 1, maxTroubles: 1 }
const ALONE: WorldBounds = { size: 1, maxEpoch: 6, maxQueue: 1, maxWrites: 1, maxTroubles: 2 }
const TINY: WorldBounds = { ...BOUNDS, maxTroubles: 0 }
const NODES_MAX = 100_000
const GRAPH_MS_MAX = 300_000

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

/** The chart's arrows that change the election: the store's answer and a new rank do not. */
const chartArrows = (): ReadonlySet<string> => {
  const arrows = new Set<string>()
  for (const [mode, node] of Object.entries(electionMachine.root.states))
    for (const [event, transitions] of node.transitions)
      for (const { target, actions } of transitions) {
        const to = target?.[0]?.key ?? mode
        if (actions.length === 0 || event === 'EpochPersisted') continue
        if (event === 'Bootstrap' && mode === 'probing') continue
        arrows.add(`${mode} -${event}-> ${to}`)
      }
  return arrows
}

describe('the election and its specification', function () {
  this.timeout(GRAPH_MS_MAX)
  let spec: TextGraph = new Map()
  let alone: TextGraph = new Map()
  let tiny: TextGraph = new Map()

  before(async function () {
    const jar = await tla2toolsJar()
    if (E.isLeft(jar)) {
      process.stderr.write(`${jar.left}\n`)
      this.skip()
    }
    const graphs = [await electionGraph(BOUNDS), await electionGraph(ALONE), await electionGraph(TINY)]
    for (const graph of graphs) ok(E.isRight(graph), E.isLeft(graph) ? graph.left : '')
    ;[spec, alone, tiny] = graphs.map((graph) => (E.isRight(graph) ? graph.right : new Map())) as [
      TextGraph,
      TextGraph,
      TextGraph,
    ]
  })

  it('span the same states and the same edges', () => {
    const code = ours(BOUNDS)
    equal(code.size, 26_359)
    equal(edgeCountOf(code), 97_824)
    deepEqual(graphDifference(code, spec), { onlyInLeft: [], onlyInRight: [] })
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
    const found = new Set([...modeArrows(spec, 3), ...modeArrows(alone, 1)])
    const chart = chartArrows()
    deepEqual(
      [...found].filter((arrow) => !chart.has(arrow)),
      [],
    )
    deepEqual(
      [...chart].filter((arrow) => !found.has(arrow)).sort(),
      [...ONLY_FOR_STRANGERS, ...BEYOND_THESE_BOUNDS].sort(),
    )
  })
})
