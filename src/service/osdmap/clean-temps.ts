/** Temporary mappings that serve no purpose any more end with the epoch. Source: ceph src/osd/OSDMap.cc OSDMap::clean_temps. */
import { withEntry, withoutEntry } from '../../base/ordered.ts'
import type { PgKey } from '../../codec/type/pg-key.ts'
import { poolOfPgKey } from '../../codec/type/pg-key.ts'
import type { Incremental } from '../../map/osd-map/incremental.ts'
import { osdIsUp, type OsdMap } from '../../map/osd-map/osd-map.ts'
import { placementOf } from '../../map/osd-map/placement.ts'

type Verdict = 'keep' | 'clear' | 'forget'

const sameOsds = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((osd, i) => osd === b[i])

// What is new with this epoch need not be removed by it: it is forgotten.
const redundant = (isOld: boolean): Verdict => (isOld ? 'clear' : 'forget')

const judgePgTemp = (old: OsdMap, next: OsdMap, pg: PgKey, osds: readonly number[]): Verdict => {
  const pool = next.pools.get(poolOfPgKey(pg))
  if (pool === undefined || !osds.some((osd) => osdIsUp(next, osd))) return 'clear'
  return osds.length > pool.size || sameOsds(placementOf(next, pg).up, osds)
    ? redundant(old.pgTemp.has(pg))
    : 'keep'
}

const judgePrimaryTemp = (old: OsdMap, next: OsdMap, pg: PgKey, osd: number): Verdict => {
  if (!osdIsUp(next, osd)) return 'clear'
  const { upPrimary, actingPrimary } = placementOf(next, pg)
  return upPrimary === actingPrimary ? redundant(old.primaryTemp.has(pg)) : 'keep'
}

const corrected = <V>(
  changes: ReadonlyMap<PgKey, V>,
  next: ReadonlyMap<PgKey, V>,
  none: V,
  judge: (pg: PgKey, value: V) => Verdict,
): ReadonlyMap<PgKey, V> => {
  let result = changes
  for (const [pg, value] of next) {
    const verdict = judge(pg, value)
    if (verdict === 'clear') result = withEntry(result, pg, none)
    if (verdict === 'forget') result = withoutEntry(result, pg)
  }
  return result
}

const NOBODY: readonly number[] = []
const NO_PRIMARY = -1

/** `inc`, which makes `next` of `old`, without and against needless temporary mappings. */
export const withCleanTemps = (old: OsdMap, next: OsdMap, inc: Incremental): Incremental => ({
  ...inc,
  newPgTemp: corrected(inc.newPgTemp, next.pgTemp, NOBODY, (pg, osds) => judgePgTemp(old, next, pg, osds)),
  newPrimaryTemp: corrected(inc.newPrimaryTemp, next.primaryTemp, NO_PRIMARY, (pg, osd) =>
    judgePrimaryTemp(old, next, pg, osd),
  ),
})
