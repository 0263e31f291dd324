/** The first phase, at the leader: answers come in, committed values are levelled out, an accepted one is adopted. */
import * as E from 'fp-ts/lib/Either.js'
import { invariant } from '../base/assert.ts'
import { version, type Rank } from '../base/brand.ts'
import { byNumber } from '../base/ordered.ts'
import { begin } from './begin.ts'
import { collect } from './collect.ts'
import type { PaxosEffect, PaxosStep } from './effect.ts'
import type { PaxosEvent } from './event.ts'
import { nextMode } from './machine.ts'
import { PAXOS_OP, type PaxosMessage } from './message.ts'
import { callBootstrap, peersOf, send, withRank } from './send.ts'
import { shareState, storeState } from './share.ts'
import type { Collecting, Peer, PaxosContext, PaxosLog, PaxosState } from './state.ts'
import { transactionIn } from './value.ts'

type Handled = Extract<PaxosEvent, { _tag: 'HandleLast' }>

const withPeer = (peers: readonly Peer[], peer: Peer): readonly Peer[] =>
  [...peers.filter(({ rank }) => rank !== peer.rank), peer].sort((a, b) => byNumber(a.rank, b.rank))

const collectingOf = (state: PaxosState): Collecting => {
  invariant(state.collecting !== undefined, `paxos ${state.mode} collects nothing`)
  return state.collecting
}

// Every peon known to be behind gets what it lacks. Ceph does so at each answer, so a slow peon gets it twice.
const catchUp = (state: PaxosState, now: number, log: PaxosLog): E.Either<string, readonly PaxosEffect[]> => {
  const { stored } = state
  const effects: PaxosEffect[] = []
  for (const peer of collectingOf(state).peers) {
    if (stored.firstCommitted > 1n && peer.lastCommitted + 1n < stored.firstCommitted)
      return E.left(`mon.${peer.rank} is behind ${stored.firstCommitted.toString()}, the first version kept`)
    if (peer.lastCommitted >= stored.lastCommitted) continue
    effects.push(
      send(state, peer.rank, PAXOS_OP.COMMIT, now, {
        lastCommitted: stored.lastCommitted,
        values: shareState(stored, log, peer.lastCommitted),
      }),
    )
  }
  return E.right(effects)
}

// The value reported in `message`, if it can be the one that an earlier quorum committed: it is for the next version,
// and no value known here was accepted under a higher number.
const adopted = (state: PaxosState, message: PaxosMessage): Collecting['uncommitted'] => {
  const { uncommitted } = collectingOf(state)
  const next = version(message.lastCommitted + 1n)
  const value = message.values.get(next)
  const better =
    message.uncommittedPn > 0n &&
    message.lastCommitted >= state.stored.lastCommitted &&
    (uncommitted === undefined || (message.uncommittedPn >= uncommitted.pn && next >= uncommitted.version))
  return better && value !== undefined ? { version: next, pn: message.uncommittedPn, value } : uncommitted
}

const isEveryone = (state: PaxosState, lasts: readonly Rank[]): boolean =>
  peersOf(state).every((peer) => lasts.includes(peer))

// An answer under the current number: count it, and go on when it was the last one missing.
const counted = (
  state: PaxosState,
  { from, message, now }: Handled,
  refresh: readonly PaxosEffect[],
  context: PaxosContext,
): PaxosStep => {
  const collecting = collectingOf(state)
  const uncommitted = adopted(state, message)
  const lasts = withRank(collecting.lasts, from)
  if (!isEveryone(state, lasts))
    return [
      {
        ...state,
        mode: nextMode(state.mode, 'HandleLast'),
        collecting: { ...collecting, lasts, uncommitted },
      },
      refresh,
    ]
  const done: PaxosState = { ...state, collecting: undefined }
  if (uncommitted?.version === state.stored.lastCommitted + 1n) {
    const mode = nextMode(state.mode, 'HandleLast', 'uncommitted')
    const [next, effects] = begin({ ...done, mode }, uncommitted.value, now, context)
    return [next, [...refresh, ...effects]]
  }
  const { epoch } = state.term
  return [
    { ...done, mode: nextMode(state.mode, 'HandleLast', 'everyone') },
    [{ _tag: 'Refresh', then: { _tag: 'RefreshDone', epoch, version: state.stored.lastCommitted } }],
  ]
}

// What a peer sends is checked before anything is done with it.
const flaw = (state: PaxosState, { from, message }: Handled): string | undefined => {
  if (message.firstCommitted > state.stored.lastCommitted + 1n)
    return `mon.${from} has trimmed past ${state.stored.lastCommitted.toString()}`
  const value = message.values.get(version(message.lastCommitted + 1n))
  return message.uncommittedPn > 0n && value !== undefined && E.isLeft(transactionIn(value))
    ? `the uncommitted value of mon.${from} is no transaction`
    : undefined
}

/**
 * A peon's answer to COLLECT.
 *
 * Takes over committed values it has and this leader lacks, and sends those that peons lack. A higher number than
 * ours starts the collection again above it; a lower one answers an earlier collection and is not counted. When the
 * whole quorum has answered, the value that may have been committed is proposed again, or the round ends.
 *
 * Source: ceph src/mon/Paxos.cc Paxos::handle_last; spec HandleLast.
 */
export const handleLast = (state: PaxosState, event: Handled, context: PaxosContext): PaxosStep => {
  const { from, message, now } = event
  const stay = nextMode(state.mode, 'HandleLast')
  const reason = flaw(state, event)
  if (reason !== undefined) return [{ ...state, mode: stay }, [callBootstrap(reason)]]
  const learned = storeState(state, from, message, context.log)
  if (E.isLeft(learned)) return [{ ...state, mode: stay }, [callBootstrap(learned.left)]]
  const { effects: writes } = learned.right
  const collecting = collectingOf(learned.right.state)
  const levelled: PaxosState = {
    ...learned.right.state,
    collecting: {
      ...collecting,
      peers: withPeer(collecting.peers, { rank: from, lastCommitted: message.lastCommitted }),
    },
  }
  const commits = catchUp(levelled, now, learned.right.log)
  if (E.isLeft(commits)) return [{ ...levelled, mode: stay }, [...writes, callBootstrap(commits.left)]]
  const refresh: readonly PaxosEffect[] = writes.length > 0 ? [{ _tag: 'Refresh', then: undefined }] : []
  const before = [...writes, ...commits.right]

  const { acceptedPn } = levelled.stored
  if (message.pn > acceptedPn) {
    const [next, effects] = collect({ ...levelled, mode: stay }, now, message.pn, context)
    return [next, [...before, ...refresh, ...effects]]
  }
  if (message.pn < acceptedPn) return [{ ...levelled, mode: stay }, [...before, ...refresh]]
  const [next, effects] = counted(levelled, event, refresh, context)
  return [next, [...before, ...effects]]
}
