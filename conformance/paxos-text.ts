/**
 * The same short text for a world of Paxos and for the spec's state it stands for.
 *
 * Shape:  one line a monitor `mode epoch leader quorum store lasts peers uncommitted acceptedBy leaseAckedBy lease /
 *         disk | outbox`, then the queues that hold something, then the counters and what was observed. Equal states
 *         and only those have equal texts.
 */
import { known } from '../src/base/assert.ts'
import { byNumber } from '../src/base/ordered.ts'
import { PAXOS_OP, type PaxosMessage } from '../src/paxos/message.ts'
import { loadPaxos, type PaxosState, type Stored } from '../src/paxos/state.ts'
import { u64Of } from '../src/store/key.ts'
import type { StoreView } from '../src/store/view.ts'
import {
  asBool,
  asFunction,
  asInt,
  asItems,
  asRecord,
  asString,
  type TlaState,
  type TlaValue,
} from '../spec/tla-value.ts'
import { logOf, nameIn, namesIn, trimOf } from './paxos-value.ts'
import { hasLease, type Outgoing, type PaxosWorld } from './paxos-world.ts'

const list = (items: readonly (number | string)[]): string => items.join(',')
const set = (items: readonly number[]): string => `{${list([...items].sort(byNumber))}}`

interface StoreText {
  readonly first: number
  readonly last: number
  readonly lastPn: number
  readonly acceptedPn: number
  /** Those that the view still has. */
  readonly values: readonly number[]
  readonly accepted: { readonly pn: number; readonly value: number }
}

const storeText = (s: StoreText): string =>
  `[${s.first}..${s.last} ${list(s.values)} pn ${s.lastPn} ${s.acceptedPn} accepted ${s.accepted.value}@${s.accepted.pn}]`

interface MonitorText {
  readonly mode: string
  readonly epoch: number
  readonly leader: number
  readonly quorum: readonly number[]
  readonly store: StoreText
  readonly lasts: readonly number[]
  readonly peers: readonly number[]
  readonly uncommitted: { readonly version: number; readonly pn: number; readonly value: number }
  readonly acceptedBy: readonly number[]
  readonly leaseAckedBy: readonly number[]
  readonly lease: boolean
}

const monitorText = (m: MonitorText): string =>
  [
    m.mode,
    m.epoch,
    m.leader,
    set(m.quorum),
    storeText(m.store),
    set(m.lasts),
    `<${list(m.peers)}>`,
    `${m.uncommitted.value}@${m.uncommitted.pn}=${m.uncommitted.version}`,
    set(m.acceptedBy),
    set(m.leaseAckedBy),
    m.lease ? 'lease' : '-',
  ].join(' ')

interface MessageText {
  readonly op: string
  readonly epoch: number
  readonly first: number
  readonly last: number
  readonly pn: number
  readonly uncommittedPn: number
  readonly start: number
  readonly values: readonly number[]
}

const messageText = (m: MessageText): string =>
  `${m.op} ${m.epoch} ${m.first}..${m.last} pn ${m.pn} ${m.uncommittedPn} ${m.start}:${list(m.values)}`

const worldLines = (
  monitors: readonly string[],
  net: readonly (readonly (readonly string[])[])[],
  counters: readonly (number | string)[],
): string =>
  [
    ...monitors,
    ...net.flatMap((queues, from) =>
      queues.flatMap((queue, to) => (queue.length === 0 ? [] : [`${from}>${to}: ${queue.join('; ')}`])),
    ),
    counters.join(' '),
  ].join('\n')

const NOBODY = -1

const ourStore = (stored: Stored, view: StoreView): StoreText => ({
  ...logOf(stored, view),
  lastPn: Number(stored.lastPn),
  acceptedPn: Number(stored.acceptedPn),
  accepted:
    stored.accepted === undefined
      ? { pn: 0, value: 0 }
      : { pn: Number(stored.accepted.pn), value: nameIn(stored.accepted.value) },
})

const ourMonitor = (world: PaxosWorld, state: PaxosState, node: number): MonitorText => {
  const { collecting, term } = state
  const uncommitted = collecting?.uncommitted
  return {
    mode: state.mode,
    epoch: term.epoch,
    leader: term.quorum.length === 0 ? NOBODY : term.leader,
    quorum: term.quorum,
    store: ourStore(state.stored, known(world.view[node], 'a view')),
    lasts: collecting?.lasts ?? [],
    peers: world.mon.map((_, peer) =>
      Number(collecting?.peers.find(({ rank }) => rank === peer)?.lastCommitted ?? NOBODY),
    ),
    uncommitted:
      uncommitted === undefined
        ? { version: 0, pn: 0, value: 0 }
        : {
            version: Number(uncommitted.version),
            pn: Number(uncommitted.pn),
            value: nameIn(uncommitted.value),
          },
    acceptedBy: state.proposing?.acceptedBy ?? [],
    leaseAckedBy: state.leaseAckedBy,
    lease: hasLease(world, node),
  }
}

const ourMessage = (m: PaxosMessage): MessageText => {
  const versions = [...m.values.keys()]
  return {
    op: known(
      Object.entries(PAXOS_OP).find(([, op]) => op === m.op),
      'an operation',
    )[0],
    epoch: m.epoch,
    first: Number(m.firstCommitted),
    last: Number(m.lastCommitted),
    pn: Number(m.pn),
    uncommittedPn: Number(m.uncommittedPn),
    start: Number(versions[0] ?? 0n),
    values: [...m.values.values()].map(nameIn),
  }
}

const ourItem = (item: Outgoing): string => {
  if (item._tag === 'Send') return `>${item.to} ${messageText(ourMessage(item.message))}`
  const keys = new Map(
    item.ops.flatMap((op) => (op.type === 'put' && op.prefix === 'paxos' ? [[op.key, op.value]] : [])),
  )
  const pendingPn = keys.get('pending_pn')
  if (pendingPn !== undefined) {
    const value = known(keys.get(u64Of(keys.get('pending_v')).toString()), 'the accepted value')
    return `accept ${u64Of(pendingPn)} ${nameIn(value)} ${item.then?.epoch ?? 0}`
  }
  if (keys.has('last_committed')) return `learn ${list(namesIn(item.ops))}`
  return `promise ${u64Of(keys.get('accepted_pn'))} ${keys.has('last_pn') ? 'own' : 'given'}`
}

/** The text of a world. */
export const paxosWorldText = (world: PaxosWorld): string =>
  worldLines(
    world.mon.map((state, node) => {
      const disk = known(world.disk[node], 'a disk')
      const box = known(world.outbox[node], 'an outbox').map(ourItem)
      const own = monitorText(ourMonitor(world, state, node))
      return `${own} / ${storeText(ourStore(loadPaxos(disk).stored, disk))} | ${box.join('; ')}`
    }),
    world.net.map((queues) => queues.map((queue) => queue.map((m) => messageText(ourMessage(m))))),
    [
      world.elections,
      world.proposals,
      world.crashes,
      world.losses,
      world.renewals,
      list(world.chosen),
      world.acked,
      world.exposed,
    ],
  )

const ints = (value: TlaValue | undefined): readonly number[] => asItems(value).map(asInt)

/** The images of a function on ranks, in the order of ranks. */
const byRank = (value: TlaValue | undefined): readonly TlaValue[] =>
  [...asFunction(value)].sort(([a], [b]) => Number(a) - Number(b)).map(([, image]) => image)

const specStore = (value: TlaValue | undefined, mode: string): StoreText => {
  const record = asRecord(value)
  const log = ints(record.get('log'))
  const first = asInt(record.get('first'))
  const accepted = asRecord(record.get('accepted'))
  const trimmed = mode.startsWith('leader.writing') ? trimOf(asInt(accepted.get('value'))) : 0
  return {
    first,
    last: log.length,
    values: first === 0 ? log : log.slice(Math.max(first, trimmed) - 1),
    lastPn: asInt(record.get('lastPn')),
    acceptedPn: asInt(record.get('acceptedPn')),
    accepted: { pn: asInt(accepted.get('pn')), value: asInt(accepted.get('value')) },
  }
}

const specMonitor = (value: TlaValue): MonitorText => {
  const record = asRecord(value)
  const uncommitted = asRecord(record.get('uncommitted'))
  return {
    mode: asString(record.get('mode')),
    epoch: asInt(record.get('epoch')),
    leader: asInt(record.get('leader')),
    quorum: ints(record.get('quorum')),
    store: specStore(record.get('store'), asString(record.get('mode'))),
    lasts: ints(record.get('lasts')),
    peers: byRank(record.get('peers')).map(asInt),
    uncommitted: {
      version: asInt(uncommitted.get('version')),
      pn: asInt(uncommitted.get('pn')),
      value: asInt(uncommitted.get('value')),
    },
    acceptedBy: ints(record.get('acceptedBy')),
    leaseAckedBy: ints(record.get('leaseAckedBy')),
    lease: asBool(record.get('lease')),
  }
}

const specMessage = (record: ReadonlyMap<string, TlaValue>): MessageText => ({
  op: asString(record.get('op')),
  epoch: asInt(record.get('epoch')),
  first: asInt(record.get('first')),
  last: asInt(record.get('last')),
  pn: asInt(record.get('pn')),
  uncommittedPn: asInt(record.get('uncommittedPn')),
  start: asInt(record.get('start')),
  values: ints(record.get('values')),
})

const specItem = (value: TlaValue): string => {
  const record = asRecord(value)
  switch (asString(record.get('kind'))) {
    case 'promise':
      return `promise ${asInt(record.get('pn'))} ${asBool(record.get('own')) ? 'own' : 'given'}`
    case 'accept':
      return `accept ${asInt(record.get('pn'))} ${asInt(record.get('value'))} ${asInt(record.get('epoch'))}`
    case 'learn':
      return `learn ${list(ints(record.get('values')))}`
    default:
      return `>${asInt(record.get('to'))} ${messageText(specMessage(record))}`
  }
}

/** The text of a state that the model checker dumped. */
export const paxosSpecText = (state: TlaState): string => {
  const disks = byRank(state.get('disk'))
  const boxes = byRank(state.get('outbox'))
  return worldLines(
    byRank(state.get('mon')).map((mon, node) => {
      const box = asItems(boxes[node]).map(specItem)
      return `${monitorText(specMonitor(mon))} / ${storeText(specStore(disks[node], 'disk'))} | ${box.join('; ')}`
    }),
    byRank(state.get('net')).map((queues) =>
      byRank(queues).map((queue) => asItems(queue).map((m) => messageText(specMessage(asRecord(m))))),
    ),
    [
      ...['elections', 'proposals', 'crashes', 'losses', 'renewals'].map((name) => asInt(state.get(name))),
      list(ints(state.get('chosen'))),
      asInt(state.get('acked')),
      asInt(state.get('exposed')),
    ],
  )
}
