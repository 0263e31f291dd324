/** Which old maps may go. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::get_trim_to, encode_trim_extra. */
import { known } from '../../base/assert.ts'
import { put, type Op } from '../../store/transaction.ts'
import type { World } from '../contract.ts'
import { oldestNeededEpoch } from './leader-notes.ts'
import type { OsdmapPending } from './state.ts'
import { fullMapBytes } from './version.ts'

/**
 * Maps below this are not needed by anybody; 0 while placement groups are being created, whose past must be kept.
 * At least mon_min_osdmap_epochs are kept.
 */
export const trimTo = (world: World, pending?: OsdmapPending): bigint => {
  const { creatingPgs, map, firstCommitted, lastCommitted } = world.committed.osdmap
  if (world.quorum.ranks.length === 0 || creatingPgs.pgs.size > 0 || pending === undefined) return 0n
  const kept = BigInt(world.options.int('mon_min_osdmap_epochs'))
  const needed = BigInt(oldestNeededEpoch(pending.notes, map))
  const newest = lastCommitted > kept ? lastCommitted - kept : 0n
  const floor = needed < newest ? needed : newest
  return floor > firstCommitted ? floor : 0n
}

/** The full map of the new first epoch, so that it is there whatever else goes. */
export const trimExtra = (world: World, _from: bigint, to: bigint): readonly Op[] => [
  put('osdmap', `full_${to}`, known(fullMapBytes(world.store, Number(to)), `osdmap full_${to}`)),
]
