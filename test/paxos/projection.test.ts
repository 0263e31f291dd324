/**
 * The code and the specification span one graph, and the statechart is its projection on one monitor's mode.
 *
 * Both are exhaustive under the bounds below. Needs Java and the model checker's jar; skips without them.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
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
import type { PaxosEventTag } from '../../src/paxos/event.ts'
import { expects, isPaxosMode, nextMode, PAXOS_MODES } from '../../src/paxos/machine.ts'
import { stepPaxos } from '../../src/paxos/step.ts'
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

const OUTCOMES = ['alone', 'uncommitted', 'everyone', 'accepted', 'unchanged'] as const
const TAGS: readonly PaxosEventTag[] = [
  'LeaderInit',
  'PeonInit',
  'Restart',
  'Propose',
  'BeginWritten',
  'CommitWritten',
  'RefreshDone',
  'HandleCollect',
  'HandleLast',
  'HandleBegin',
  'HandleAccept',
  'HandleCommit',
  'HandleLease',
  'HandleLeaseAck',
  'CollectTimeout',
  'AcceptTimeout',
  'LeaseAckTimeout',
  'LeaseRenewTimeout',
  'LeaseTimeout',
]

/** Every transition of the chart but those to `shutdown`, which the specification does not know. */
const chartArrows = (): ReadonlySet<string> => {
  const arrows = new Set<string>()
  for (const mode of Object.keys(PAXOS_MODES).filter(isPaxosMode))
    for (const tag of TAGS)
      if (expects(mode, tag))
        for (const outcome of OUTCOMES) arrows.add(`${mode} -${tag}-> ${nextMode(mode, tag, outcome)}`)
  return arrows
}

/** Mode changes along the edges of a graph of texts; an election is a restart and a beginning. */
const modeChanges = (graph: TextGraph, size: number): ReadonlySet<string> => {
  const modes = (text: string): readonly string[] =>
    text.split('\n', size).map((line) => line.slice(0, line.indexOf(' ')))
  const changes = new Set<string>()
  for (const [text, edges] of graph) {
    const before = modes(text)
    for (const edge of edges) {
      const [action = '', target = ''] = edge.split('\t')
      const after = modes(target)
      for (const [at, mode] of before.entries()) {
        const next = after[at] ?? ''
        if (next === mode || action === 'Crash') continue
        if (action === 'Elect') {
          changes.add(`${mode} -Restart-> electing`)
          changes.add(`electing -${next.startsWith('peon') ? 'PeonInit' : 'LeaderInit'}-> ${next}`)
        } else if (next === 'electing') changes.add(`${mode} -Restart-> electing`)
        else changes.add(`${mode} -${action}-> ${next}`)
      }
    }
  }
  return changes
}

describe('Paxos and its specification', function () {
  this.timeout(GRAPH_MS_MAX)
  const taken = new Set<string>()
  const changes = new Set<string>()

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
      for (const change of modeChanges(spec.right, model.size)) changes.add(change)
    })

  it('have the same modes and arrows between them', () => {
    const chart = chartArrows()
    deepEqual(
      [...changes].filter((arrow) => !chart.has(arrow)),
      [],
    )
    deepEqual(
      [...taken].filter((arrow) => !chart.has(arrow)),
      [],
    )
    deepEqual(
      [...chart].filter((arrow) => !taken.has(arrow)),
      ONLY_FOR_STRANGERS,
    )
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
