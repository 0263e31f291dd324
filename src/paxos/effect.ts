/**
 * What Paxos asks the monitor and the node to do, in this order and no other.
 *
 * Duties of whoever runs the effects:
 *
 * 1. `Store`: apply `ops` to the store view at once, so that the next step and a `Refresh` in the same list see them;
 *    write them to disk in the order given, all of them, atomically each. `durable: true` is synced; `durable: false`
 *    is only ordered behind earlier writes. When the write is done (synced, if durable), answer with `then`.
 * 2. `Send`: the message leaves only when every durable `Store` before it, in this list or an earlier one, is on
 *    disk. Messages to one peer keep their order. A message may be lost only with its connection.
 * 3. `Refresh`: the services re-read the view. With `then`, answer by that event, or by `Restart` if what they read
 *    calls for a bootstrap. It may be answered within the same turn.
 * 4. `StartTimer` replaces a running timer of the same name. After `StopTimer` it must not fire.
 * 5. `CallBootstrap`: leave the quorum; `Restart` follows.
 *
 * Why a commit needs no sync: it is written only after every member of the quorum has the value on its disk as
 * accepted (`durable: true`, before ACCEPT leaves). A crash that loses the commit therefore leaves the accepted value
 * behind, and recovery finds it, as it finds any value that may have been committed, also in a quorum of one. At most the last commit can be
 * lost, because the next value's own write is synced and later in the order. spec/MonPaxos.tla has this disk: a crash
 * loses any suffix of what was not synced, and acknowledged values survive it.
 */
import type { Rank, Version } from '../base/brand.ts'
import type { Op } from '../store/transaction.ts'
import type { PaxosTimer, Written } from './event.ts'
import type { PaxosMessage } from './message.ts'
import type { PaxosState } from './state.ts'

export type PaxosEffect =
  | {
      readonly _tag: 'Store'
      readonly ops: readonly Op[]
      readonly durable: boolean
      /** The event to answer with, `now` added; nothing waits for a write without it. */
      readonly then: ({ readonly _tag: 'BeginWritten' | 'CommitWritten' } & Written) | undefined
    }
  | { readonly _tag: 'Send'; readonly to: Rank; readonly message: PaxosMessage }
  | { readonly _tag: 'StartTimer'; readonly timer: PaxosTimer; readonly ms: number }
  | { readonly _tag: 'StopTimer'; readonly timer: PaxosTimer }
  | {
      readonly _tag: 'Refresh'
      readonly then: ({ readonly _tag: 'RefreshDone' } & Written) | undefined
    }
  /** The proposed value is committed: clients may be answered. */
  | { readonly _tag: 'ProposalCommitted'; readonly version: Version }
  /** The proposal was cut off by an election; whether a later quorum commits it is unknown. */
  | { readonly _tag: 'ProposalAbandoned'; readonly version: Version }
  /** The mode is active: requests that wait for it can be looked at again. */
  | { readonly _tag: 'Active' }
  /** `isReadable` holds now. */
  | { readonly _tag: 'Readable' }
  /** `isWriteable` holds now; a pending transaction can be proposed. */
  | { readonly _tag: 'Writeable' }
  /** A peon's encoded FeatureMap, from its LEASE_ACK. */
  | { readonly _tag: 'PeerFeatures'; readonly from: Rank; readonly featureMap: Buffer }
  /** A message was stamped further in the future than clocks may drift. */
  | { readonly _tag: 'FutureTimestamp'; readonly from: Rank; readonly aheadMs: number }
  | { readonly _tag: 'CallBootstrap'; readonly reason: string }

export type StoreEffect = Extract<PaxosEffect, { _tag: 'Store' }>

/** What a handler returns: the next state, and what to do about it. */
export type PaxosStep = readonly [PaxosState, readonly PaxosEffect[]]
