/**
 * What the manager tells the monitors of all placement groups: sums only.
 *
 * Grammar: versioned 4/1, fields in the order of `decodePgMapDigest`; pg_count = i32 acting, up_not_acting, primary.
 * Source: ceph src/mon/PGMap.h, PGMap.cc PGMapDigest. Versions before 4 (Nautilus) are refused.
 */
import { byBigint, byBytes, byNumber } from '../../base/ordered.ts'
import type { Reader } from '../../codec/reader.ts'
import {
  decodeSnapIntervals,
  encodeSnapIntervals,
  type SnapIntervals,
} from '../../codec/type/snap-intervals.ts'
import { decodeUtime, encodeUtime, type Utime, UTIME_ZERO } from '../../codec/type/utime.ts'
import type { Writer } from '../../codec/writer.ts'
import { decodeOsdStat, encodeOsdStat, NO_OSD_STAT, type OsdStat } from './osd-stat.ts'
import { decodePoolStat, encodePoolStat, NO_POOL_STAT, type PoolStat } from './pool-stat.ts'

/** Placement groups on one OSD. */
export interface PgCount {
  readonly acting: number
  readonly upNotActing: number
  readonly primary: number
}

export interface PgMapDigest {
  readonly numPg: bigint
  readonly numPgActive: bigint
  readonly numPgUnknown: bigint
  readonly numOsd: bigint
  readonly poolSums: ReadonlyMap<number, PoolStat>
  readonly pgSum: PoolStat
  readonly osdSum: OsdStat
  /** PG_STATE bits → how many. */
  readonly numPgByState: ReadonlyMap<bigint, number>
  readonly numPgByOsd: ReadonlyMap<number, PgCount>
  readonly numPgByPool: ReadonlyMap<bigint, bigint>
  readonly osdLastSeq: readonly bigint[]
  /** Change over the last seconds, and how long those were. */
  readonly poolSumDeltas: ReadonlyMap<bigint, readonly [delta: PoolStat, over: Utime]>
  readonly poolSumDeltaStamps: ReadonlyMap<bigint, Utime>
  readonly pgSumDelta: PoolStat
  readonly stampDelta: Utime
  readonly availSpaceByRule: ReadonlyMap<number, bigint>
  readonly purgedSnaps: ReadonlyMap<bigint, SnapIntervals>
  readonly osdSumByClass: ReadonlyMap<string, OsdStat>
}

/** Before any manager has reported. */
export const EMPTY_PG_MAP_DIGEST: PgMapDigest = {
  numPg: 0n,
  numPgActive: 0n,
  numPgUnknown: 0n,
  numOsd: 0n,
  poolSums: new Map(),
  pgSum: NO_POOL_STAT,
  osdSum: NO_OSD_STAT,
  numPgByState: new Map(),
  numPgByOsd: new Map(),
  numPgByPool: new Map(),
  osdLastSeq: [],
  poolSumDeltas: new Map(),
  poolSumDeltaStamps: new Map(),
  pgSumDelta: NO_POOL_STAT,
  stampDelta: UTIME_ZERO,
  availSpaceByRule: new Map(),
  purgedSnaps: new Map(),
  osdSumByClass: new Map(),
}

export const decodePgCount = (r: Reader): PgCount => ({
  acting: r.i32(),
  upNotActing: r.i32(),
  primary: r.i32(),
})

export const encodePgCount = (w: Writer, count: PgCount): void => {
  w.i32(count.acting)
  w.i32(count.upNotActing)
  w.i32(count.primary)
}

const STRUCT_V = 4

export const decodePgMapDigest = (r: Reader): PgMapDigest =>
  r.versioned(STRUCT_V, (structV) => {
    if (!r.failed && structV < STRUCT_V) r.bad(`PGMapDigest version ${structV}`)
    return {
      numPg: r.i64(),
      numPgActive: r.i64(),
      numPgUnknown: r.i64(),
      numOsd: r.i64(),
      poolSums: r.map(r.i32, decodePoolStat),
      pgSum: decodePoolStat(r),
      osdSum: decodeOsdStat(r),
      numPgByState: r.map(r.u64, r.i32),
      numPgByOsd: r.map(r.i32, decodePgCount),
      numPgByPool: r.map(r.i64, r.i64),
      osdLastSeq: r.array(r.u64),
      poolSumDeltas: r.map(r.i64, () => [decodePoolStat(r), decodeUtime(r)] as const),
      poolSumDeltaStamps: r.map(r.i64, decodeUtime),
      pgSumDelta: decodePoolStat(r),
      stampDelta: decodeUtime(r),
      availSpaceByRule: r.map(r.i32, r.i64),
      purgedSnaps: r.map(r.i64, decodeSnapIntervals),
      osdSumByClass: r.map(r.string, decodeOsdStat),
    }
  })

const i32 = (w: Writer, n: number): void => w.i32(n)
const i64 = (w: Writer, n: bigint): void => w.i64(n)
const u64 = (w: Writer, n: bigint): void => w.u64(n)

// Ceph keeps these in hash maps and writes them in whatever order those have; ours is the order they came in.
const unordered = <K, V>(
  w: Writer,
  map: ReadonlyMap<K, V>,
  key: (w: Writer, k: K) => void,
  value: (w: Writer, v: V) => void,
): void =>
  w.array([...map], (out, [k, v]) => {
    key(out, k)
    value(out, v)
  })

export const encodePgMapDigest = (w: Writer, digest: PgMapDigest): void =>
  w.versioned(STRUCT_V, 1, () => {
    w.i64(digest.numPg)
    w.i64(digest.numPgActive)
    w.i64(digest.numPgUnknown)
    w.i64(digest.numOsd)
    unordered(w, digest.poolSums, i32, encodePoolStat)
    encodePoolStat(w, digest.pgSum)
    encodeOsdStat(w, digest.osdSum)
    unordered(w, digest.numPgByState, u64, i32)
    unordered(w, digest.numPgByOsd, i32, encodePgCount)
    w.map(digest.numPgByPool, byBigint, i64, i64)
    w.array(digest.osdLastSeq, u64)
    unordered(w, digest.poolSumDeltas, i64, (out, [delta, over]) => {
      encodePoolStat(out, delta)
      encodeUtime(out, over)
    })
    unordered(w, digest.poolSumDeltaStamps, i64, encodeUtime)
    encodePoolStat(w, digest.pgSumDelta)
    encodeUtime(w, digest.stampDelta)
    w.map(digest.availSpaceByRule, byNumber, i32, i64)
    w.map(digest.purgedSnaps, byBigint, i64, encodeSnapIntervals)
    w.map(digest.osdSumByClass, byBytes, (out, name) => out.string(name), encodeOsdStat)
  })
