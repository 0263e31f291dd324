/**
 * Paxos's side of the walk: the production handlers replay what a trace says, on stand-ins for the real values.
 *
 * The lines of the election serve as well: one that restarts tells of a new process, whose store is what the old one
 * left on disk, and one that wins or loses tells which quorum Paxos may be given. Messages are in order on each
 * connection; those of an epoch that their receiver is not in are dropped before Paxos, unseen.
 *
 * Values that trim are known before the walk, by what became of the versions when they were committed.
 */
import * as E from 'fp-ts/lib/Either.js'
import { known } from '../src/base/assert.ts'
import { epoch, rank, version } from '../src/base/brand.ts'
import type { PaxosStep } from '../src/paxos/effect.ts'
import { messageEvent, timerEvent, type PaxosEvent, type PaxosTimer } from '../src/paxos/event.ts'
import { PAXOS_OPTIONS, paxosLog } from '../src/paxos/state.ts'
import { stepPaxos } from '../src/paxos/step.ts'
import { armedTimers } from '../src/paxos/timer.ts'
import { argsOf, outOf, projectPaxos, valueName } from '../src/paxos/trace.ts'
import { transactionOf } from '../src/store/transaction.ts'
import { dropped, replaced } from './paxos-copy.ts'
import { isTrim, NO_TRIMS, type Trims } from './paxos-trims.ts'
import { proposedValue } from './paxos-value.ts'
import type { TraceLine } from './trace-format.ts'
import { at, initial, logWith, restarts, set, type Elected, type TracedPaxos } from './traced-paxos.ts'
import { matchNames, unify, type Unified } from './unify.ts'
import type { Adapter, Answer } from './walk.ts'

/** Every action that a trace of Paxos can hold. */
export const PAXOS_ACTIONS: readonly string[] = [
  'LeaderInit',
  'PeonInit',
  'Restart',
  'Shutdown',
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
  'StoreReplaced',
  'StoreDropped',
]

const TIMER_OF: Readonly<Record<string, PaxosTimer>> = {
  CollectTimeout: 'collect',
  AcceptTimeout: 'accept',
  LeaseAckTimeout: 'leaseAck',
  LeaseRenewTimeout: 'leaseRenew',
  LeaseTimeout: 'lease',
}

// Leases are given or not; when they end is the timers' business, whose firing is an event.
const NOW_MS = 1
const BEGINS: ReadonlySet<string> = new Set(['LeaderInit', 'PeonInit'])
const ELECTION_RESULT: readonly unknown[] = ['leader', 'peon']

/** An election's line: a new process, or the quorum that Paxos may be told of. */
const election = (world: TracedPaxos, line: TraceLine, node: number): Answer<TracedPaxos> => {
  if (line.action === 'Restart') return { _tag: 'Fits', worlds: restarts(world, node), fieldCount: 0 }
  const { mode, epoch: of, leader, quorum } = line.after
  const elected: Elected | null = ELECTION_RESULT.includes(mode) ? { mode, epoch: of, leader, quorum } : null
  const nodes = set(world.nodes, node, { ...at(world.nodes, node), elected })
  return { _tag: 'Fits', worlds: [{ ...world, nodes }], fieldCount: 0 }
}

interface Start {
  readonly world: TracedPaxos
  readonly event: PaxosEvent
}

/** The received message, which may have messages of other epochs before it: those were dropped unseen. */
const receives = (world: TracedPaxos, line: TraceLine, node: number): readonly Start[] => {
  const from = Number(line.args['from'])
  const queue = world.net[from]?.[node] ?? []
  const own = at(world.nodes, node).state.term.epoch
  const index = queue.findIndex(({ message }) => message.epoch === own)
  const sent = queue[index]
  if (sent === undefined) return []
  const event = messageEvent(rank(from), sent.message, Buffer.alloc(0), NOW_MS)
  if (event._tag !== line.action) return []
  const sender = at(world.nodes, from)
  const durableCount = Math.max(sender.durableCount, sent.writeCount)
  const net = set(world.net, from, set(at(world.net, from), node, queue.slice(index + 1)))
  const nodes = set(world.nodes, from, { ...sender, durableCount })
  return [{ world: { ...world, net, nodes }, event }]
}

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right)

/** The start of a term: it has to be the one that the election's last line told. */
const term = (world: TracedPaxos, line: TraceLine, node: number): readonly Start[] => {
  const { elected } = at(world.nodes, node)
  const { epoch: of, leader, quorum } = line.args
  const mode = line.action === 'LeaderInit' ? 'leader' : 'peon'
  if (!same(elected, { mode, epoch: of, leader, quorum })) return []
  const event: PaxosEvent = {
    _tag: mode === 'leader' ? 'LeaderInit' : 'PeonInit',
    term: {
      epoch: epoch(Number(of)),
      rank: rank(node),
      leader: rank(Number(leader)),
      quorum: (quorum as readonly number[]).map(rank),
      monCount: world.nodes.length,
    },
    now: NOW_MS,
  }
  return [{ world, event }]
}

const proposal = (world: TracedPaxos, line: TraceLine, trims: Trims): readonly Start[] => {
  const name = String(line.args['value'])
  const old = world.values.get(world.names.modelOf.get(name) ?? '')
  const value = old ?? proposedValue(world.values.size + 1, trims.get(name))
  const names = matchNames(world.names, valueName(value), name)
  if (names === null) return []
  const values = new Map(world.values).set(valueName(value), value)
  return [{ world: { ...world, names, values }, event: { _tag: 'Propose', value, now: NOW_MS } }]
}

const starts = (world: TracedPaxos, line: TraceLine, node: number, trims: Trims): readonly Start[] => {
  const { action, args } = line
  const timer = TIMER_OF[action]
  if (timer !== undefined)
    return armedTimers(at(world.nodes, node).state).includes(timer)
      ? [{ world, event: timerEvent(timer, NOW_MS) }]
      : []
  switch (action) {
    case 'LeaderInit':
    case 'PeonInit':
      return term(world, line, node)
    case 'Propose':
      return proposal(world, line, trims)
    case 'BeginWritten':
    case 'CommitWritten':
    case 'RefreshDone': {
      const written = {
        epoch: epoch(Number(args['epoch'])),
        version: version(BigInt(String(args['version']))),
      }
      return [{ world, event: { _tag: action, ...written, now: NOW_MS } }]
    }
    case 'Restart':
    case 'Shutdown':
      return [{ world, event: { _tag: action, now: NOW_MS } }]
    default:
      return receives(world, line, node)
  }
}

/** The world after a step: its writes ordered, its messages under way. */
const after = (world: TracedPaxos, node: number, [state, effects]: PaxosStep): TracedPaxos => {
  const old = at(world.nodes, node)
  let { view } = old
  let queues = at(world.net, node)
  const writes = [...old.writes]
  for (const effect of effects)
    if (effect._tag === 'Store') {
      view = view.apply(transactionOf(effect.ops))
      writes.push({ ops: effect.ops, isDurable: effect.durable })
    } else if (effect._tag === 'Send') {
      const writeCount = writes.findLastIndex(({ isDurable }) => isDurable) + 1
      queues = set(queues, effect.to, [...at(queues, effect.to), { message: effect.message, writeCount }])
    }
  const own = { ...old, state, view, writes }
  const nodes = set(world.nodes, node, own)
  return { ...world, nodes, net: set(world.net, node, queues), log: logWith(world.log, own) }
}

const replay = ({ world, event }: Start, line: TraceLine, node: number): Answer<TracedPaxos> => {
  const own = at(world.nodes, node)
  const context = { log: paxosLog(own.view), options: PAXOS_OPTIONS }
  const stepped = E.tryCatch(() => stepPaxos(own.state, event, context), String)
  if (E.isLeft(stepped)) return { _tag: 'Rejects', reason: stepped.left }
  const done = stepped.right
  const begun: Unified = { names: world.names, problems: [], fieldCount: 0 }
  const { names, problems, fieldCount } = [
    ['args', argsOf(event), line.args] as const,
    ['before', projectPaxos(own.state), line.before] as const,
    ['out', done[1].flatMap(outOf), line.out] as const,
    ['after', projectPaxos(done[0]), line.after] as const,
  ].reduce((so, [path, model, trace]) => unify(so, path, model, trace), begun)
  return problems.length > 0
    ? { _tag: 'Rejects', reason: problems.join('; ') }
    : { _tag: 'Fits', worlds: [{ ...after(world, node, done), names }], fieldCount }
}

const textOf = ({ nodes, net, names }: TracedPaxos): string =>
  [
    ...nodes.map(
      ({ state, writes, durableCount, elected }) =>
        `${JSON.stringify(projectPaxos(state))} ${durableCount}/${writes.length} writes ${JSON.stringify(elected)}`,
    ),
    ...net.flatMap((queues, from) =>
      queues.flatMap((queue, to) =>
        queue.map(
          ({ message }) =>
            `${from}>${to} ${JSON.stringify(argsOf(messageEvent(rank(from), message, Buffer.alloc(0), NOW_MS)))}`,
        ),
      ),
    ),
    JSON.stringify([...names.modelOf].sort()),
  ].join('\n')

/** Why the model has nothing for a line to start from. */
const missing = (world: TracedPaxos, line: TraceLine, node: number): string => {
  const { state, elected } = at(world.nodes, node)
  if (line.action in TIMER_OF) return `no such timer runs in ${state.mode}`
  if (BEGINS.has(line.action)) return `its election has decided ${JSON.stringify(elected)}`
  const from = Number(line.args['from'])
  const queue = world.net[from]?.[node] ?? []
  const [next] = queue.filter(({ message }) => message.epoch === state.term.epoch)
  return next === undefined
    ? `no message of epoch ${state.term.epoch} is under way from rank ${from}`
    : `the oldest message under way from rank ${from} is ${messageEvent(rank(from), next.message, Buffer.alloc(0), NOW_MS)._tag}`
}

/** Paxos among the monitors whose ranks `rankOf` gives; `trims` of the lines that are to be walked. */
export const paxosAdapter = (
  rankOf: ReadonlyMap<string, number>,
  trims: Trims = NO_TRIMS,
): Adapter<TracedPaxos> => ({
  machine: 'paxos',
  initial: initial(rankOf.size),
  textOf,
  accept: (world, line) => {
    const node = known(rankOf.get(line.node), `the rank of mon.${line.node}`)
    if (line.machine === 'election') return election(world, line, node)
    if (!PAXOS_ACTIONS.includes(line.action))
      return { _tag: 'OutOfModel', reason: `no action is called ${line.action}` }
    if (line.action === 'StoreReplaced') return replaced(world, line, node)
    if (line.action === 'StoreDropped') return dropped(world, line, node)
    if (isTrim(line) && trims.size === 0)
      return { _tag: 'OutOfModel', reason: 'versions are trimmed, and no leader says by which values' }
    const found = E.tryCatch(() => starts(world, line, node, trims), String)
    if (E.isLeft(found)) return { _tag: 'Rejects', reason: found.left }
    const answers = found.right.map((start) => replay(start, line, node))
    const fits = answers.flatMap((answer) => (answer._tag === 'Fits' ? answer.worlds : []))
    const [first] = answers
    if (first === undefined) return { _tag: 'Rejects', reason: missing(world, line, node) }
    return fits.length === 0 || first._tag !== 'Fits' ? first : { ...first, worlds: fits }
  },
})
