/**
 * The code and the specification span one graph, and the statechart is its projection on one monitor's mode.
 *
 * Both are exhaustive under the bounds below. Needs Java and the model checker's jar; skips without them.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import { createMachine, type AnyStateMachine } from 'xstate'
import { paxosArrows } from '../../conformance/chart.ts'
import {
  edgeCountOf,
  enumerate,
  graphDifference,
  type GraphDifference,
  type TextGraph,
} from '../../conformance/graph.ts'
import { paxosGraph, paxosModel, type PaxosModel } from '../../conformance/paxos-graph.ts'
import { paxosWorldText } from '../../conformance/paxos-text.ts'
import { initialPaxosWorld, paxosSuccessors, type StepPaxos } from '../../conformance/paxos-world.ts'
import { arrowDifference, paxosModeArrows } from '../../conformance/projection.ts'
import { expects, paxosMachine } from '../../src/paxos/machine.ts'
import { stepPaxos } from '../../src/paxos/step.ts'
import { changedSpec } from '../fixture/changed-spec.ts'
import { tla2toolsJar } from '../../spec/fetch-tla2tools.ts'

const NODES_MAX = 400_000
const GRAPH_MS_MAX = 600_000

interface Counted {
  readonly model: PaxosModel
  readonly nodeCount: number
  readonly edgeCount: number
}

const MODELS: Readonly<Record<string, Counted>> = {
  'one quorum, leases and timeouts': {
    model: paxosModel('one', 3, { maxProposals: 2, maxRenewals: 1, timeouts: true }),
    nodeCount: 5306,
    edgeCount: 23_053,
  },
  'a monitor alone, and a crash': {
    model: paxosModel('single', 1, { maxProposals: 2, maxCrashes: 1 }),
    nodeCount: 94,
    edgeCount: 128,
  },
  'a peon that was overtaken, and a lost message': {
    model: paxosModel('overtaken', 3, { maxProposals: 2, maxLosses: 1 }),
    nodeCount: 6368,
    edgeCount: 16_132,
  },
  'a value offered again and interrupted, and timeouts': {
    model: paxosModel('interrupted', 3, { maxProposals: 1, timeouts: true }),
    nodeCount: 1357,
    edgeCount: 3329,
  },
}

/** Compared as well when PAXOS_GRAPHS=all: some minutes. */
const LARGE_MODELS: Readonly<Record<string, Counted>> = {
  'pairs, and what was left uncommitted': {
    model: paxosModel('pairs', 3, { maxProposals: 2 }),
    nodeCount: 9165,
    edgeCount: 20_687,
  },
  'two rivals for a version': {
    model: paxosModel('rivals', 3, { maxProposals: 2 }),
    nodeCount: 10_140,
    edgeCount: 25_580,
  },
  'a laggard beyond what was trimmed': {
    model: paxosModel('laggard', 3, { maxProposals: 3, trims: true }),
    nodeCount: 5957,
    edgeCount: 14_291,
  },
  'any second quorum, and a crash': {
    model: paxosModel('two', 3, { maxProposals: 1, maxCrashes: 1 }),
    nodeCount: 36_564,
    edgeCount: 107_500,
  },
}

const chosenModels = (): Readonly<Record<string, Counted>> =>
  process.env['PAXOS_GRAPHS'] === 'all' ? { ...MODELS, ...LARGE_MODELS } : MODELS

/**
 * Arrows of the chart that no cluster of our own ever takes: a BEGIN that does not fit a peon with a lease can only
 * come from a leader of another kind.
 */
const ONLY_FOR_STRANGERS = ['peon.active -HandleBegin-> peon.active']

const LEADER = paxosMachine.config.states?.['leader']?.states as Record<
  string,
  { readonly on?: object } | undefined
>

/** For the mutants: small, and enough for each of them. */
const TINY = paxosModel('pairs', 3, { maxProposals: 1 })

const graphOf = (model: PaxosModel, step: StepPaxos): TextGraph =>
  enumerate(
    initialPaxosWorld(model.size),
    paxosWorldText,
    (world) => paxosSuccessors(world, model, step),
    NODES_MAX,
  )

const NO_DIFFERENCE: GraphDifference = { onlyInLeft: [], onlyInRight: [] }

/** The chart with other leaders' states; it is looked at and never run. */
const machineOf = (leader: object): AnyStateMachine => {
  const { states, on } = paxosMachine.config
  const changed = { ...states?.['leader'], states: { ...states?.['leader']?.states, ...leader } }
  return createMachine({
    id: 'changed',
    initial: 'electing',
    on: on as object,
    states: { ...states, leader: changed } as Record<string, object>,
  })
}

describe('Paxos and its specification', function () {
  this.timeout(GRAPH_MS_MAX)
  const taken = new Set<string>()
  const found = new Set<string>()

  const recording: StepPaxos = (state, event, context) => {
    const step = stepPaxos(state, event, context)
    if (expects(state.mode, event._tag)) taken.add(`${state.mode} -${event._tag}-> ${step[0].mode}`)
    return step
  }

  before(async function () {
    const jar = await tla2toolsJar()
    if (E.isLeft(jar)) {
      process.stderr.write(`${jar.left}\n`)
      this.skip()
    }
  })

  for (const [name, { model, nodeCount, edgeCount }] of Object.entries(chosenModels()))
    it(`span the same states and the same edges: ${name}`, async () => {
      const code = graphOf(model, recording)
      equal(code.size, nodeCount)
      equal(edgeCountOf(code), edgeCount)
      const spec = await paxosGraph(model)
      ok(E.isRight(spec), E.isLeft(spec) ? spec.left : '')
      deepEqual(graphDifference(code, spec.right), NO_DIFFERENCE)
      for (const arrow of paxosModeArrows(spec.right, model.size)) found.add(arrow)
    })

  it('have the same modes and arrows between them', () => {
    const expected = { onlyInChart: ONLY_FOR_STRANGERS, onlyInGraph: [] }
    deepEqual(arrowDifference(paxosArrows(paxosMachine), found), expected)
    deepEqual(arrowDifference(paxosArrows(paxosMachine), taken), expected)
  })

  it('name the arrow that somebody changed in the chart alone', () => {
    const difference = (leader: object) => arrowDifference(paxosArrows(machineOf(leader)), found)
    deepEqual(difference({ active: { on: { ...LEADER['active']?.on, HandleAccept: 'writing' } } }), {
      onlyInChart: ['leader.active -HandleAccept-> leader.writing', ...ONLY_FOR_STRANGERS],
      onlyInGraph: [],
    })
    const { AcceptTimeout: _, ...rest }: Readonly<Record<string, unknown>> = { ...LEADER['updating']?.on }
    deepEqual(difference({ updating: { on: rest } }), {
      onlyInChart: ONLY_FOR_STRANGERS,
      onlyInGraph: ['leader.updating -AcceptTimeout-> leader.updating'],
    })
    deepEqual(difference({ refresh: { on: { RefreshDone: 'updating' } } }), {
      onlyInChart: ['leader.refresh -RefreshDone-> leader.updating', ...ONLY_FOR_STRANGERS],
      onlyInGraph: ['leader.refresh -RefreshDone-> leader.active'],
    })
  })

  it('name the arrow that somebody changed in the handlers alone', async () => {
    const spec = await paxosGraph(TINY)
    ok(E.isRight(spec), E.isLeft(spec) ? spec.left : '')
    const staysLeading: StepPaxos = (state, event, context) =>
      event._tag === 'RefreshDone' ? [state, []] : stepPaxos(state, event, context)
    const { onlyInChart, onlyInGraph } = arrowDifference(
      paxosModeArrows(graphOf(TINY, staysLeading), TINY.size),
      paxosModeArrows(spec.right, TINY.size),
    )
    deepEqual(onlyInChart, [])
    ok(onlyInGraph.includes('leader.refresh -RefreshDone-> leader.active'))
  })

  it('name the arrow that somebody changed in the specification alone', async () => {
    const changed = await changedSpec(
      'MonPaxos.tla',
      'ELSE Step([s EXCEPT !.mode = "peon.active", !.lease',
      'ELSE Step([s EXCEPT !.mode = "peon.updating", !.lease',
      (folder) => paxosGraph(TINY, folder),
    )
    const { onlyInChart, onlyInGraph } = arrowDifference(
      paxosArrows(paxosMachine),
      paxosModeArrows(changed, TINY.size),
    )
    deepEqual(onlyInGraph, ['peon.recovering -HandleLease-> peon.updating'])
    ok(onlyInChart.includes('peon.recovering -HandleLease-> peon.active'))
  })

  it('differ when the code has a bug that the specification does not have', async () => {
    const spec = await paxosGraph(TINY)
    ok(E.isRight(spec), E.isLeft(spec) ? spec.left : '')
    deepEqual(graphDifference(graphOf(TINY, stepPaxos), spec.right), NO_DIFFERENCE)
    const mutants: Readonly<Record<string, StepPaxos>> = {
      'forgets to store its promise': (state, event, context) => {
        const [next, effects] = stepPaxos(state, event, context)
        return event._tag === 'HandleCollect'
          ? [next, effects.filter(({ _tag }) => _tag !== 'Store')]
          : [next, effects]
      },
      'syncs a commit that need not be': (state, event, context) => {
        const [next, effects] = stepPaxos(state, event, context)
        return [
          next,
          effects.map((effect) => (effect._tag === 'Store' ? { ...effect, durable: true } : effect)),
        ]
      },
      'keeps its lease when a value is offered': (state, event, context) => {
        const [next, effects] = stepPaxos(state, event, context)
        return [
          event._tag === 'HandleBegin' ? { ...next, leaseExpireMs: state.leaseExpireMs } : next,
          effects,
        ]
      },
      'ignores what a peon accepted': (state, event, context) =>
        event._tag === 'HandleLast'
          ? stepPaxos(state, { ...event, message: { ...event.message, values: new Map() } }, context)
          : stepPaxos(state, event, context),
    }
    for (const [name, mutant] of Object.entries(mutants)) {
      const { onlyInLeft, onlyInRight } = graphDifference(graphOf(TINY, mutant), spec.right)
      ok(onlyInLeft.length > 0 || onlyInRight.length > 0, name)
    }
  })
})
