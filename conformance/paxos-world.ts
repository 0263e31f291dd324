/**
 * A cluster of the production Paxos handlers as one value: monitors, stores, writes and messages under way.
 *
 * The world is spec/MonPaxos.tla written with `stepPaxos` in the place of its handlers. Its moves carry the names of
 * the spec's actions, its bounds are the spec's constants, and its canonical text (paxos-text.ts) is that of the
 * spec's state, so the graph it spans can be compared with the one the model checker finds.
 */
import { invariant, known } from '../src/base/assert.ts'
import { epoch, rank, version } from '../src/base/brand.ts'
import type { PaxosEffect, PaxosStep, StoreEffect } from '../src/paxos/effect.ts'
import { messageEvent, timerEvent, type PaxosEvent, type PaxosTimer, type Term } from '../src/paxos/event.ts'
import { expects } from '../src/paxos/machine.ts'
import { PAXOS_OP, type PaxosMessage } from '../src/paxos/message.ts'
import { isReadable } from '../src/paxos/readable.ts'
import { loadPaxos, PAXOS_OPTIONS, paxosLog, type PaxosState } from '../src/paxos/state.ts'
import type { stepPaxos } from '../src/paxos/step.ts'
import { armedTimers } from '../src/paxos/timer.ts'
import { transactionOf } from '../src/store/transaction.ts'
import { StoreView } from '../src/store/view.ts'
import { logOf, proposedValue } from './paxos-value.ts'

/** A message that waits behind a write, or the write. */
export type Outgoing = StoreEffect | Extract<PaxosEffect, { _tag: 'Send' }>

export interface PaxosWorld {
  readonly mon: readonly PaxosState[]
  /** Each monitor's store with every write that it ordered. */
  readonly view: readonly StoreView[]
  /** Each monitor's store as a crash leaves it. */
  readonly disk: readonly StoreView[]
  readonly outbox: readonly (readonly Outgoing[])[]
  /** net[from][to], oldest first. */
  readonly net: readonly (readonly (readonly PaxosMessage[])[])[]
  readonly elections: number
  readonly proposals: number
  readonly crashes: number
  readonly losses: number
  readonly renewals: number
  /** What an observer has seen: names of the committed values, by version. */
  readonly chosen: readonly number[]
  readonly acked: number
  readonly exposed: number
}

export interface Election {
  readonly leader: number
  readonly quorum: readonly number[]
}

/** The constants of the spec. */
export interface PaxosBounds {
  readonly size: number
  /** What each election may decide, in turn. */
  readonly elections: readonly (readonly Election[])[]
  readonly maxProposals: number
  readonly maxCrashes: number
  readonly maxLosses: number
  readonly maxRenewals: number
  readonly trims: boolean
  readonly timeouts: boolean
}

/** An action of the spec with the monitor that takes it, and the world it leads to. */
export type PaxosMove = readonly [{ readonly action: string; readonly node: number }, PaxosWorld]

/** The handlers under test; a mutant stands in for them to see that it is caught. */
export type StepPaxos = typeof stepPaxos

/** The one moment at which everything happens: leases are given or not, and never run out. */
const NOW_MS = 1

export const initialPaxosWorld = (size: number): PaxosWorld => ({
  mon: Array.from({ length: size }, () => loadPaxos(StoreView.empty)),
  view: Array.from({ length: size }, () => StoreView.empty),
  disk: Array.from({ length: size }, () => StoreView.empty),
  outbox: Array.from({ length: size }, () => []),
  net: Array.from({ length: size }, () => Array.from({ length: size }, () => [])),
  elections: 0,
  proposals: 0,
  crashes: 0,
  losses: 0,
  renewals: 0,
  chosen: [],
  acked: 0,
  exposed: 0,
})

const set = <A>(items: readonly A[], at: number, item: A): readonly A[] =>
  items.map((old, index) => (index === at ? item : old))

export const newestEpoch = (world: PaxosWorld): number => 2 * world.elections

/** Whether a monitor has a lease; those of an epoch that is over do not count, as the spec assumes. */
export const hasLease = (world: PaxosWorld, node: number): boolean => {
  const { leaseExpireMs, term } = known(world.mon[node], 'a monitor')
  return leaseExpireMs > NOW_MS && term.epoch === newestEpoch(world)
}

const isDurable = (item: Outgoing): boolean => item._tag === 'Store' && item.durable

/** Messages up to the first durable write leave; non-durable writes hold nothing back. */
const hand = (world: PaxosWorld, node: number, box: readonly Outgoing[]): PaxosWorld => {
  const gate = box.findIndex(isDurable)
  const free = gate < 0 ? box : box.slice(0, gate)
  let queues = known(world.net[node], 'the queues of a monitor')
  for (const item of free)
    if (item._tag === 'Send')
      queues = set(queues, item.to, [...known(queues[item.to], 'a queue'), item.message])
  const kept = [...free.filter(({ _tag }) => _tag === 'Store'), ...(gate < 0 ? [] : box.slice(gate))]
  return { ...world, outbox: set(world.outbox, node, kept), net: set(world.net, node, queues) }
}

// Runs an event, and the restart that it may call for. The store sees each write at once.
const run = (world: PaxosWorld, node: number, event: PaxosEvent, step: StepPaxos): PaxosWorld => {
  const before = known(world.mon[node], 'a monitor')
  const log = paxosLog(known(world.view[node], 'a view'))
  const [after, effects]: PaxosStep = step(before, event, { log, options: PAXOS_OPTIONS })
  const asked = effects.filter((effect) => effect._tag === 'Store' || effect._tag === 'Send')
  const view = asked.reduce(
    (seen, effect) => (effect._tag === 'Store' ? seen.apply(transactionOf(effect.ops)) : seen),
    known(world.view[node], 'a view'),
  )
  const acked = effects.reduce(
    (most, effect) => (effect._tag === 'ProposalCommitted' ? Math.max(most, Number(effect.version)) : most),
    world.acked,
  )
  const next: PaxosWorld = {
    ...hand({ ...world, mon: set(world.mon, node, after) }, node, [
      ...known(world.outbox[node], 'an outbox'),
      ...asked,
    ]),
    view: set(world.view, node, view),
    acked,
  }
  return effects.some(({ _tag }) => _tag === 'CallBootstrap')
    ? run(next, node, { _tag: 'Restart', now: NOW_MS }, step)
    : next
}

// Takes out the messages that their receivers ignore for ever, and notes what an observer sees.
const observed = (world: PaxosWorld): PaxosWorld => {
  const net = world.net.map((queues) =>
    queues.map((queue, to) => queue.filter(({ epoch: e }) => e === world.mon[to]?.term.epoch)),
  )
  const logs = world.mon.map((state, node) => logOf(state.stored, known(world.view[node], 'a view')))
  const longest = logs.find(({ last }) => last > world.chosen.length)
  const chosen =
    longest === undefined
      ? world.chosen
      : [...world.chosen.slice(0, longest.last - longest.values.length), ...longest.values]
  const reads = world.mon.map((state, node) =>
    isReadable({ ...state, leaseExpireMs: hasLease(world, node) ? NOW_MS + 1 : 0 }, NOW_MS)
      ? Number(state.stored.lastCommitted)
      : 0,
  )
  return { ...world, net, chosen, exposed: Math.max(world.exposed, world.acked, ...reads) }
}

const ACTION_OF: Readonly<Record<number, string>> = {
  [PAXOS_OP.COLLECT]: 'HandleCollect',
  [PAXOS_OP.LAST]: 'HandleLast',
  [PAXOS_OP.BEGIN]: 'HandleBegin',
  [PAXOS_OP.ACCEPT]: 'HandleAccept',
  [PAXOS_OP.COMMIT]: 'HandleCommit',
  [PAXOS_OP.LEASE]: 'HandleLease',
  [PAXOS_OP.LEASE_ACK]: 'HandleLeaseAck',
}

const deliveries = (world: PaxosWorld, step: StepPaxos): readonly PaxosMove[] =>
  world.net.flatMap((queues, from) =>
    queues.flatMap((queue, to): readonly PaxosMove[] => {
      const [message] = queue
      if (message === undefined) return []
      const state = known(world.mon[to], 'a monitor')
      const event = messageEvent(rank(from), message, Buffer.alloc(0), NOW_MS)
      const heard = expects(state.mode, event._tag) && message.epoch === state.term.epoch
      const taken = { ...world, net: set(world.net, from, set(queues, to, queue.slice(1))) }
      const next = run(taken, to, event, step)
      const action = heard ? known(ACTION_OF[message.op], 'an action') : 'Ignore'
      return [[{ action, node: to }, next]]
    }),
  )

const losses = (world: PaxosWorld, bounds: PaxosBounds): readonly PaxosMove[] =>
  world.losses >= bounds.maxLosses
    ? []
    : world.net.flatMap((queues, from) =>
        queues.flatMap((queue, to): readonly PaxosMove[] => {
          if (queue.length === 0) return []
          const net = set(world.net, from, set(queues, to, queue.slice(1)))
          return [
            [
              { action: 'Lose', node: to },
              { ...world, net, losses: world.losses + 1 },
            ],
          ]
        }),
      )

const isOwn = (state: PaxosState, write: StoreEffect): boolean =>
  write.then?._tag === 'BeginWritten' &&
  write.then.epoch === state.term.epoch &&
  expects(state.mode, 'BeginWritten')

const syncs = (world: PaxosWorld, node: number, step: StepPaxos): readonly PaxosMove[] => {
  const box = known(world.outbox[node], 'an outbox')
  const end = box.findIndex(isDurable)
  const write = box[end]
  if (write?._tag !== 'Store') return []
  const disk = box
    .slice(0, end + 1)
    .reduce(
      (seen, item) => (item._tag === 'Store' ? seen.apply(transactionOf(item.ops)) : seen),
      known(world.disk[node], 'a disk'),
    )
  const written: PaxosWorld = { ...world, disk: set(world.disk, node, disk) }
  const released = hand({ ...written, outbox: set(written.outbox, node, []) }, node, box.slice(end + 1))
  const action = isOwn(known(world.mon[node], 'a monitor'), write) ? 'BeginWritten' : 'Sync'
  const next = write.then === undefined ? released : run(released, node, { ...write.then, now: NOW_MS }, step)
  return [[{ action, node }, next]]
}

const crashes = (world: PaxosWorld, node: number, bounds: PaxosBounds): readonly PaxosMove[] => {
  const box = known(world.outbox[node], 'an outbox')
  const idle = world.mon[node]?.mode === 'electing' && box.length === 0
  if (world.crashes >= bounds.maxCrashes || idle) return []
  const writes = box.filter((item) => item._tag === 'Store')
  return Array.from({ length: writes.length + 1 }, (_, kept): PaxosMove => {
    const disk = writes
      .slice(0, kept)
      .reduce((seen, { ops }) => seen.apply(transactionOf(ops)), known(world.disk[node], 'a disk'))
    return [
      { action: 'Crash', node },
      {
        ...world,
        mon: set(world.mon, node, loadPaxos(disk)),
        view: set(world.view, node, disk),
        disk: set(world.disk, node, disk),
        outbox: set(world.outbox, node, []),
        net: world.net.map((queues) => set(queues, node, [])),
        crashes: world.crashes + 1,
      },
    ]
  })
}

const elections = (world: PaxosWorld, bounds: PaxosBounds, step: StepPaxos): readonly PaxosMove[] =>
  (bounds.elections[world.elections] ?? []).map(({ leader, quorum }): PaxosMove => {
    const term = (member: number): Term => ({
      epoch: epoch(newestEpoch(world) + 2),
      rank: rank(member),
      leader: rank(leader),
      quorum: quorum.map(rank),
      monCount: bounds.size,
    })
    const next = quorum.reduce((seen, member): PaxosWorld => {
      const left = run(seen, member, { _tag: 'Restart', now: NOW_MS }, step)
      const _tag = member === leader ? 'LeaderInit' : 'PeonInit'
      return run(left, member, { _tag, term: term(member), now: NOW_MS }, step)
    }, world)
    return [
      { action: 'Elect', node: leader },
      { ...next, elections: world.elections + 1 },
    ]
  })

const proposals = (
  world: PaxosWorld,
  node: number,
  bounds: PaxosBounds,
  step: StepPaxos,
): readonly PaxosMove[] => {
  const state = known(world.mon[node], 'a monitor')
  if (state.mode !== 'leader.active' || world.proposals >= bounds.maxProposals) return []
  const { firstCommitted, lastCommitted } = state.stored
  const kinds = bounds.trims && lastCommitted > firstCommitted ? [false, true] : [false]
  return kinds.map((trims): PaxosMove => {
    const value = proposedValue(
      world.proposals + 1,
      trims ? { firstCommitted, end: lastCommitted } : undefined,
    )
    const next = run(world, node, { _tag: 'Propose', value, now: NOW_MS }, step)
    return [
      { action: 'Propose', node },
      { ...next, proposals: world.proposals + 1 },
    ]
  })
}

const completions = (world: PaxosWorld, node: number, step: StepPaxos): readonly PaxosMove[] => {
  const { mode, stored, term } = known(world.mon[node], 'a monitor')
  const next = version(stored.lastCommitted + 1n)
  const moves: PaxosMove[] = []
  if (expects(mode, 'CommitWritten')) {
    const event: PaxosEvent = { _tag: 'CommitWritten', epoch: term.epoch, version: next, now: NOW_MS }
    moves.push([{ action: 'CommitWritten', node }, run(world, node, event, step)])
  }
  if (expects(mode, 'RefreshDone')) {
    const event: PaxosEvent = {
      _tag: 'RefreshDone',
      epoch: term.epoch,
      version: stored.lastCommitted,
      now: NOW_MS,
    }
    moves.push([{ action: 'RefreshDone', node }, run(world, node, event, step)])
  }
  return moves
}

const timers = (
  world: PaxosWorld,
  node: number,
  bounds: PaxosBounds,
  step: StepPaxos,
): readonly PaxosMove[] => {
  const isAllowed = (timer: PaxosTimer): boolean =>
    timer === 'leaseRenew' ? world.renewals < bounds.maxRenewals : bounds.timeouts
  return armedTimers(known(world.mon[node], 'a monitor'))
    .filter(isAllowed)
    .map((timer): PaxosMove => {
      const event = timerEvent(timer, NOW_MS)
      const next = run(world, node, event, step)
      const renewals = world.renewals + (timer === 'leaseRenew' ? 1 : 0)
      return [
        { action: event._tag, node },
        { ...next, renewals },
      ]
    })
}

/** Every move of the spec that is enabled in `world`, with the world it leads to. */
export const paxosSuccessors = (
  world: PaxosWorld,
  bounds: PaxosBounds,
  step: StepPaxos,
): readonly PaxosMove[] => {
  invariant(world.mon.length === bounds.size, 'the world has another size than its bounds')
  const moves = [
    ...elections(world, bounds, step),
    ...deliveries(world, step),
    ...losses(world, bounds),
    ...world.mon.flatMap((_, node) => [
      ...proposals(world, node, bounds, step),
      ...syncs(world, node, step),
      ...completions(world, node, step),
      ...timers(world, node, bounds, step),
      ...crashes(world, node, bounds),
    ]),
  ]
  return moves.map(([move, next]): PaxosMove => [move, observed(next)])
}
