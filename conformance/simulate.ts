/**
 * A seeded cluster of the production handlers that leaves traces as real monitors do: a line a handler, one list a
 * process, nothing about deaths and losses. The same seed gives the same lines on every machine.
 */
import { known } from '../src/base/assert.ts'
import { electionStep } from '../src/election/step.ts'
import { electionTraceStep } from '../src/election/trace.ts'
import { traceLine } from '../src/trace/record.ts'
import {
  applyMove,
  eventOf,
  initialWorld,
  movesOf,
  type ElectionAction,
  type ElectionMove,
  type ElectionStep,
  type ElectionWorld,
} from './election-world.ts'
import { random } from './random.ts'

/** Names of the monitors, in the order of their ranks. */
export const NAMES = ['a', 'b', 'c', 'd', 'e'] as const

/** How often a kind of move is chosen when it is possible: mostly messages and the store, now and then trouble. */
const WEIGHT: Readonly<Record<ElectionAction, number>> = {
  Restart: 20,
  Shutdown: 1,
  EpochPersisted: 60,
  Bootstrap: 1,
  StartElection: 20,
  StandaloneVictory: 20,
  ReceivePropose: 60,
  ReceiveAck: 60,
  ReceiveVictory: 60,
  ElectionTimeout: 2,
  LoseConnection: 10,
}

export interface Simulation {
  /** Trace files, one a monitor. */
  readonly files: ReadonlyMap<string, string>
  readonly world: ElectionWorld
  readonly moveCount: number
}

/** A connection loses messages only when one of its ends has died; what waits for a first start stays. */
const isAllowed = (world: ElectionWorld, move: ElectionMove, started: ReadonlySet<number>): boolean =>
  move.action !== 'LoseConnection' ||
  [move.node, move.from].some((end) => started.has(end) && world.mon[end]?.mode === 'down')

/** Runs `size` monitors for `moveCount` moves; `step` may be a mutant, to see that its traces are refused. */
export const simulate = (
  seed: number,
  size: number,
  moveCount: number,
  step: ElectionStep = electionStep,
): Simulation => {
  const { below } = random(seed)
  let world = initialWorld(size)
  const lines: string[][] = Array.from({ length: size }, () => [])
  const started = new Set<number>()
  const counters = Array.from({ length: size }, () => 0)
  for (let made = 0; made < moveCount; made++) {
    const moves = movesOf(world).filter((move) => isAllowed(world, move, started))
    const total = moves.reduce((sum, { action }) => sum + WEIGHT[action], 0)
    let ticket = below(total)
    const move = known(
      moves.find(({ action }) => (ticket -= WEIGHT[action]) < 0),
      'a move to make',
    )
    record(world, move, lines, counters, step)
    if (move.action === 'Restart') started.add(move.node)
    world = applyMove(world, move, step)
  }
  const files = new Map(lines.map((own, at) => [NAMES[at] ?? String(at), own.join('')]))
  return { files, world, moveCount }
}

const record = (
  world: ElectionWorld,
  move: ElectionMove,
  lines: string[][],
  counters: number[],
  handlers: ElectionStep,
): void => {
  const { node } = move
  if (move.action === 'LoseConnection' || move.action === 'Shutdown') return
  if (move.action === 'Restart') counters[node] = 0
  const before = known(world.mon[node], 'a monitor')
  const event = eventOf(world, move)
  const [after, effects] = handlers(before, event)
  const step = electionTraceStep(event, before, after, effects)
  if (step === null) return
  const n = counters[node] ?? 0
  lines[node]?.push(traceLine(NAMES[node] ?? String(node), n, step))
  counters[node] = n + 1
}
