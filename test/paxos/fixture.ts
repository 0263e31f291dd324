/** States to start from, and what to look at in effects. */
import { epoch, proposalNumber, rank, version, type Rank } from '../../src/base/brand.ts'
import type { PaxosEffect, PaxosStep } from '../../src/paxos/effect.ts'
import { messageEvent, type PaxosEvent, type Term } from '../../src/paxos/event.ts'
import { paxosMessage, type PaxosMessage, type PaxosOp } from '../../src/paxos/message.ts'
import {
  loadPaxos,
  PAXOS_OPTIONS,
  PAXOS_PREFIX,
  paxosLog,
  type PaxosContext,
  type PaxosState,
  type Stored,
} from '../../src/paxos/state.ts'
import { stepPaxos } from '../../src/paxos/step.ts'
import { put, putU64, transactionBytes, transactionOf, type Op } from '../../src/store/transaction.ts'
import { StoreView } from '../../src/store/view.ts'

export const NOW = 1_700_000_000_000
export const [A, B, C] = [rank(0), rank(1), rank(2)] as const
export const pn = proposalNumber
export const v = version

/** The bytes of a value that puts `text`. */
export const value = (text: string, ...more: readonly Op[]): Buffer =>
  transactionBytes(transactionOf([put('test', 'value', Buffer.from(text)), ...more]))

/** A store with versions `first` to `last`, as a monitor leaves it. */
export const storeWith = (first: bigint, last: bigint, ...more: readonly Op[]): StoreView => {
  const ops: Op[] = [
    putU64(PAXOS_PREFIX, 'first_committed', first),
    putU64(PAXOS_PREFIX, 'last_committed', last),
    putU64(PAXOS_PREFIX, 'accepted_pn', 100n),
    putU64(PAXOS_PREFIX, 'last_pn', 100n),
  ]
  for (let at = first; at > 0n && at <= last; at++)
    ops.push(put(PAXOS_PREFIX, at.toString(), value(`v${at.toString()}`)))
  return StoreView.empty.apply(transactionOf([...ops, ...more]))
}

/** Operations that leave `text` accepted as `at` under `number`. */
export const acceptedOps = (at: bigint, number: bigint, text: string): readonly Op[] => [
  put(PAXOS_PREFIX, at.toString(), value(text)),
  putU64(PAXOS_PREFIX, 'pending_v', at),
  putU64(PAXOS_PREFIX, 'pending_pn', number),
]

export const term = (self: Rank, leader: Rank, quorum: readonly Rank[] = [A, B, C], monCount = 3): Term => ({
  epoch: epoch(4),
  rank: self,
  leader,
  quorum,
  monCount,
})

export const contextOf = (view: StoreView): PaxosContext => ({ log: paxosLog(view), options: PAXOS_OPTIONS })

/** Runs one event on a state whose store is `view`. */
export const step = (state: PaxosState, event: PaxosEvent, view: StoreView = StoreView.empty): PaxosStep =>
  stepPaxos(state, event, contextOf(view))

/** Runs events one after the other; the store sees every write. Effects are those of the last event. */
export const steps = (
  view: StoreView,
  events: readonly PaxosEvent[],
): readonly [PaxosState, readonly PaxosEffect[], StoreView] => {
  let state = loadPaxos(view)
  let seen = view
  let effects: readonly PaxosEffect[] = []
  for (const event of events) {
    ;[state, effects] = stepPaxos(state, event, contextOf(seen))
    for (const effect of effects) if (effect._tag === 'Store') seen = seen.apply(transactionOf(effect.ops))
  }
  return [state, effects, seen]
}

export const leads = (quorum: readonly Rank[] = [A, B, C]): PaxosEvent => ({
  _tag: 'LeaderInit',
  term: term(A, A, quorum),
  now: NOW,
})

export const follows = (self: Rank): PaxosEvent => ({ _tag: 'PeonInit', term: term(self, A), now: NOW })

/** A message of the fixture's epoch. */
export const heard = (
  from: Rank,
  op: PaxosOp,
  fields: Parameters<typeof paxosMessage>[3] = {},
  now = NOW,
): PaxosEvent => messageEvent(from, paxosMessage(epoch(4), op, now, fields), Buffer.from('features'), now)

export const proposes = (bytes: Buffer): PaxosEvent => ({ _tag: 'Propose', value: bytes, now: NOW })

/** Messages among effects, with their receivers. */
export const sent = (
  effects: readonly PaxosEffect[],
): readonly { readonly to: Rank; readonly message: PaxosMessage }[] =>
  effects.flatMap((effect) => (effect._tag === 'Send' ? [{ to: effect.to, message: effect.message }] : []))

export const written = (effects: readonly PaxosEffect[]): readonly (readonly Op[])[] =>
  effects.flatMap((effect) => (effect._tag === 'Store' ? [effect.ops] : []))

export const tags = (effects: readonly PaxosEffect[]): readonly string[] => effects.map(({ _tag }) => _tag)

export const stored = (state: PaxosState): Pick<Stored, 'firstCommitted' | 'lastCommitted'> => ({
  firstCommitted: state.stored.firstCommitted,
  lastCommitted: state.stored.lastCommitted,
})

/** Events that make A the active leader of all three, its store being `view`. */
export const recovered = (view: StoreView): readonly PaxosEvent[] => {
  const last = version(view.u64(PAXOS_PREFIX, 'last_committed'))
  const answer = { lastCommitted: last, firstCommitted: last === 0n ? last : version(1n), pn: pn(200n) }
  return [
    leads(),
    heard(B, 2, answer),
    heard(C, 2, answer),
    { _tag: 'RefreshDone', epoch: epoch(4), version: last, now: NOW },
  ]
}
