/**
 * The election's side of the walk: which worlds a line of an election's trace leads to.
 *
 * Steps that no log shows are tried where the next line needs them: the death of a process before its restart,
 * with or without the writes that were under way, and the loss of messages on a connection whose end has died
 * since something last arrived on it.
 */
import * as E from 'fp-ts/lib/Either.js'
import { known } from '../src/base/assert.ts'
import { argsOf, outOf, projectElection } from '../src/election/trace.ts'
import type { ElectionState } from '../src/election/state.ts'
import { electionStep } from '../src/election/step.ts'
import { worldText } from './election-text.ts'
import {
  applyMove,
  eventOf,
  initialWorld,
  type ElectionMessage,
  type ElectionMove,
  type ElectionStep,
  type ElectionWorld,
} from './election-world.ts'
import type { TraceLine } from './trace-format.ts'
import type { Adapter, Answer } from './walk.ts'

/** A world, and on which connections a loss may still come to light. */
export interface TracedWorld {
  readonly world: ElectionWorld
  /**
   * Connections `from>to` one of whose ends has started again, and nothing sent since has arrived; with the number
   * of messages that were under way at the start and still are.
   */
  readonly unsettled: ReadonlyMap<string, number>
  /** Monitors that have run: what is sent to one that has not waits for its first start. */
  readonly started: ReadonlySet<number>
}

/** Every action that a trace of the election can hold. */
export const ELECTION_ACTIONS: readonly string[] = [
  'Restart',
  'Shutdown',
  'EpochPersisted',
  'Bootstrap',
  'StartElection',
  'StandaloneVictory',
  'ReceivePropose',
  'ReceiveAck',
  'ReceiveVictory',
  'ElectionTimeout',
  'LoseMessage',
]

const text = (value: unknown): string => JSON.stringify(value)

/** The fields in which two objects differ, and how many were compared. */
const differences = (
  what: string,
  expected: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): readonly [readonly string[], number] => {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])]
  const differing = names.filter((name) => text(expected[name]) !== text(found[name]))
  return [
    differing.map((name) => `${what}.${name} is ${text(found[name])}, the model has ${text(expected[name])}`),
    names.length,
  ]
}

/** A list as an object, to be compared item by item. */
const numbered = (items: readonly unknown[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(items.map((item, index) => [String(index), item]))

/** Worlds that a death of `node` can leave behind: with the first writes under way done, or not. */
const deaths = (world: ElectionWorld, node: number): readonly ElectionWorld[] => {
  const writes = known(world.outbox[node], 'an outbox').filter(({ kind }) => kind === 'write').length
  return Array.from({ length: writes + 1 }, (_, done) => applyMove(world, { action: 'Shutdown', node, done }))
}

/** The world after the first `count` messages of a queue were lost. */
const lose = (world: ElectionWorld, from: number, to: number, count: number): ElectionWorld => ({
  ...world,
  net: world.net.map((queues, a) =>
    a === from ? queues.map((queue, b) => (b === to ? queue.slice(count) : queue)) : queues,
  ),
})

/** The receive action whose message a line takes off a queue, handled or refused. */
const receiveOf = (line: TraceLine): keyof typeof messageKind | null => {
  const action = line.action === 'LoseMessage' ? String(line.args['of']) : line.action
  return isReceive(action) ? action : null
}

const messageKind = { ReceivePropose: 'propose', ReceiveAck: 'ack', ReceiveVictory: 'victory' } as const
const isReceive = (action: string): action is keyof typeof messageKind => action in messageKind

/** Where a line can start from: the world as it is, or after steps that no log shows. */
interface Start {
  readonly world: ElectionWorld
  /** Messages taken off the queue by this line: the received one, and those lost before it. */
  readonly consumed: number
}

/**
 * Starts with the received message at the head of its queue; losses before it only when `hidden`, or when the queue
 * holds the same message twice: a reminder looks like the proposal, and either may be the one that arrived.
 */
const withHead = (
  { world, unsettled }: TracedWorld,
  line: TraceLine,
  node: number,
  hidden: boolean,
): readonly Start[] => {
  const receive = receiveOf(line)
  if (receive === null) return [{ world, consumed: 0 }]
  const from = Number(line.args['from'])
  const kind = messageKind[receive]
  const queue = world.net[from]?.[node] ?? []
  const isReceived = (message: ElectionMessage): boolean =>
    message.kind === kind &&
    message.epoch === line.args['epoch'] &&
    (kind !== 'victory' || text(message.quorum) === text(line.args['quorum']))
  const first = queue.findIndex(isReceived)
  const mayLose = unsettled.has(`${from}>${node}`)
  return queue.flatMap((message, at): readonly Start[] => {
    if (!isReceived(message) || (at > 0 && !(mayLose && (hidden || first === 0)))) return []
    return [{ world: lose(world, from, node, at), consumed: at + 1 }]
  })
}

const moveOf = (line: TraceLine, node: number): ElectionMove => {
  const { action, args } = line
  if (isReceive(action)) return { action, node, from: Number(args['from']) }
  if (action === 'ElectionTimeout') return { action, node, hasEverJoined: args['hasEverJoined'] === true }
  if (action === 'Shutdown') return { action, node, done: 0 }
  return { action: action as 'Restart' | 'EpochPersisted' | 'Bootstrap' | 'StartElection', node }
}

const isPossible = (world: ElectionWorld, line: TraceLine, node: number): string | null => {
  const mode = known(world.mon[node], 'a monitor').mode
  const head = world.outbox[node]?.[0]
  if (line.action === 'Restart' && line.args['persistedEpoch'] !== world.disk[node])
    return `it reads epoch ${text(line.args['persistedEpoch'])}, its store holds ${world.disk[node] ?? 0}`
  if (line.action !== 'Restart' && mode === 'down') return 'the process is not running'
  if (line.action === 'EpochPersisted' && (head?.kind !== 'write' || head.epoch !== line.args['epoch']))
    return 'no such write is under way'
  if (line.action === 'ElectionTimeout' && mode !== 'candidate' && mode !== 'deferring')
    return `no timer runs in mode ${mode}`
  return null
}

/** A message that the monitor refused before its election saw it: to the model, one that was lost. */
const refuse = (
  world: ElectionWorld,
  line: TraceLine,
  node: number,
  state: ElectionState,
): Answer<ElectionWorld> => {
  const projection = projectElection(state)
  const compared = [
    differences('before', projection, line.before),
    differences('after', projection, line.after),
  ]
  const problems = compared.flatMap(([differing]) => differing)
  return problems.length > 0 || line.out.length > 0
    ? { _tag: 'Rejects', reason: problems.join('; ') }
    : {
        _tag: 'Fits',
        worlds: [lose(world, Number(line.args['from']), node, 1)],
        fieldCount: compared.reduce((sum, [, count]) => sum + count, 0),
      }
}

/** Whether the handlers, in this world, do what the line says. */
const follow = (
  world: ElectionWorld,
  line: TraceLine,
  node: number,
  step: ElectionStep,
): Answer<ElectionWorld> => {
  const impossible = isPossible(world, line, node)
  if (impossible !== null) return { _tag: 'Rejects', reason: impossible }
  const state = known(world.mon[node], 'a monitor')
  if (line.action === 'LoseMessage') return refuse(world, line, node, state)
  const move = moveOf(line, node)
  const stepped = E.tryCatch(() => {
    const event = eventOf(world, move)
    return { event, step: step(state, event) }
  }, String)
  if (E.isLeft(stepped)) return { _tag: 'Rejects', reason: stepped.left }
  const {
    event,
    step: [next, effects],
  } = stepped.right
  const compared = [
    differences('args', argsOf(event), line.args),
    differences('before', projectElection(state), line.before),
    differences('after', projectElection(next), line.after),
    differences('out', numbered(effects.flatMap(outOf)), numbered(line.out)),
  ]
  const problems = compared.flatMap(([differing]) => differing)
  return problems.length > 0
    ? { _tag: 'Rejects', reason: problems.join('; ') }
    : {
        _tag: 'Fits',
        worlds: line.action === 'Shutdown' ? deaths(world, node) : [applyMove(world, move, step)],
        fieldCount: compared.reduce((sum, [, count]) => sum + count, 0),
      }
}

/** What may still be lost after a line that took `consumed` messages off its queue. */
const settle = (
  { world, unsettled, started }: TracedWorld,
  line: TraceLine,
  node: number,
  consumed: number,
): ReadonlyMap<string, number> => {
  const next = new Map(unsettled)
  if (receiveOf(line) !== null) {
    const connection = `${Number(line.args['from'])}>${node}`
    const left = (next.get(connection) ?? 0) - consumed
    if (left < 0) next.delete(connection)
    else next.set(connection, left)
  }
  if (line.action === 'Restart' && started.has(node))
    for (let other = 0; other < world.mon.length; other++) {
      next.set(`${other}>${node}`, world.net[other]?.[node]?.length ?? 0)
      next.set(`${node}>${other}`, world.net[node]?.[other]?.length ?? 0)
    }
  return next
}

/**
 * A monitor's election lines as the model speaks of them.
 *
 * A process notes its place in the monmap when it begins to probe, not when it starts; the model knows it always.
 * So the place is filled in where a monitor takes no part yet, and a Bootstrap that does nothing else is left out.
 */
export const electionLines = (
  lines: readonly TraceLine[],
  rankOf: ReadonlyMap<string, number>,
): readonly TraceLine[] =>
  lines
    .filter(({ machine }) => machine === 'election')
    .map((line) => {
      const place = { rank: rankOf.get(line.node), size: rankOf.size }
      const placed = (fields: TraceLine['before']): TraceLine['before'] =>
        fields['mode'] === 'probing' ? { ...fields, ...place } : fields
      return {
        ...line,
        args: line.action === 'Restart' ? { ...line.args, ...place } : line.args,
        before: placed(line.before),
        after:
          line.action === 'Restart' || line.before['mode'] === 'probing' ? placed(line.after) : line.after,
      }
    })
    .filter((line) => line.action !== 'Bootstrap' || text(line.before) !== text(line.after))

/** Reasons why the model of `size` monitors does not speak about a line. */
const beyond = (line: TraceLine, size: number): string | null => {
  if (!ELECTION_ACTIONS.includes(line.action)) return `no action is called ${line.action}`
  if (line.after['mode'] !== 'down' && line.after['size'] !== size)
    return `the monmap has ${text(line.after['size'])} monitors, the model ${size}`
  return null
}

/**
 * The election of `size` monitors; `rankOf` gives the rank of a monitor's name.
 *
 * The space is that of the production handlers, without bounds; inside bounds it is the model checker's graph, node
 * for node and edge for edge (test/election/projection.test.ts).
 */
export const electionAdapter = (
  rankOf: ReadonlyMap<string, number>,
  step: ElectionStep = electionStep,
): Adapter<TracedWorld> => {
  const size = rankOf.size
  return {
    machine: 'election',
    initial: { world: initialWorld(size), unsettled: new Map(), started: new Set() },
    textOf: ({ world, unsettled }) => `${worldText(world)}\nunsettled ${text([...unsettled].sort())}`,
    accept: (traced, line, hidden) => {
      const reason = beyond(line, size)
      if (reason !== null) return { _tag: 'OutOfModel', reason }
      const node = known(rankOf.get(line.node), `the rank of mon.${line.node}`)
      const isUp = known(traced.world.mon[node], 'a monitor').mode !== 'down'
      const diedUnseen = line.action === 'Restart' && isUp
      const starts = diedUnseen
        ? deaths(traced.world, node).map((world): Start => ({ world, consumed: 0 }))
        : withHead(traced, line, node, hidden)
      if (starts.length === 0)
        return { _tag: 'Rejects', reason: 'no such message is under way, or others are before it' }
      const reasons: string[] = []
      const worlds: TracedWorld[] = []
      let fieldCount = 0
      for (const { world, consumed } of starts) {
        const answer = follow(world, line, node, step)
        if (answer._tag !== 'Fits') reasons.push(answer.reason)
        else {
          fieldCount = answer.fieldCount
          const unsettled = settle(traced, line, node, consumed)
          const met = new Set(traced.started).add(node)
          worlds.push(...answer.worlds.map((next) => ({ world: next, unsettled, started: met })))
        }
      }
      return worlds.length > 0
        ? { _tag: 'Fits', worlds, fieldCount }
        : { _tag: 'Rejects', reason: reasons.join('; or ') }
    },
  }
}
