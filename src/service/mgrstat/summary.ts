/** The `data:` part of `ceph status`. Source: ceph src/mon/PGMap.cc PGMapDigest::print_summary. */
import { jsonFloat, type JsonRecord } from '../../base/json.ts'
import { printBytes, printCount } from '../../base/si-units.ts'
import type { PgMapDigest } from '../../map/pg-map-digest/pg-map-digest.ts'
import { usedRaw } from '../../map/pg-map-digest/store-statfs.ts'
import { pgStateName } from '../../map/pg-map-digest/pg-state.ts'

/** States and how many groups have them, the most first. */
const byCount = (digest: PgMapDigest): readonly (readonly [state: bigint, count: number])[] =>
  [...digest.numPgByState].sort(([, a], [, b]) => b - a)

const ratio = (part: bigint, whole: bigint): number => Math.fround(Number(part) / Number(whole))

const inactive = (digest: PgMapDigest): bigint => digest.numPg - digest.numPgActive - digest.numPgUnknown

export const pgMapSummaryJson = (digest: PgMapDigest): JsonRecord => ({
  pgs_by_state: byCount(digest).map(([state, count]) => ({ state_name: pgStateName(state), count })),
  num_pgs: digest.numPg,
  num_pools: digest.poolSums.size,
  num_objects: digest.pgSum.stats.numObjects,
  data_bytes: digest.pgSum.stats.numBytes,
  bytes_used: usedRaw(digest.osdSum.statfs),
  bytes_avail: digest.osdSum.statfs.available,
  bytes_total: digest.osdSum.statfs.total,
  ...(digest.numPgUnknown > 0n
    ? { unknown_pgs_ratio: jsonFloat(ratio(digest.numPgUnknown, digest.numPg)) }
    : {}),
  ...(inactive(digest) > 0n ? { inactive_pgs_ratio: jsonFloat(ratio(inactive(digest), digest.numPg)) } : {}),
})

const PAD = ' '.repeat(13)
const percent = (part: bigint, whole: bigint): string => (ratio(part, whole) * 100).toFixed(3)

export const printPgMapSummary = (digest: PgMapDigest): string => {
  const { stats: objects } = digest.pgSum
  const { statfs } = digest.osdSum
  const states = byCount(digest)
  const width = Math.max(1, ...states.map(([, count]) => String(count).length))
  const pgs = [
    ...(digest.numPgUnknown > 0n ? [`${percent(digest.numPgUnknown, digest.numPg)}% pgs unknown\n`] : []),
    ...(inactive(digest) > 0n ? [`${percent(inactive(digest), digest.numPg)}% pgs not active\n`] : []),
    ...states.map(([state, count]) => `${String(count).padEnd(width)} ${pgStateName(state)}\n`),
  ]
  return (
    `    pools:   ${digest.poolSums.size} pools, ${digest.numPg} pgs\n` +
    `    objects: ${printCount(objects.numObjects)} objects, ${printBytes(objects.numBytes)}\n` +
    `    usage:   ${printBytes(usedRaw(statfs))} used, ${printBytes(statfs.available)} / ` +
    `${printBytes(statfs.total)} avail\n` +
    `    pgs:     ${pgs.join(PAD)}`
  )
}
