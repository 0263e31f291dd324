/**
 * From the store to the committed state: the newest full map where one is needed, then incrementals one by one.
 *
 * Every map is encoded again and its crc compared with the one that the leader wrote; a difference means that the
 * leader encodes otherwise than we do, and its full map replaces ours.
 *
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::update_from_paxos.
 */
import * as E from 'fp-ts/lib/Either.js'
import { invariant, known } from '../../base/assert.ts'
import type { DecodeError } from '../../codec/error.ts'
import { decodeFrom } from '../../codec/reader.ts'
import { osdMapBytes, osdMapCrc, osdMapOf } from '../../map/osd-map/codec.ts'
import { fullCrcOf, incrementalOf } from '../../map/osd-map/incremental-codec.ts'
import type { OsdMap } from '../../map/osd-map/osd-map.ts'
import type { StoreView } from '../../store/view.ts'
import { putU64, type Op } from '../../store/transaction.ts'
import type { World } from '../contract.ts'
import { decodeCreatingPgs, NO_CREATING_PGS } from './creating-pgs/creating-pgs.ts'
import type { OsdmapState } from './state.ts'
import { projectedMap } from './projected.ts'
import { fullMapBytes, incrementalMapBytes } from './version.ts'

/** What the store has beyond `state`; the same state when nothing is new. */
export const updateFromPaxos = (world: World, state: OsdmapState): OsdmapState => {
  const { store } = world
  const lastCommitted = store.u64('osdmap', 'last_committed')
  const firstCommitted = store.u64('osdmap', 'first_committed')
  if (lastCommitted === state.lastCommitted && firstCommitted === state.firstCommitted) return state
  let { map } = startingMap(store, state.map, Number(firstCommitted), Number(lastCommitted))
  while (map.epoch < Number(lastCommitted)) map = nextMap(store, map)
  const creating = store.get('osd_pg_creating', 'creating')
  return {
    ...state,
    firstCommitted,
    lastCommitted,
    map,
    creatingPgs:
      creating === undefined
        ? NO_CREATING_PGS
        : ours(decodeFrom(decodeCreatingPgs, creating), 'osd_pg_creating/creating'),
  }
}

/**
 * What each monitor notes for itself after a refresh, outside Paxos: the newest full map it has.
 */
export const localOps = (world: World): readonly Op[] => {
  const { lastCommitted } = world.committed.osdmap
  return lastCommitted > world.store.u64('osdmap', 'full_latest')
    ? [putU64('osdmap', 'full_latest', lastCommitted)]
    : []
}

const ours = <A>(decoded: E.Either<DecodeError, A>, what: string): A => {
  invariant(E.isRight(decoded), `${what} in the store cannot be decoded`)
  return decoded.right
}

const loadFull = (store: StoreView, epoch: number): OsdMap =>
  ours(osdMapOf(known(fullMapBytes(store, epoch), `osdmap full_${epoch}`)), `osdmap full_${epoch}`)

// Our own map when the next incremental is there; otherwise the newest full map that the store has.
const startingMap = (
  store: StoreView,
  map: OsdMap,
  first: number,
  last: number,
): { readonly map: OsdMap } => {
  const hasNext = map.epoch + 1 >= first && map.epoch <= last
  if (hasNext && map.epoch > 0) return { map }
  for (let epoch = last; epoch >= first && epoch > 0; epoch--)
    if (store.has('osdmap', `full_${epoch}`)) return { map: loadFull(store, epoch) }
  return { map }
}

const nextMap = (store: StoreView, map: OsdMap): OsdMap => {
  const epoch = map.epoch + 1
  const bytes = known(incrementalMapBytes(store, epoch), `osdmap ${epoch}`)
  const next = projectedMap(map, ours(incrementalOf(bytes), `osdmap ${epoch}`))
  return osdMapCrc(osdMapBytes(next)) === fullCrcOf(bytes) ? next : loadFull(store, epoch)
}
