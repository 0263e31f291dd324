/**
 * Global ids: the number that a session keeps across reconnects. Every monitor gives them out alone: all share the
 * committed maximum, and each takes only ids whose remainder, by the number of monitors, is its own rank.
 *
 * Source: ceph src/mon/AuthMonitor.cc _assign_global_id, _should_increase_max_global_id.
 */

/** The first committed maximum; no id below it is ever given out. Source: ceph src/mon/AuthMonitor.h. */
export const MIN_GLOBAL_ID = 0x1000n

export interface GlobalIds {
  /** What this monitor gave out last; 0 before it has seen a committed maximum. */
  readonly lastAllocated: bigint
  /** The committed maximum: ids stay below. */
  readonly max: bigint
}

export const NO_GLOBAL_IDS: GlobalIds = { lastAllocated: 0n, max: 0n }

/** After a new maximum was committed: a monitor that just started goes on from there. */
export const withCommittedMax = (ids: GlobalIds, max: bigint): GlobalIds => ({
  lastAllocated: ids.lastAllocated === 0n ? max : ids.lastAllocated,
  max,
})

/**
 * The next id, and the state after it was given out; undefined when there is none below the maximum or this
 * monitor is not in the monmap.
 *
 * Shape: last + 1, rounded up to a multiple of the number of monitors, plus the rank.
 */
export const assignGlobalId = (
  ids: GlobalIds,
  monCount: number,
  rank: number,
): { readonly id: bigint; readonly ids: GlobalIds } | undefined => {
  if (monCount < 1 || rank < 0 || ids.lastAllocated === 0n) return undefined
  const count = BigInt(monCount)
  const id = ((ids.lastAllocated + count) / count) * count + BigInt(rank)
  return id < ids.max ? { id, ids: { ...ids, lastAllocated: id } } : undefined
}

/** Whether fewer than half of `prealloc` ids remain. */
export const shouldIncreaseMax = (ids: GlobalIds, prealloc: bigint): boolean =>
  ids.max < prealloc || ids.lastAllocated + 1n >= ids.max - prealloc / 2n
