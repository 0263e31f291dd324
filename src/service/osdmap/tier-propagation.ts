/**
 * Snapshots and applications of a pool with tiers are its tiers' as well.
 *
 * Source: ceph src/osd/OSDMap.cc OSDMap::Incremental::propagate_base_properties_to_tiers.
 */
import { known } from '../../base/assert.ts'
import { POOL_FLAG } from '../../map/osd-map/constant.ts'
import type { Incremental } from '../../map/osd-map/incremental.ts'
import type { OsdMap } from '../../map/osd-map/osd-map.ts'
import type { Pool } from '../../map/osd-map/pool.ts'

const SNAP_FLAGS = POOL_FLAG.SELFMANAGED_SNAPS | POOL_FLAG.POOL_SNAPS

/** `inc` with the tiers of every pool that it changes following their base. */
export const withTiersFollowing = (map: OsdMap, inc: Incremental): Incremental => {
  const newPools = new Map(inc.newPools)
  const newRemovedSnaps = new Map(inc.newRemovedSnaps)
  for (const [id, base] of inc.newPools)
    for (const tierId of base.tiers) {
      const tier = known(newPools.get(tierId) ?? map.pools.get(tierId), `tier ${tierId} of pool ${id}`)
      newPools.set(tierId, following(tier, base))
      const removed = newRemovedSnaps.get(id)
      if (removed !== undefined) newRemovedSnaps.set(tierId, removed)
    }
  return { ...inc, newPools, newRemovedSnaps }
}

const following = (tier: Pool, base: Pool): Pool => ({
  ...tier,
  snapSeq: base.snapSeq,
  snapEpoch: base.snapEpoch,
  snaps: base.snaps,
  removedSnaps: base.removedSnaps,
  flags: tier.flags | (base.flags & SNAP_FLAGS),
  applicationMetadata: base.applicationMetadata,
})
