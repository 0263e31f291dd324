import { byBigint, byNumber } from '../base/ordered.ts'
import type { Reader } from '../codec/reader.ts'
import type { Writer } from '../codec/writer.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'
import { PRIORITY } from './raw.ts'

/**
 * Asks which snapshots were purged in a range of epochs.
 *
 * Grammar: paxos prefix, u32 start, u32 last. Source: ceph src/messages/MMonGetPurgedSnaps.h.
 */
export interface MMonGetPurgedSnaps {
  readonly _tag: 'MMonGetPurgedSnaps'
  readonly version: bigint
  readonly start: number
  readonly last: number
}

export const MMonGetPurgedSnaps = messageCodec<MMonGetPurgedSnaps>({
  name: 'MMonGetPurgedSnaps',
  type: 76,
  version: 1,
  priority: PRIORITY.default,
  decode: (r) => ({
    _tag: 'MMonGetPurgedSnaps',
    version: decodePaxosPrefix(r),
    start: r.u32(),
    last: r.u32(),
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    w.u32(m.start)
    w.u32(m.last)
  },
})

/** Pool to intervals of snapshot ids (start → length). */
export type SnapsByPool = ReadonlyMap<bigint, ReadonlyMap<bigint, bigint>>

/**
 * Grammar: paxos prefix, u32 start, u32 last, map u32 epoch → map i64 pool → map u64 start → u64 length.
 * Source: ceph src/messages/MMonGetPurgedSnapsReply.h.
 */
export interface MMonGetPurgedSnapsReply {
  readonly _tag: 'MMonGetPurgedSnapsReply'
  readonly version: bigint
  readonly start: number
  readonly last: number
  readonly purgedSnaps: ReadonlyMap<number, SnapsByPool>
}

const decodeSnapsByPool = (r: Reader): SnapsByPool =>
  r.map(r.i64, (v) =>
    v.map(
      (start) => start.u64(),
      (length) => length.u64(),
    ),
  )

const encodeIntervals = (w: Writer, intervals: ReadonlyMap<bigint, bigint>): void =>
  w.map(
    intervals,
    byBigint,
    (k, start) => k.u64(start),
    (v, length) => v.u64(length),
  )

const encodeSnapsByPool = (w: Writer, snaps: SnapsByPool): void =>
  w.map(snaps, byBigint, (k, pool) => k.i64(pool), encodeIntervals)

export const MMonGetPurgedSnapsReply = messageCodec<MMonGetPurgedSnapsReply>({
  name: 'MMonGetPurgedSnapsReply',
  type: 77,
  version: 1,
  decode: (r) => ({
    _tag: 'MMonGetPurgedSnapsReply',
    version: decodePaxosPrefix(r),
    start: r.u32(),
    last: r.u32(),
    purgedSnaps: r.map(r.u32, decodeSnapsByPool),
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    w.u32(m.start)
    w.u32(m.last)
    w.map(m.purgedSnaps, byNumber, (k, epoch) => k.u32(epoch), encodeSnapsByPool)
  },
})
