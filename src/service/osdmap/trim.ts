/** Which old maps may go. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::get_trim_to, encode_trim_extra. */
import { known } from '../../base/assert.ts'
import { put, type Op } from '../../store/transaction.ts'
import type { World } from '../contract.ts'
import { fullMapBytes } from './version.ts'

/**
 * Maps below this are not needed by anybody; 0 while placement groups are being created, whose past must be kept.
 *
 * Differs: only the number of epochs decides, since nothing is known yet of how far OSDs are.
 */
export const trimTo = (world: World): bigint => {
  const { creatingPgs, map, firstCommitted, lastCommitted } = world.committed.osdmap
  if (world.quorum.ranks.length === 0 || creatingPgs.pgs.size > 0) return 0n
  // Without statistics of every pool's groups nobody knows what they still need.
  if (map.pools.size > 0) return 0n
  const floor = lastCommitted - BigInt(world.options.int('mon_min_osdmap_epochs'))
  return floor > firstCommitted ? floor : 0n
}

/** The full map of the new first epoch, so that it is there whatever else goes. */
export const trimExtra = (world: World, _from: bigint, to: bigint): readonly Op[] => [
  put('osdmap', `full_${to}`, known(fullMapBytes(world.store, Number(to)), `osdmap full_${to}`)),
]
