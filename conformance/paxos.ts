/**
 * Paxos's side of the walk: the production handlers replay what a trace says, on stand-ins for the real values.
 *
 * The lines of the election serve as well: one that restarts tells of a new process, whose store is what the old one
 * left on disk, and one that wins or loses tells which quorum Paxos may be given. Messages are in order on each
 * connection; those of an epoch that their receiver is not in are dropped before Paxos, unseen.
 *
 * A death leaves the store with all that is known to be durable, because a message that waited for it has arrived or
 * its own line says so, and with any number of the writes after that.
 */
import * as E from 'fp-ts/lib/Either.js'
import { known } from '../src/base/assert.ts'
import { epoch, rank, version } from '../src/base/brand.ts'
import type { PaxosStep } from '../src/paxos/effect.ts'
import { messageEvent, timerEvent, type PaxosEvent, type PaxosTimer } from '../src/paxos/event.ts'
import type { PaxosMessage } from '../src/paxos/message.ts'
import { loadPaxos, PAXOS_OPTIONS, PAXOS_PREFIX, paxosLog, type PaxosState } from '../src/paxos/state.ts'
import { stepPaxos } from '../src/paxos/step.ts'
import { armedTimers } from '../src/paxos/timer.ts'
import { argsOf, outOf, projectPaxos, valueName } from '../src/paxos/trace.ts'
import { erase, put, putU64, transactionOf, type Op } from '../src/store/transaction.ts'
import { StoreView } from '../src/store/view.ts'
import { proposedValue } from './paxos-value.ts'
import type { TraceLine } from './trace-format.ts'
import { matchNames, NO_NAMES, unify, type Names, type Unified } from './unify.ts'
import type { Adapter, Answer } from './walk.ts'

/** A write that was ordered, and whether the messages after it wait for it. */
interface Write {
  readonly ops: readonly Op[]
  readonly isDurable: boolean
}

/** What an election has decided, as its own line says. */
interface Elected {
  readonly mode: unknown
  readonly epoch: unknown
  readonly leader: unknown
  readonly quorum: unknown
}

interface Node {
  readonly state: PaxosState
  readonly view: StoreView
  /** The store when the process started, and what it has written since. */
  readonly base: StoreView
  readonly writes: readonly Write[]
  /** How many of `writes` are known to be on disk. */
  readonly durableCount: number
  readonly elected: Elected | null
  readonly hasRun: boolean
}

/** A message under way, and how many of its sender's writes are before it. */
interface Sent {
  readonly message: PaxosMessage
  readonly writeCount: number
}

export interface TracedPaxos {
  readonly nodes: readonly Node[]
  readonly net: readonly (readonly (readonly Sent[])[])[]
  readonly names: Names
  /** Stand-ins by their own name. */
  readonly values: ReadonlyMap<string, Buffer>
}

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

const at = <A>(items: readonly A[], index: number): A => known(items[index], `item ${index}`)
const set = <A>(items: readonly A[], index: number, item: A): readonly A[] =>
  items.map((old, i) => (i === index ? item : old))

const freshNode = (view: StoreView, hasRun: boolean): Node => ({
  state: loadPaxos(view),
  view,
  base: view,
  writes: [],
  durableCount: 0,
  elected: null,
  hasRun,
})

const initial = (size: number): TracedPaxos => ({
  nodes: Array.from({ length: size }, () => freshNode(StoreView.empty, false)),
  net: Array.from({ length: size }, () => Array.from({ length: size }, () => [])),
  names: NO_NAMES,
  values: new Map(),
})

/** The worlds after the process of `node` has died and another has started on its store. */
const restarts = (world: TracedPaxos, node: number): readonly TracedPaxos[] => {
  const { base, writes, durableCount, hasRun } = at(world.nodes, node)
  if (!hasRun) return [{ ...world, nodes: set(world.nodes, node, freshNode(base, true)) }]
  // Messages to the dead process stay: the new one joins later epochs only, and drops them unseen.
  let disk = base
  const found: TracedPaxos[] = []
  for (let kept = 0; kept <= writes.length; kept++) {
    if (kept > 0) disk = disk.apply(transactionOf(at(writes, kept - 1).ops))
    if (kept >= durableCount) found.push({ ...world, nodes: set(world.nodes, node, freshNode(disk, true)) })
  }
  return found
}

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

const proposal = (world: TracedPaxos, line: TraceLine): readonly Start[] => {
  const name = String(line.args['value'])
  const old = world.values.get(world.names.modelOf.get(name) ?? '')
  const value = old ?? proposedValue(world.values.size + 1, undefined)
  const names = matchNames(world.names, valueName(value), name)
  if (names === null) return []
  const values = new Map(world.values).set(valueName(value), value)
  return [{ world: { ...world, names, values }, event: { _tag: 'Propose', value, now: NOW_MS } }]
}

const starts = (world: TracedPaxos, line: TraceLine, node: number): readonly Start[] => {
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
      return proposal(world, line)
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
  const nodes = set(world.nodes, node, { ...old, state, view, writes })
  return { ...world, nodes, net: set(world.net, node, queues) }
}

/** The trims of a long run rest on what a value says, which stand-ins do not. */
const isTrim = ({ before, after: next }: TraceLine): boolean =>
  before['firstCommitted'] !== '0' && before['firstCommitted'] !== next['firstCommitted']

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

/**
 * The store of `node` after it has copied what `provider` has up to `last`: committed values, and of its own only the
 * promises. Null when the provider has not so many.
 */
const copied = (own: Node, provider: Node, last: bigint): readonly Op[] | null => {
  if (provider.state.stored.lastCommitted < last) return null
  const next = (own.state.stored.lastCommitted + 1n).toString()
  const ops: Op[] = [erase(PAXOS_PREFIX, next)]
  for (let v = own.state.stored.lastCommitted + 1n; v <= last; v++) {
    const value = provider.view.get(PAXOS_PREFIX, v.toString())
    if (value === undefined) return null
    ops.push(put(PAXOS_PREFIX, v.toString(), value))
  }
  const { firstCommitted } = provider.state.stored
  return [
    ...ops,
    putU64(PAXOS_PREFIX, 'first_committed', last === 0n ? 0n : firstCommitted),
    putU64(PAXOS_PREFIX, 'last_committed', last),
  ]
}

/** A copied store: it has to be one that some other monitor can have given. */
const replaced = (world: TracedPaxos, line: TraceLine, node: number): Answer<TracedPaxos> => {
  const own = at(world.nodes, node)
  const last = BigInt(String(line.after['lastCommitted']))
  const worlds: TracedPaxos[] = []
  let fieldCount = 0
  let reason = 'no other monitor has such a store'
  for (const [other, provider] of world.nodes.entries()) {
    const ops = other === node ? null : copied(own, provider, last)
    if (ops === null) continue
    const view = own.view.apply(transactionOf(ops))
    const state = loadPaxos(view)
    const begun: Unified = { names: world.names, problems: [], fieldCount: 0 }
    const before = unify(begun, 'before', projectPaxos(own.state), line.before)
    const so = unify(before, 'after', projectPaxos(state), line.after)
    fieldCount = so.fieldCount
    if (so.problems.length > 0) reason = so.problems.join('; ')
    else {
      const copy: Node = { ...own, state, view, writes: [...own.writes, { ops, isDurable: true }] }
      worlds.push({ ...world, nodes: set(world.nodes, node, copy), names: so.names })
    }
  }
  return worlds.length === 0 ? { _tag: 'Rejects', reason } : { _tag: 'Fits', worlds, fieldCount }
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

/** Paxos among the monitors whose ranks `rankOf` gives. */
export const paxosAdapter = (rankOf: ReadonlyMap<string, number>): Adapter<TracedPaxos> => ({
  machine: 'paxos',
  initial: initial(rankOf.size),
  textOf,
  accept: (world, line) => {
    const node = known(rankOf.get(line.node), `the rank of mon.${line.node}`)
    if (line.machine === 'election') return election(world, line, node)
    if (!PAXOS_ACTIONS.includes(line.action))
      return { _tag: 'OutOfModel', reason: `no action is called ${line.action}` }
    if (line.action === 'StoreReplaced') return replaced(world, line, node)
    if (isTrim(line)) return { _tag: 'OutOfModel', reason: 'values are trimmed' }
    const found = E.tryCatch(() => starts(world, line, node), String)
    if (E.isLeft(found)) return { _tag: 'Rejects', reason: found.left }
    const answers = found.right.map((start) => replay(start, line, node))
    const fits = answers.flatMap((answer) => (answer._tag === 'Fits' ? answer.worlds : []))
    const [first] = answers
    if (first === undefined) return { _tag: 'Rejects', reason: missing(world, line, node) }
    return fits.length === 0 || first._tag !== 'Fits' ? first : { ...first, worlds: fits }
  },
})
