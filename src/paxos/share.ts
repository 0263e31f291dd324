/** Committed values on their way between monitors: what is sent to one that is behind, and what is kept of it. */
import * as E from 'fp-ts/lib/Either.js'
import type { Rank, Version } from '../base/brand.ts'
import { version } from '../base/brand.ts'
import { describeDecodeError } from '../codec/error.ts'
import type { Op } from '../store/transaction.ts'
import type { PaxosEffect } from './effect.ts'
import type { PaxosMessage } from './message.ts'
import type { PaxosLog, PaxosState, Stored } from './state.ts'
import { firstCommittedAfter, putLastCommitted, putValue, transactionIn } from './value.ts'

/**
 * The committed values after `peerLastCommitted`.
 *
 * Shape:  ascending versions; those already trimmed are left out.
 * Source: ceph src/mon/Paxos.cc Paxos::share_state.
 */
export const shareState = (
  stored: Stored,
  log: PaxosLog,
  peerLastCommitted: Version,
): ReadonlyMap<Version, Buffer> => {
  const values = new Map<Version, Buffer>()
  for (let v = peerLastCommitted + 1n; v <= stored.lastCommitted; v++) {
    const value = log.read(version(v))
    if (value !== undefined) values.set(version(v), value)
  }
  return values
}

/** What a message's committed values made of the store. */
export interface StoredState {
  readonly state: PaxosState
  /** The log as it is when the write has been run. */
  readonly log: PaxosLog
  /** The write, and none when nothing was new. */
  readonly effects: readonly PaxosEffect[]
}

// The new versions of a message in one unbroken run; the message may repeat old ones and may hold one more value
// than is committed.
const newVersions = (stored: Stored, message: PaxosMessage): readonly Version[] => {
  const run: Version[] = []
  for (let v = version(stored.lastCommitted + 1n); v <= message.lastCommitted; v = version(v + 1n)) {
    if (!message.values.has(v)) break
    run.push(v)
  }
  return run
}

/**
 * Takes over the committed values of a COMMIT or LAST that are new here.
 *
 * The write needs no sync: a quorum has these values on disk already.
 *
 * Shape:  lastCommitted grows to the end of the unbroken run of new values; an accepted value that this run overtakes
 *         is forgotten, in the store and in the leader's collection.
 * Errors: a sentence when a value is no transaction.
 * Source: ceph src/mon/Paxos.cc Paxos::store_state. Differs: stops at a gap, where Ceph writes what follows it.
 */
export const storeState = (
  state: PaxosState,
  from: Rank,
  message: PaxosMessage,
  log: PaxosLog,
): E.Either<string, StoredState> => {
  const run = newVersions(state.stored, message)
  const last = run.at(-1)
  if (last === undefined) return E.right({ state, log, effects: [] })
  const before = state.stored.lastCommitted
  const ops: Op[] = [putLastCommitted(last)]
  for (const v of run) {
    const value = message.values.get(v)
    if (value === undefined) continue
    const transaction = transactionIn(value)
    if (E.isLeft(transaction))
      return E.left(`value ${v.toString()} of mon.${from}: ${describeDecodeError(transaction.left)}`)
    ops.push(putValue(v, value), ...transaction.right.ops)
  }
  const { collecting } = state
  const overtaken = collecting?.uncommitted !== undefined && collecting.uncommitted.version <= last
  return E.right({
    state: {
      ...state,
      stored: {
        ...state.stored,
        lastCommitted: last,
        firstCommitted: firstCommittedAfter(ops, state.stored.firstCommitted),
        accepted: undefined,
      },
      collecting: overtaken ? { ...collecting, uncommitted: undefined } : collecting,
    },
    log: { read: (v) => (v > before && v <= last ? message.values.get(v) : log.read(v)) },
    effects: [{ _tag: 'Store', ops, durable: false, then: undefined }],
  })
}
