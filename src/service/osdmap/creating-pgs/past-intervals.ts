/**
 * Which OSDs may hold writes of a placement group from before its present interval (PastIntervals, compact form).
 *
 * Grammar: versioned 1/1 { u8 2, versioned 1/1 { u32 first, u32 last, set of shard, list of
 *          versioned 1/1 { u32 first, u32 last, set of shard } } }; u8 0 and nothing more for none at all.
 *          shard = i32 osd, i8 shard
 * Source: ceph src/osd/osd_types.cc PastIntervals::encode, pi_compact_rep.
 */
import type { Reader } from '../../../codec/reader.ts'
import type { Writer } from '../../../codec/writer.ts'

export interface PgShard {
  readonly osd: number
  /** -1 in a replicated pool. */
  readonly shard: number
}

/** Sorted by OSD, then shard, without duplicates. */
export type PgShards = readonly PgShard[]

/** Epochs, both inclusive. */
export interface PastInterval {
  readonly first: number
  readonly last: number
  readonly acting: PgShards
}

export interface PastIntervals {
  readonly first: number
  readonly last: number
  readonly allParticipants: PgShards
  readonly intervals: readonly PastInterval[]
}

export const NO_PAST_INTERVALS: PastIntervals = { first: 0, last: 0, allParticipants: [], intervals: [] }

const TYPE_NONE = 0
const TYPE_COMPACT = 2

const decodeShard = (r: Reader): PgShard => ({ osd: r.i32(), shard: r.i8() })
const encodeShard = (w: Writer, shard: PgShard): void => {
  w.i32(shard.osd)
  w.i8(shard.shard)
}

const decodeInterval = (r: Reader): PastInterval =>
  r.versioned(1, () => ({ first: r.u32(), last: r.u32(), acting: r.array(decodeShard) }))
const encodeInterval = (w: Writer, interval: PastInterval): void =>
  w.versioned(1, 1, () => {
    w.u32(interval.first)
    w.u32(interval.last)
    w.array(interval.acting, encodeShard)
  })

export const decodePastIntervals = (r: Reader): PastIntervals =>
  r.versioned(1, () => {
    const type = r.u8()
    if (type === TYPE_NONE) return NO_PAST_INTERVALS
    if (type !== TYPE_COMPACT) r.bad(`PastIntervals type ${type}`)
    return r.versioned(1, () => ({
      first: r.u32(),
      last: r.u32(),
      allParticipants: r.array(decodeShard),
      intervals: r.array(decodeInterval),
    }))
  })

export const encodePastIntervals = (w: Writer, past: PastIntervals): void =>
  w.versioned(1, 1, () => {
    w.u8(TYPE_COMPACT)
    w.versioned(1, 1, () => {
      w.u32(past.first)
      w.u32(past.last)
      w.array(past.allParticipants, encodeShard)
      w.array(past.intervals, encodeInterval)
    })
  })

const byShard = (a: PgShard, b: PgShard): number => a.osd - b.osd || a.shard - b.shard

const sortedShards = (shards: PgShards): PgShards =>
  [...shards].sort(byShard).filter((s, i, all) => i === 0 || byShard(s, all[i - 1] ?? s) !== 0)

const includes = (shards: PgShards, shard: PgShard): boolean => shards.some((s) => byShard(s, shard) === 0)

/**
 * `past` and one more interval. An interval in which nothing can have been written only adds to the participants;
 * a later interval of a subset of an earlier one's OSDs makes the earlier one superfluous.
 */
export const addPastInterval = (
  past: PastIntervals,
  interval: PastInterval,
  maybeWentRw: boolean,
): PastIntervals => {
  const acting = sortedShards(interval.acting)
  const next = {
    first: past.first === 0 ? interval.first : past.first,
    last: interval.last,
    allParticipants: sortedShards([...past.allParticipants, ...acting]),
  }
  if (!maybeWentRw) return { ...past, ...next }
  const kept = past.intervals.filter((earlier) => !acting.every((s) => includes(earlier.acting, s)))
  return { ...next, intervals: [...kept, { ...interval, acting }] }
}
