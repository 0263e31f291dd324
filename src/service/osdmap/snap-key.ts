/**
 * Which snapshots have been purged, kept under `osd_snap` so that nobody has to keep them in the map.
 *
 * Shape: purged_epoch_<epoch as 8 hex digits> = map pool → snapshots purged in that epoch;
 *        purged_snap_<pool>_<last snapshot as 16 hex digits> = u64 begin, u64 end, u32 epoch.
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::lookup_purged_snap, insert_purged_snap_update.
 */
import * as E from 'fp-ts/lib/Either.js'
import { byBigint, sortedEntries } from '../../base/ordered.ts'
import { decodeFrom } from '../../codec/reader.ts'
import { encodeSnapIntervals } from '../../codec/type/snap-intervals.ts'
import { encoded } from '../../codec/writer.ts'
import type { Incremental } from '../../map/osd-map/incremental.ts'
import { erase, put, type Op } from '../../store/transaction.ts'
import type { StoreView } from '../../store/view.ts'
import type { World } from '../contract.ts'

const PREFIX = 'osd_snap'

const hex = (n: number | bigint, digits: number): string => n.toString(16).padStart(digits, '0')

export const purgedEpochKey = (epoch: number): string => `purged_epoch_${hex(epoch, 8)}`

const purgedSnapKey = (pool: bigint, last: bigint): string => `purged_snap_${pool}_${hex(last, 16)}`

/** [begin, end). */
export interface PurgedRange {
  readonly begin: bigint
  readonly end: bigint
}

/** The purged range that holds `snap`. */
export const purgedRangeOf = (store: StoreView, pool: bigint, snap: bigint): PurgedRange | undefined => {
  if (snap < 0n) return undefined
  for (const [key, value] of store.range(PREFIX, purgedSnapKey(pool, snap))) {
    if (!key.startsWith(`purged_snap_${pool}_`)) return undefined
    const range = decodeFrom((r) => ({ begin: r.u64(), end: r.u64(), epoch: r.u32() }), value)
    return E.isRight(range) && snap >= range.right.begin && snap < range.right.end ? range.right : undefined
  }
  return undefined
}

/** What a proposal notes of the snapshots that it purges. Neighbouring ranges become one. */
export const purgedSnapOps = (
  world: World,
  inc: Incremental,
  pseudoPurged: ReadonlyMap<bigint, ReadonlySet<bigint>>,
): readonly Op[] => {
  const purged = sortedEntries(inc.newPurgedSnaps, byBigint)
  const epochOp =
    purged.length === 0
      ? []
      : [
          put(
            PREFIX,
            purgedEpochKey(inc.epoch),
            encoded((w) =>
              w.map(
                inc.newPurgedSnaps,
                byBigint,
                (out, pool) => {
                  out.i64(pool)
                },
                encodeSnapIntervals,
              ),
            ),
          ),
        ]
  const ranges = [
    ...purged.flatMap(([pool, snaps]) =>
      snaps.map(([start, length]) => [pool, start, start + length] as const),
    ),
    ...sortedEntries(pseudoPurged, byBigint).flatMap(([pool, snaps]) =>
      [...snaps].sort(byBigint).map((snap) => [pool, snap, snap + 1n] as const),
    ),
  ]
  return [
    ...epochOp,
    ...ranges.flatMap(([pool, begin, end]) => rangeOps(world, inc.epoch, pool, { begin, end })),
  ]
}

const rangeOps = (world: World, epoch: number, pool: bigint, range: PurgedRange): readonly Op[] => {
  const before = purgedRangeOf(world.store, pool, range.begin - 1n)
  const after = purgedRangeOf(world.store, pool, range.end)
  const begin = before?.begin ?? range.begin
  const end = after?.end ?? range.end
  const value = encoded((w) => {
    w.u64(begin)
    w.u64(end)
    w.u32(epoch)
  })
  const record = put(PREFIX, purgedSnapKey(pool, end - 1n), value)
  return before === undefined ? [record] : [erase(PREFIX, purgedSnapKey(pool, before.end - 1n)), record]
}
