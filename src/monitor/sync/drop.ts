/**
 * A store that is given up for a copy of another monitor's, and the note that says so until the copy is whole.
 *
 * What this monitor has promised to heed outlives everything that it copies: a promise forgotten is a vote cast twice.
 * Paxos in memory is read anew each time, so that nobody is told of versions that are not there any more.
 */
import { loadPaxos, PAXOS_PREFIX, type Stored } from '../../paxos/state.ts'
import { erase, putU64, type Op } from '../../store/transaction.ts'
import type { StoreView } from '../../store/view.ts'
import type { Turn } from '../turn.ts'
import { ERASE_SYNCED } from './state.ts'

/** Whether a copy of another monitor's store has begun, or was ordered, and has not come to its end. */
export const isHalfCopied = (store: StoreView): boolean =>
  store.u64('mon_sync', 'in_sync') !== 0n || store.u64('mon_sync', 'force_sync') !== 0n

/** What empties a store, but for the promises of the monitor that has it. */
export const dropOps = ({ lastPn, acceptedPn }: Stored): readonly Op[] => [
  ...ERASE_SYNCED,
  putU64(PAXOS_PREFIX, 'last_pn', lastPn),
  putU64(PAXOS_PREFIX, 'accepted_pn', acceptedPn),
]

/** Empties the store, but for what is this monitor's own; `note` is written with it. */
export const dropStore = (turn: Turn, note: readonly Op[] = []): void => {
  turn.commit([...note, ...dropOps(turn.state.paxos.stored)], true)
  turn.update({ paxos: loadPaxos(turn.state.store) })
}

/** The store is a history again: it may be kept at the next start. */
export const endCopy = (turn: Turn): void => {
  turn.commit(
    ['in_sync', 'force_sync', 'last_committed_floor'].map((key) => erase('mon_sync', key)),
    true,
  )
  turn.update({ sync: { ...turn.state.sync, requester: undefined, lastCommittedFloor: 0n } })
}
