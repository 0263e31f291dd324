/**
 * Monitors as the walk of a trace of Paxos knows them: what each has in memory, what it has written and how much of it
 * is known to be on disk, and the messages under way.
 *
 * A death leaves the store with all that is known to be durable, because a message that waited for it has arrived or
 * its own line says so, and with any number of the writes after that.
 */
import { known } from '../src/base/assert.ts'
import { version, type Version } from '../src/base/brand.ts'
import type { PaxosMessage } from '../src/paxos/message.ts'
import { loadPaxos, PAXOS_PREFIX, type PaxosState } from '../src/paxos/state.ts'
import { acceptedTransaction, firstCommittedAfter } from '../src/paxos/value.ts'
import { transactionOf, type Op } from '../src/store/transaction.ts'
import { StoreView } from '../src/store/view.ts'
import { NO_NAMES, type Names } from './unify.ts'

/** A write that was ordered, and whether the messages after it wait for it. */
export interface Write {
  readonly ops: readonly Op[]
  readonly isDurable: boolean
}

/** What an election has decided, as its own line says. */
export interface Elected {
  readonly mode: unknown
  readonly epoch: unknown
  readonly leader: unknown
  readonly quorum: unknown
}

export interface Node {
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
export interface Sent {
  readonly message: PaxosMessage
  readonly writeCount: number
}

/** A committed value, and the first version that monitors keep once they have it. */
export interface Chosen {
  readonly value: Buffer
  readonly first: Version
}

export interface TracedPaxos {
  readonly nodes: readonly Node[]
  readonly net: readonly (readonly (readonly Sent[])[])[]
  readonly names: Names
  /** Stand-ins by their own name. */
  readonly values: ReadonlyMap<string, Buffer>
  /** What anybody has committed: item i is version i + 1. Trimmed values stay. */
  readonly log: readonly Chosen[]
}

/** An item that is there. */
export const at = <A>(items: readonly A[], index: number): A => known(items[index], `item ${index}`)

/** A copy with one item changed. */
export const set = <A>(items: readonly A[], index: number, item: A): readonly A[] =>
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

/** Nobody has started. */
export const initial = (size: number): TracedPaxos => ({
  nodes: Array.from({ length: size }, () => freshNode(StoreView.empty, false)),
  net: Array.from({ length: size }, () => Array.from({ length: size }, () => [])),
  names: NO_NAMES,
  values: new Map(),
  log: [],
})

/** The worlds after the process of `node` has died and another has started on its store. */
export const restarts = (world: TracedPaxos, node: number): readonly TracedPaxos[] => {
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

/** The log with what a monitor has committed beyond it. */
export const logWith = (log: readonly Chosen[], { state, view }: Node): readonly Chosen[] => {
  const last = Number(state.stored.lastCommitted)
  if (last <= log.length) return log
  const longer = [...log]
  for (let v = log.length + 1; v <= last; v++) {
    const value = known(view.get(PAXOS_PREFIX, String(v)), `version ${v}, which was just committed`)
    const before = longer.at(-1)?.first ?? version(1n)
    longer.push({ value, first: firstCommittedAfter(acceptedTransaction(value).ops, before) })
  }
  return longer
}
