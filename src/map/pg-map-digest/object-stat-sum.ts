/**
 * What a set of objects adds up to (object_stat_sum_t, object_stat_collection_t).
 *
 * Grammar: versioned 20/14 { i64 of each name below, in order; the four modes are i32 };
 *          collection = versioned 2/2 { sum, u32 0 }.
 * Source: ceph src/osd/osd_types.h, osd_types.cc object_stat_sum_t.
 */
import type { Reader } from '../../codec/reader.ts'
import type { Writer } from '../../codec/writer.ts'

const FIELDS = [
  'numBytes',
  'numObjects',
  'numObjectClones',
  'numObjectCopies',
  'numObjectsMissingOnPrimary',
  'numObjectsDegraded',
  'numObjectsUnfound',
  'numRd',
  'numRdKb',
  'numWr',
  'numWrKb',
  'numScrubErrors',
  'numObjectsRecovered',
  'numBytesRecovered',
  'numKeysRecovered',
  'numShallowScrubErrors',
  'numDeepScrubErrors',
  'numObjectsDirty',
  'numWhiteouts',
  'numObjectsOmap',
  'numObjectsHitSetArchive',
  'numObjectsMisplaced',
  'numBytesHitSetArchive',
  'numFlush',
  'numFlushKb',
  'numEvict',
  'numEvictKb',
  'numPromote',
  'numFlushModeHigh',
  'numFlushModeLow',
  'numEvictModeSome',
  'numEvictModeFull',
  'numObjectsPinned',
  'numObjectsMissing',
  'numLegacySnapsets',
  'numLargeOmapObjects',
  'numObjectsManifest',
  'numOmapBytes',
  'numOmapKeys',
  'numObjectsRepaired',
] as const

export type ObjectStatSum = Readonly<Record<(typeof FIELDS)[number], bigint>>

const I32_FIELDS: ReadonlySet<string> = new Set([
  'numFlushModeHigh',
  'numFlushModeLow',
  'numEvictModeSome',
  'numEvictModeFull',
])

const STRUCT_V = 20
const COMPAT = 14

const sumOf = (value: (name: (typeof FIELDS)[number]) => bigint): ObjectStatSum =>
  Object.fromEntries(FIELDS.map((name) => [name, value(name)])) as ObjectStatSum

export const NO_OBJECTS: ObjectStatSum = sumOf(() => 0n)

export const decodeObjectStatSum = (r: Reader): ObjectStatSum =>
  r.versioned(STRUCT_V, (structV) => {
    if (!r.failed && structV < STRUCT_V) r.bad(`object_stat_sum_t version ${structV}`)
    return sumOf((name) => (I32_FIELDS.has(name) ? BigInt(r.i32()) : r.i64()))
  })

export const encodeObjectStatSum = (w: Writer, sum: ObjectStatSum): void =>
  w.versioned(STRUCT_V, COMPAT, () => {
    for (const name of FIELDS)
      if (I32_FIELDS.has(name)) w.i32(Number(sum[name]))
      else w.i64(sum[name])
  })

export const decodeObjectStatCollection = (r: Reader): ObjectStatSum =>
  r.versioned(2, () => {
    const sum = decodeObjectStatSum(r)
    r.u32()
    return sum
  })

export const encodeObjectStatCollection = (w: Writer, sum: ObjectStatSum): void =>
  w.versioned(2, 2, () => {
    encodeObjectStatSum(w, sum)
    // Sums by category, which there are none of since Hammer.
    w.u32(0)
  })
