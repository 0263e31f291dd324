/**
 * A store that is not what Paxos made of it: another monitor's was copied into it, or it was emptied for such a copy.
 *
 * The line of a copy says how far it has come; the one of an emptied store, that all but the promises is gone. Both
 * are on disk before anybody hears of them.
 *
 * Source: ceph src/mon/Monitor.cc sync_start, handle_sync_chunk, sync_finish; src/monitor/sync.
 */
import { dropOps } from '../src/monitor/sync/drop.ts'
import { loadPaxos, PAXOS_PREFIX } from '../src/paxos/state.ts'
import { projectPaxos } from '../src/paxos/trace.ts'
import { put, putU64, transactionOf, type Op } from '../src/store/transaction.ts'
import type { TraceLine } from './trace-format.ts'
import { at, set, type Node, type TracedPaxos } from './traced-paxos.ts'
import { unify, type Names, type Unified } from './unify.ts'
import type { Answer } from './walk.ts'

const compared = (
  names: Names,
  ...pairs: readonly (readonly [path: string, model: Node['state'], trace: unknown])[]
): Unified =>
  pairs.reduce<Unified>((so, [path, model, trace]) => unify(so, path, projectPaxos(model), trace), {
    names,
    problems: [],
    fieldCount: 0,
  })

/** The monitor with another store, of which its process hears at once and its disk before anybody else. */
const withStore = (own: Node, ops: readonly Op[]): Node => {
  const view = own.view.apply(transactionOf(ops))
  return { ...own, state: loadPaxos(view), view, writes: [...own.writes, { ops, isDurable: true }] }
}

const answer = (
  world: TracedPaxos,
  node: number,
  copy: Node,
  { names, problems, fieldCount }: Unified,
): Answer<TracedPaxos> =>
  problems.length > 0
    ? { _tag: 'Rejects', reason: problems.join('; ') }
    : { _tag: 'Fits', worlds: [{ ...world, nodes: set(world.nodes, node, copy), names }], fieldCount }

/** A copied store: some other monitor has to have committed so much. */
export const replaced = (world: TracedPaxos, line: TraceLine, node: number): Answer<TracedPaxos> => {
  const own = at(world.nodes, node)
  const last = Number(line.after['lastCommitted'])
  const hasProvider = world.nodes.some(
    ({ state }, other) => other !== node && state.stored.lastCommitted >= last,
  )
  const newest = world.log[last - 1]
  if (!hasProvider || newest === undefined || last < own.state.stored.lastCommitted)
    return { _tag: 'Rejects', reason: 'no other monitor has such a store' }
  const values = world.log.slice(0, last).map(({ value }, i) => put(PAXOS_PREFIX, String(i + 1), value))
  const copy = withStore(own, [
    ...dropOps(own.state.stored),
    ...values.slice(Number(newest.first) - 1),
    putU64(PAXOS_PREFIX, 'first_committed', newest.first),
    putU64(PAXOS_PREFIX, 'last_committed', BigInt(last)),
  ])
  const so = compared(world.names, ['before', own.state, line.before], ['after', copy.state, line.after])
  return answer(world, node, copy, so)
}

/**
 * An emptied store. What a process finds of a copy that was cut off is nobody's history, and the model has emptied the
 * store when the copy began; then the line says what was found, which nothing is known of.
 */
export const dropped = (world: TracedPaxos, line: TraceLine, node: number): Answer<TracedPaxos> => {
  const own = at(world.nodes, node)
  const copy = withStore(own, dropOps(own.state.stored))
  const isEmpty = own.state.stored.lastCommitted === 0n && own.state.stored.accepted === undefined
  const before = isEmpty ? [] : [['before', own.state, line.before] as const]
  return answer(world, node, copy, compared(world.names, ...before, ['after', copy.state, line.after]))
}
