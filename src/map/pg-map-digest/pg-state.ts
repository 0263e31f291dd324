/** States of a placement group as text. Source: ceph src/osd/osd_types.h PG_STATE_*, osd_types.cc pg_state_string. */

// In the order in which they are joined.
const NAMES: readonly (readonly [bit: number, name: string])[] = [
  [17, 'stale'],
  [0, 'creating'],
  [1, 'active'],
  [24, 'activating'],
  [2, 'clean'],
  [22, 'recovery_wait'],
  [28, 'recovery_toofull'],
  [14, 'recovering'],
  [30, 'forced_recovery'],
  [4, 'down'],
  [5, 'recovery_unfound'],
  [6, 'backfill_unfound'],
  [23, 'undersized'],
  [10, 'degraded'],
  [18, 'remapped'],
  [7, 'premerge'],
  [8, 'scrubbing'],
  [19, 'deep'],
  [11, 'inconsistent'],
  [12, 'peering'],
  [13, 'repair'],
  [15, 'backfill_wait'],
  [20, 'backfilling'],
  [31, 'forced_backfill'],
  [21, 'backfill_toofull'],
  [16, 'incomplete'],
  [25, 'peered'],
  [26, 'snaptrim'],
  [27, 'snaptrim_wait'],
  [29, 'snaptrim_error'],
  [32, 'failed_repair'],
  [33, 'laggy'],
  [34, 'wait'],
]

/** `active+clean`; `unknown` for no state at all. */
export const pgStateName = (state: bigint): string => {
  const names = NAMES.filter(([bit]) => (state & (1n << BigInt(bit))) !== 0n).map(([, name]) => name)
  return names.length === 0 ? 'unknown' : names.join('+')
}
