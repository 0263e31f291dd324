/**
 * How many sessions of which entity type have which features: `ceph features`.
 *
 * Grammar: FeatureMap = versioned 1/1 { map u32 entity type → map u64 features → u64 count }
 * Source: ceph src/mon/mon_types.h FeatureMap.
 */
import { byBigint, byNumber } from '../base/ordered.ts'
import type { Reader } from '../codec/reader.ts'
import type { Writer } from '../codec/writer.ts'

export type FeatureMap = ReadonlyMap<number, ReadonlyMap<bigint, bigint>>

export const decodeFeatureMap = (r: Reader): FeatureMap =>
  r.versioned(1, () => r.map(r.u32, () => r.map(r.u64, r.u64)))

export const encodeFeatureMap = (w: Writer, map: FeatureMap): void =>
  w.versioned(1, 1, () =>
    w.map(
      map,
      byNumber,
      (out, type) => out.u32(type),
      (out, counts) =>
        out.map(
          counts,
          byBigint,
          (o, features) => o.u64(features),
          (o, count) => o.u64(count),
        ),
    ),
  )

/** One more session of `type` with `features`. */
export const countSession = (map: FeatureMap, type: number, features: bigint): FeatureMap => {
  const counts = new Map(map.get(type))
  return new Map(map).set(type, counts.set(features, (counts.get(features) ?? 0n) + 1n))
}

/** The sessions of both. */
export const mergeFeatureMaps = (a: FeatureMap, b: FeatureMap): FeatureMap => {
  const merged = new Map(a)
  for (const [type, counts] of b) {
    const sum = new Map(merged.get(type))
    for (const [features, count] of counts) sum.set(features, (sum.get(features) ?? 0n) + count)
    merged.set(type, sum)
  }
  return merged
}
