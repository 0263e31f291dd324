/**
 * The same short text for a state of the world and for the spec's state it stands for.
 *
 * Shape:  one line a monitor `mode epoch/stored/disk acked voters leader quorum | outbox`, then the queues that hold
 *         something, then the troubles. Equal states and only those have equal texts.
 */
import { invariant } from '../src/base/assert.ts'
import { byNumber } from '../src/base/ordered.ts'
import {
  asFunction,
  asInt,
  asItems,
  asRecord,
  asString,
  type TlaState,
  type TlaValue,
} from '../spec/tla-value.ts'
import type { ElectionMessage, ElectionWorld, Outgoing } from './election-world.ts'

/** What the spec says of one monitor. */
export interface MonitorText {
  readonly mode: string
  readonly epoch: number
  readonly stored: number
  readonly leaderAcked: number | null
  readonly ackedMe: readonly number[]
  readonly leader: number | null
  readonly quorum: readonly number[]
}

const or = (rank: number | null): string => (rank === null ? '-' : String(rank))
const ranks = (of: readonly number[]): string => `{${[...of].sort(byNumber).join(',')}}`

const itemText = (item: Outgoing | ElectionMessage): string =>
  [
    item.kind,
    ...('to' in item ? [`>${item.to}`] : []),
    item.epoch,
    ...('quorum' in item && item.quorum.length > 0 ? [ranks(item.quorum)] : []),
  ].join(' ')

const monitorText = (mon: MonitorText, disk: number, outbox: readonly Outgoing[]): string =>
  `${mon.mode} ${mon.epoch}/${mon.stored}/${disk} ${or(mon.leaderAcked)} ${ranks(mon.ackedMe)} ${or(mon.leader)} ${ranks(
    mon.quorum,
  )}${outbox.length === 0 ? '' : ` | ${outbox.map(itemText).join(', ')}`}`

const queueTexts = (net: readonly (readonly (readonly ElectionMessage[])[])[]): readonly string[] =>
  net.flatMap((queues, from) =>
    queues.flatMap((queue, to) =>
      queue.length === 0 ? [] : [`${from}>${to}: ${queue.map(itemText).join(', ')}`],
    ),
  )

const text = (
  mon: readonly MonitorText[],
  disk: readonly number[],
  outbox: readonly (readonly Outgoing[])[],
  net: readonly (readonly (readonly ElectionMessage[])[])[],
  troubles: number,
): string =>
  [
    ...mon.map((one, at) => monitorText(one, disk[at] ?? 0, outbox[at] ?? [])),
    ...queueTexts(net),
    `troubles ${troubles}`,
  ].join('\n')

/** The text of a world. Errors: asserts that a running monitor knows exactly what its store holds. */
export const worldText = (world: ElectionWorld): string => {
  for (const [at, { mode, persistedEpoch }] of world.mon.entries())
    invariant(
      mode === 'down' || persistedEpoch === world.disk[at],
      `mon ${at} believes epoch ${persistedEpoch} to be stored, ${world.disk[at] ?? 0} is`,
    )
  const mon = world.mon.map(
    ({ mode, epoch, storedEpoch, leaderAcked, ackedMe, leader, quorum }): MonitorText => ({
      mode,
      epoch,
      stored: storedEpoch,
      leaderAcked,
      ackedMe: [...ackedMe.keys()],
      leader,
      quorum,
    }),
  )
  return text(mon, world.disk, world.outbox, world.net, world.troubles)
}

const NONE = -1
const optionalRank = (value: TlaValue | undefined): number | null => {
  const found = asInt(value)
  return found === NONE ? null : found
}

const monitorOf = (value: TlaValue): MonitorText => {
  const record = asRecord(value)
  return {
    mode: asString(record.get('mode')),
    epoch: asInt(record.get('epoch')),
    stored: asInt(record.get('stored')),
    leaderAcked: optionalRank(record.get('leaderAcked')),
    ackedMe: asItems(record.get('ackedMe')).map(asInt),
    leader: optionalRank(record.get('leader')),
    quorum: asItems(record.get('quorum')).map(asInt),
  }
}

const messageOf = (record: ReadonlyMap<string, TlaValue>): ElectionMessage => {
  const kind = asString(record.get('kind'))
  invariant(kind === 'propose' || kind === 'ack' || kind === 'victory', `no message is called ${kind}`)
  return { kind, epoch: asInt(record.get('epoch')), quorum: asItems(record.get('quorum')).map(asInt) }
}

const outgoingOf = (value: TlaValue): Outgoing => {
  const record = asRecord(value)
  return asString(record.get('kind')) === 'write'
    ? { kind: 'write', epoch: asInt(record.get('epoch')) }
    : { ...messageOf(record), to: asInt(record.get('to')) }
}

/** The images of a function on ranks, in the order of ranks. */
const byRank = (value: TlaValue | undefined): readonly TlaValue[] =>
  [...asFunction(value)].sort(([a], [b]) => Number(a) - Number(b)).map(([, image]) => image)

/** The text of a state that the model checker dumped. */
export const specText = (state: TlaState): string =>
  text(
    byRank(state.get('mon')).map(monitorOf),
    byRank(state.get('disk')).map(asInt),
    byRank(state.get('outbox')).map((box) => asItems(box).map(outgoingOf)),
    byRank(state.get('net')).map((queues) =>
      byRank(queues).map((queue) => asItems(queue).map((message) => messageOf(asRecord(message)))),
    ),
    asInt(state.get('troubles')),
  )
