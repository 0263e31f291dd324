/**
 * Snapshots of a pool. A pool has snapshots of its own, by name, or unmanaged ones, whose ids clients keep; never both.
 * Source: ceph src/osd/osd_types.cc pg_pool_t::add_snap, add_unmanaged_snap, remove_snap, remove_unmanaged_snap.
 */
import { withEntry, withoutEntry } from '../../base/ordered.ts'
import type { Utime } from '../../codec/type/utime.ts'
import { POOL_FLAG } from '../../map/osd-map/constant.ts'
import type { Pool } from '../../map/osd-map/pool.ts'

export const hasPoolSnaps = (pool: Pool): boolean => (pool.flags & POOL_FLAG.POOL_SNAPS) !== 0n
export const hasUnmanagedSnaps = (pool: Pool): boolean => (pool.flags & POOL_FLAG.SELFMANAGED_SNAPS) !== 0n

export const snapIdOfName = (pool: Pool, name: string): bigint | undefined => {
  for (const [id, snap] of pool.snaps) if (snap.name === name) return id
  return undefined
}

/** `pool` with a named snapshot; `epoch` is when it changes. */
export const addPoolSnap = (pool: Pool, name: string, stamp: Utime, epoch: number): Pool => {
  const snapId = pool.snapSeq + 1n
  return {
    ...pool,
    flags: pool.flags | POOL_FLAG.POOL_SNAPS,
    snapSeq: snapId,
    snapEpoch: epoch,
    snaps: withEntry(pool.snaps, snapId, { snapId, name, stamp }),
  }
}

/** `pool` without a named snapshot. The removal takes a snapshot id too. */
export const removePoolSnap = (pool: Pool, snapId: bigint, epoch: number): Pool => ({
  ...pool,
  snapSeq: pool.snapSeq + 1n,
  snapEpoch: epoch,
  snaps: withoutEntry(pool.snaps, snapId),
})

/** `pool` after it gave out an unmanaged snapshot, whose id is the new snapSeq. The first one is 2. */
export const addUnmanagedSnap = (pool: Pool, epoch: number): Pool => ({
  ...pool,
  flags: pool.flags | POOL_FLAG.SELFMANAGED_SNAPS,
  snapSeq: (pool.snapSeq === 0n ? 1n : pool.snapSeq) + 1n,
  snapEpoch: epoch,
})

/** `pool` after an unmanaged snapshot went: the new snapSeq was never a snapshot. */
export const removeUnmanagedSnap = (pool: Pool, epoch: number): Pool => ({
  ...pool,
  snapSeq: pool.snapSeq + 1n,
  snapEpoch: epoch,
})
