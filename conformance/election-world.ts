/**
 * A cluster of the production handlers: the monitors, their stores and the messages between them, as one value.
 *
 * The world is spec/MonElection.tla written with `electionStep` in the place of its handlers. Its moves carry the
 * names of the spec's actions, its bounds are the spec's constants, and its canonical text is that of the spec's
 * state. So the graph it spans can be compared with the one the model checker finds, and a trace can be walked
 * through either.
 */
import { epoch, rank, type Epoch, type Rank } from '../src/base/brand.ts'
import type { ElectionEffect } from '../src/election/effect.ts'
import type { ElectionEvent } from '../src/election/event.ts'
import type { ElectionState, PeerInfo } from '../src/election/state.ts'
import { downElection, electionStep } from '../src/election/step.ts'
import { invariant, known, unreachable } from '../src/base/assert.ts'

/** What the spec knows of a message. */
export interface ElectionMessage {
  readonly kind: 'propose' | 'ack' | 'victory'
  readonly epoch: number
  /** Empty but in a victory. */
  readonly quorum: readonly number[]
}

/** A message that waits behind a write, or the write. */
export type Outgoing =
  { readonly kind: 'write'; readonly epoch: number } | (ElectionMessage & { readonly to: number })

export interface ElectionWorld {
  readonly mon: readonly ElectionState[]
  /** The epoch in each store. */
  readonly disk: readonly number[]
  readonly outbox: readonly (readonly Outgoing[])[]
  /** net[from][to], oldest first. */
  readonly net: readonly (readonly (readonly ElectionMessage[])[])[]
  readonly troubles: number
}

/** The constants of the spec; `Infinity` where a world need not be finite. */
export interface WorldBounds {
  readonly size: number
  readonly maxEpoch: number
  readonly maxQueue: number
  readonly maxWrites: number
  readonly maxTroubles: number
}

/** An action of the spec with its parameters. */
export type ElectionMove =
  | { readonly action: 'Restart' | 'EpochPersisted' | 'Bootstrap' | 'StartElection'; readonly node: number }
  | { readonly action: 'StandaloneVictory'; readonly node: number }
  | { readonly action: 'Shutdown'; readonly node: number; readonly done: number }
  | { readonly action: 'ElectionTimeout'; readonly node: number; readonly hasEverJoined: boolean }
  | { readonly action: ReceiveAction; readonly node: number; readonly from: number }
  | { readonly action: 'LoseConnection'; readonly node: number; readonly from: number }

export type ReceiveAction = 'ReceivePropose' | 'ReceiveAck' | 'ReceiveVictory'
export type ElectionAction = ElectionMove['action']

/** The handlers under test; a mutant stands in for them to see that it is caught. */
export type ElectionStep = typeof electionStep

const INFO: PeerInfo = { connectionFeatures: 1n, monFeatures: 1n, release: 16, metadata: new Map() }

const RECEIVE: Readonly<Record<ElectionMessage['kind'], ReceiveAction>> = {
  propose: 'ReceivePropose',
  ack: 'ReceiveAck',
  victory: 'ReceiveVictory',
}

/** A cluster in which nothing has started yet. */
export const initialWorld = (size: number): ElectionWorld => ({
  mon: Array.from({ length: size }, () => downElection),
  disk: Array.from({ length: size }, () => 0),
  outbox: Array.from({ length: size }, () => []),
  net: Array.from({ length: size }, () => Array.from({ length: size }, () => [])),
  troubles: 0,
})

const set = <A>(items: readonly A[], at: number, item: A): readonly A[] =>
  items.map((old, index) => (index === at ? item : old))

/** What the spec knows of an effect. */
export const outgoing = (effect: ElectionEffect): readonly Outgoing[] => {
  switch (effect._tag) {
    case 'PersistEpoch':
      return [{ kind: 'write', epoch: effect.epoch }]
    case 'SendPropose':
      return [{ kind: 'propose', to: effect.to, epoch: effect.epoch, quorum: [] }]
    case 'SendAck':
      return [{ kind: 'ack', to: effect.to, epoch: effect.epoch, quorum: [] }]
    case 'SendVictory':
      return [{ kind: 'victory', to: effect.to, epoch: effect.epoch, quorum: effect.quorum }]
    case 'StartElectionTimer':
    case 'StopElectionTimer':
    case 'JoinElection':
    case 'WinElection':
    case 'LoseElection':
    case 'CallBootstrap':
      return []
  }
}

/** The messages of `box` that no write is before, and the rest. */
const split = (box: readonly Outgoing[]): readonly [readonly Outgoing[], readonly Outgoing[]] => {
  const at = box.findIndex(({ kind }) => kind === 'write')
  return at < 0 ? [box, []] : [box.slice(0, at), box.slice(at)]
}

/** `node` hands over `box`: what waits for no write joins the network. */
const hand = (world: ElectionWorld, node: number, box: readonly Outgoing[]): ElectionWorld => {
  const [ready, waiting] = split(box)
  let queues = known(world.net[node], 'the queues of a monitor')
  for (const item of ready) {
    invariant(item.kind !== 'write', 'a write is ready to be sent')
    const { to, ...message } = item
    queues = set(queues, to, [...known(queues[to], 'a queue'), message])
  }
  return { ...world, outbox: set(world.outbox, node, waiting), net: set(world.net, node, queues) }
}

/** The event that a move is for the monitor that makes it. */
export const eventOf = (world: ElectionWorld, move: ElectionMove): ElectionEvent => {
  const size = world.mon.length
  switch (move.action) {
    case 'Restart':
      return {
        _tag: 'Restart',
        persistedEpoch: epoch(world.disk[move.node] ?? 0),
        rank: rank(move.node),
        size,
        self: INFO,
      }
    case 'Bootstrap':
      return { _tag: 'Bootstrap', rank: rank(move.node), size }
    case 'StartElection':
    case 'StandaloneVictory':
    case 'Shutdown':
      return { _tag: move.action }
    case 'ElectionTimeout':
      return { _tag: 'ElectionTimeout', hasEverJoined: move.hasEverJoined }
    case 'EpochPersisted':
      return { _tag: 'EpochPersisted', epoch: epoch(world.outbox[move.node]?.[0]?.epoch ?? 0) }
    case 'ReceivePropose':
    case 'ReceiveAck':
    case 'ReceiveVictory': {
      const head = known(world.net[move.from]?.[move.node]?.[0], 'a message to receive')
      return messageEvent(move.from, head)
    }
    case 'LoseConnection':
      return unreachable(move.action as never)
  }
}

/** The event of receiving `message`, with features that do not matter here. */
export const messageEvent = (from: number, message: ElectionMessage): ElectionEvent => {
  const head: { readonly from: Rank; readonly epoch: Epoch } = {
    from: rank(from),
    epoch: epoch(message.epoch),
  }
  switch (message.kind) {
    case 'propose':
      return { _tag: 'ReceivePropose', ...head }
    case 'ack':
      return { _tag: 'ReceiveAck', ...head, ...INFO }
    case 'victory':
      return {
        _tag: 'ReceiveVictory',
        ...head,
        quorum: message.quorum.map(rank),
        quorumFeatures: INFO.connectionFeatures,
        monFeatures: INFO.monFeatures,
        release: INFO.release,
        commandBytes: Buffer.alloc(0),
      }
  }
}

const RECEIVING: ReadonlySet<string> = new Set(Object.values(RECEIVE))
const TROUBLES: ReadonlySet<string> = new Set(['Shutdown', 'Bootstrap', 'ElectionTimeout'])

const isDown = (world: ElectionWorld, node: number): boolean => world.mon[node]?.mode === 'down'

/** Whether the move is one of those that MaxTroubles bounds. */
const isTrouble = (world: ElectionWorld, move: ElectionMove): boolean =>
  move.action === 'LoseConnection'
    ? !isDown(world, move.node) && !isDown(world, move.from)
    : TROUBLES.has(move.action)

/** The world after the message at the head of a queue is taken off it. */
const received = (world: ElectionWorld, from: number, to: number): ElectionWorld => {
  const queues = known(world.net[from], 'the queues of a monitor')
  return {
    ...world,
    net: set(world.net, from, set(queues, to, known(queues[to], 'a queue').slice(1))),
  }
}

const diskAfter = (world: ElectionWorld, move: ElectionMove): readonly number[] => {
  const box = known(world.outbox[move.node], 'an outbox')
  if (move.action === 'EpochPersisted') return set(world.disk, move.node, known(box[0], 'a write').epoch)
  if (move.action !== 'Shutdown' || move.done === 0) return world.disk
  const writes = box.filter(({ kind }) => kind === 'write')
  return set(world.disk, move.node, known(writes[move.done - 1], 'a finished write').epoch)
}

/** The world after `move`, which must be one that is possible (see `movesOf`). */
export const applyMove = (
  world: ElectionWorld,
  move: ElectionMove,
  step: ElectionStep = electionStep,
): ElectionWorld => {
  const troubles = world.troubles + (isTrouble(world, move) ? 1 : 0)
  if (move.action === 'LoseConnection') {
    const queues = known(world.net[move.from], 'the queues of a monitor')
    return { ...world, troubles, net: set(world.net, move.from, set(queues, move.node, [])) }
  }
  const state = known(world.mon[move.node], 'a monitor')
  const [next, effects] = step(state, eventOf(world, move))
  const before = RECEIVING.has(move.action) && 'from' in move ? received(world, move.from, move.node) : world
  const changed: ElectionWorld = {
    ...before,
    mon: set(world.mon, move.node, next),
    disk: diskAfter(world, move),
    troubles,
  }
  if (move.action === 'Shutdown') return { ...changed, outbox: set(world.outbox, move.node, []) }
  const box = known(world.outbox[move.node], 'an outbox')
  const rest = move.action === 'EpochPersisted' ? box.slice(1) : box
  return hand(changed, move.node, [...rest, ...effects.flatMap(outgoing)])
}

/** Whether the spec's bounds allow this world as the result of a move of `node`. */
export const within = (world: ElectionWorld, node: number, bounds: WorldBounds): boolean =>
  Number(known(world.mon[node], 'a monitor').epoch) <= bounds.maxEpoch &&
  known(world.outbox[node], 'an outbox').filter(({ kind }) => kind === 'write').length <= bounds.maxWrites &&
  known(world.net[node], 'queues').every((queue) => queue.length <= bounds.maxQueue) &&
  world.troubles <= bounds.maxTroubles

const ownMoves = (world: ElectionWorld, node: number, size: number): readonly ElectionMove[] => {
  const { mode } = known(world.mon[node], 'a monitor')
  const writes = known(world.outbox[node], 'an outbox').filter(({ kind }) => kind === 'write').length
  if (mode === 'down') return [{ action: 'Restart', node }]
  const moves: ElectionMove[] = []
  for (let done = 0; done <= writes; done++) moves.push({ action: 'Shutdown', node, done })
  if (writes > 0) moves.push({ action: 'EpochPersisted', node })
  if (mode === 'probing') moves.push({ action: size === 1 ? 'StandaloneVictory' : 'StartElection', node })
  else moves.push({ action: 'Bootstrap', node })
  if (mode === 'candidate' || mode === 'deferring')
    moves.push(
      { action: 'ElectionTimeout', node, hasEverJoined: true },
      { action: 'ElectionTimeout', node, hasEverJoined: false },
    )
  return moves
}

const queueMoves = (world: ElectionWorld, from: number, node: number): readonly ElectionMove[] => {
  const head = world.net[from]?.[node]?.[0]
  if (head === undefined) return []
  return [
    ...(isDown(world, node) ? [] : [{ action: RECEIVE[head.kind], node, from }]),
    { action: 'LoseConnection', node, from },
  ]
}

/** Every move that can be made, bounds aside. */
export const movesOf = (world: ElectionWorld): readonly ElectionMove[] => {
  const size = world.mon.length
  const ranks = Array.from({ length: size }, (_, at) => at)
  return [
    ...ranks.flatMap((node) => ownMoves(world, node, size)),
    ...ranks.flatMap((from) => ranks.flatMap((node) => queueMoves(world, from, node))),
  ]
}

/** The moves that the bounds allow, with the worlds they lead to. */
export const successors = (
  world: ElectionWorld,
  bounds: WorldBounds,
  step: ElectionStep = electionStep,
): readonly (readonly [ElectionMove, ElectionWorld])[] =>
  movesOf(world).flatMap((move) => {
    const next = applyMove(world, move, step)
    return within(next, move.node, bounds) ? [[move, next] as const] : []
  })
