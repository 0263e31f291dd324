/**
 * Snapshots whose removal OSDs have finished leave the map and are noted in the store.
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::try_prune_purged_snaps.
 */
import { byBigint, sortedEntries } from '../../base/ordered.ts'
import { countSnaps, type SnapIntervals, subtractSnaps, NO_SNAPS } from '../../codec/type/snap-intervals.ts'
import type { World } from '../contract.ts'
import { withInc } from './pending.ts'
import { purgedRangeOf } from './snap-key.ts'
import type { OsdmapPending } from './state.ts'

const SNAPS_MAX_DEFAULT = 100_000n

/** `pending` with what the manager's digest reports as purged; the same one when that is nothing new. */
export const purgeReported = (world: World, pending: OsdmapPending): OsdmapPending => {
  if (pending.inc.newPurgedSnaps.size > 0) return pending
  const { map } = world.committed.osdmap
  const limit = BigInt(world.options.int('mon_max_snap_prune_per_epoch')) || SNAPS_MAX_DEFAULT
  const purged = new Map<bigint, SnapIntervals>()
  let count = 0n
  for (const [pool, reported] of sortedEntries(world.committed.mgrstat.digest.purgedSnaps, byBigint)) {
    const queue = map.removedSnapsQueue.get(pool)
    if (queue === undefined || !map.pools.has(pool) || count >= limit) continue
    const fresh = subtractSnaps(queue, subtractSnaps(queue, notYetNoted(world, pool, reported)))
    if (fresh.length === 0) continue
    purged.set(pool, fresh)
    count += countSnaps(fresh)
  }
  return purged.size === 0 ? pending : withInc(pending, { newPurgedSnaps: purged })
}

// Up to the first range that is noted already: the report is older than our notes.
const notYetNoted = (world: World, pool: bigint, reported: SnapIntervals): SnapIntervals => {
  const known = reported.findIndex(([start]) => purgedRangeOf(world.store, pool, start) !== undefined)
  return known < 0 ? reported : known === 0 ? NO_SNAPS : reported.slice(0, known)
}
