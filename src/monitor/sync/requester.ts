/**
 * The side that is behind: take a peer's word for the past.
 *
 * A full copy first notes in the store that it has begun, and empties what it replaces; a copy that is cut off leaves
 * nobody's history, so it is dropped, at once or at the next start, and probing begins it anew. A copy of the recent
 * values takes them over chunk by chunk, each a history of its own.
 *
 * Source: ceph src/mon/Monitor.cc sync_start, handle_sync_cookie, handle_sync_chunk, sync_finish.
 */
import * as E from 'fp-ts/lib/Either.js'
import { decodeFrom } from '../../codec/reader.ts'
import type { EntityAddrvec } from '../../codec/type/entity-addr.ts'
import { printAddrvec, sameAddrvec } from '../../codec/type/entity-addr.ts'
import { monMapBytes } from '../../map/mon-map/mon-map.ts'
import { type MMonSync, SYNC_OP } from '../../message/mon-sync.ts'
import { loadPaxos, PAXOS_PREFIX } from '../../paxos/state.ts'
import { decodeTransaction, erase, type Op, put, putU64, transactionOf } from '../../store/transaction.ts'
import type { StoreView } from '../../store/view.ts'
import { sendToAddrs } from '../peer.ts'
import { refreshServices } from '../refresh.ts'
import { traceStoreDropped, traceStoreReplaced } from '../trace-link.ts'
import type { Turn } from '../turn.ts'
import { dropStore, endCopy } from './drop.ts'

export const syncStart = (turn: Turn, provider: EntityAddrvec, full: boolean): void => {
  const { state } = turn
  turn.log(0, `store sync (${full ? 'full' : 'recent'}) from ${printAddrvec(provider)}`)
  const last = state.paxos.stored.lastCommitted
  turn.update({
    phase: 'synchronizing',
    sync: { ...state.sync, requester: { provider, full, cookie: 0n, startVersion: 0n } },
  })
  if (full) beginFull(turn, last)
  restartTimeout(turn)
  send(turn, {
    op: full ? SYNC_OP.GET_COOKIE_FULL : SYNC_OP.GET_COOKIE_RECENT,
    lastCommitted: full ? 0n : last,
  })
}

const beginFull = (turn: Turn, last: bigint): void => {
  const { sync, monmap, paxos } = turn.state
  const floor = sync.lastCommittedFloor > last ? sync.lastCommittedFloor : last
  turn.update({ sync: { ...sync, lastCommittedFloor: floor } })
  dropStore(turn, [
    put('mon_sync', 'latest_monmap', monMapBytes(monmap)),
    putU64('mon_sync', 'in_sync', 1n),
    putU64('mon_sync', 'last_committed_floor', floor),
  ])
  traceStoreDropped(turn, paxos)
}

/** Keys under which a provider keeps its own promises; they are not ours. */
const PROVIDERS_OWN: ReadonlySet<string> = new Set(['last_pn', 'accepted_pn', 'pending_v', 'pending_pn'])

const restartTimeout = (turn: Turn): void =>
  turn.emit({ _tag: 'StartTimer', timer: 'sync', ms: turn.state.config.options.ms('mon_sync_timeout') })

const NOTHING = Buffer.alloc(0)

const send = (turn: Turn, fields: Pick<MMonSync, 'op'> & Partial<MMonSync>): void => {
  const { requester } = turn.state.sync
  if (requester === undefined) return
  sendToAddrs(turn, requester.provider, {
    _tag: 'MMonSync',
    cookie: requester.cookie,
    lastCommitted: 0n,
    lastKey: ['', ''],
    chunk: NOTHING,
    ...fields,
  })
}

/** COOKIE, CHUNK, LAST_CHUNK and NO_COOKIE from the provider we asked; anything else is late and ignored. */
export const handleSyncAnswer = (turn: Turn, connection: number, m: MMonSync): void => {
  const { requester } = turn.state.sync
  const from = turn.state.monConnections.get(connection)?.addrs ?? []
  if (requester === undefined || !sameAddrvec(from, requester.provider)) return
  switch (m.op) {
    case SYNC_OP.COOKIE:
      if (requester.cookie !== 0n) return
      turn.update({
        sync: {
          ...turn.state.sync,
          requester: { ...requester, cookie: m.cookie, startVersion: m.lastCommitted },
        },
      })
      restartTimeout(turn)
      send(turn, { op: SYNC_OP.GET_CHUNK })
      return
    case SYNC_OP.CHUNK:
    case SYNC_OP.LAST_CHUNK:
      if (m.cookie === requester.cookie) takeChunk(turn, m)
      return
    case SYNC_OP.NO_COOKIE:
      turn.defer({ _tag: 'Bootstrap', reason: 'the sync provider has no cookie for us' })
  }
}

const takeChunk = (turn: Turn, m: MMonSync): void => {
  const decoded = decodeFrom(decodeTransaction, m.chunk)
  if (E.isLeft(decoded)) {
    turn.defer({ _tag: 'Bootstrap', reason: 'a sync chunk cannot be decoded' })
    return
  }
  const { store } = turn.state
  const { requester } = turn.state.sync
  const chunk = decoded.right.ops.filter((op) => op.prefix !== PAXOS_PREFIX || !PROVIDERS_OWN.has(op.key))
  const isFull = requester?.full === true
  const isLast = m.op === SYNC_OP.LAST_CHUNK
  if (isFull && !isLast) turn.commit(chunk, false)
  else {
    const from = (isFull ? requester.startVersion : store.u64(PAXOS_PREFIX, 'last_committed')) + 1n
    const values = valuesApplied(store.apply(transactionOf(chunk)), from, m.lastCommitted)
    if (values === undefined) {
      turn.defer({ _tag: 'Bootstrap', reason: `sync lacks values up to ${m.lastCommitted}` })
      return
    }
    turn.commit([...chunk, ...values, ...(isFull ? [notAccepted(m.lastCommitted)] : [])], true)
    if (!isFull) readPaxos(turn)
  }
  if (isLast) {
    finish(turn)
    return
  }
  restartTimeout(turn)
  send(turn, { op: SYNC_OP.GET_CHUNK })
}

/** What the copied Paxos values from..to do, which the copied state does not contain yet; undefined when one is missing. */
const valuesApplied = (copied: StoreView, from: bigint, to: bigint): readonly Op[] | undefined => {
  const ops: Op[] = []
  for (let v = from; v <= to; v++) {
    const value = copied.get(PAXOS_PREFIX, v.toString())
    const decoded = value === undefined ? undefined : decodeFrom(decodeTransaction, value)
    if (decoded === undefined || E.isLeft(decoded)) return undefined
    ops.push(...decoded.right.ops)
  }
  return [...ops, putU64(PAXOS_PREFIX, 'last_committed', to)]
}

// A full copy may bring the value that the provider was about to commit. This monitor has not accepted it, so it goes.
const notAccepted = (last: bigint): Op => erase(PAXOS_PREFIX, (last + 1n).toString())

/** Paxos has now what was copied. */
const readPaxos = (turn: Turn): void => {
  const { paxos: before } = turn.state
  turn.update({ paxos: loadPaxos(turn.state.store) })
  traceStoreReplaced(turn, before)
}

const finish = (turn: Turn): void => {
  endCopy(turn)
  turn.emit({ _tag: 'StopTimer', timer: 'sync' })
  readPaxos(turn)
  refreshServices(turn)
  turn.defer({ _tag: 'Bootstrap', reason: 'store sync finished' })
}

/** Bootstrap ends whatever copy was under way. */
export const resetRequester = (turn: Turn): void => {
  const { requester } = turn.state.sync
  if (requester === undefined) return
  turn.emit({ _tag: 'StopTimer', timer: 'sync' })
  turn.update({ sync: { ...turn.state.sync, requester: undefined } })
  if (requester.full) dropStore(turn)
}
