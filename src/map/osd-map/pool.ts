/**
 * A pool (pg_pool_t): how many placement groups, how many copies, which rule, and everything set on it.
 *
 * Grammar: versioned 29/5, 30/5 for a stretch pool; the fields in the order of `decodePool`, with constants that
 *          only old readers look at between them.
 * Source: ceph src/osd/osd_types.cc pg_pool_t::encode, decode. Versions before 29 (Nautilus) are refused.
 */
import { byBigint, byBytes } from '../../base/ordered.ts'
import type { Reader } from '../../codec/reader.ts'
import {
  decodeSnapIntervals,
  encodeSnapIntervals,
  type SnapIntervals,
} from '../../codec/type/snap-intervals.ts'
import { decodeStringMap, encodeStringMap, type StringMap } from '../../codec/type/string-map.ts'
import { decodeUtime, encodeUtime, type Utime, UTIME_ZERO } from '../../codec/type/utime.ts'
import type { Writer } from '../../codec/writer.ts'
import { CRUSH_ITEM_NONE } from '../crush/crush-map.ts'
import { decodeHitSetParams, encodeHitSetParams, type HitSetParams, NO_HIT_SET } from './hit-set-params.ts'
import { decodePgMergeMeta, encodePgMergeMeta, NO_PG_MERGE, type PgMergeMeta } from './pg-merge-meta.ts'
import { decodePoolSnap, encodePoolSnap, type PoolSnap } from './pool-snap.ts'
import { decodePoolOptions, encodePoolOptions, type PoolOptions } from './pool-option.ts'

export interface Pool {
  /** POOL_TYPE. */
  readonly type: number
  /** Copies or shards, and how many must be there for I/O. */
  readonly size: number
  readonly minSize: number
  readonly crushRule: number
  /** Hash from object name to placement group; 2 is rjenkins. */
  readonly objectHash: number
  readonly pgNum: number
  readonly pgpNum: number
  readonly pgNumTarget: number
  readonly pgpNumTarget: number
  readonly pgNumPending: number
  /** 0 off, 1 warn, 2 on, 255 unknown. */
  readonly pgAutoscaleMode: number
  readonly lastPgMergeMeta: PgMergeMeta
  /** Epochs. */
  readonly lastChange: number
  readonly lastForceOpResend: number
  readonly lastForceOpResendPrenautilus: number
  readonly lastForceOpResendPreluminous: number
  readonly snapSeq: bigint
  readonly snapEpoch: number
  readonly snaps: ReadonlyMap<bigint, PoolSnap>
  readonly removedSnaps: SnapIntervals
  readonly auid: bigint
  /** POOL_FLAG. */
  readonly flags: bigint
  readonly quotaMaxBytes: bigint
  readonly quotaMaxObjects: bigint
  /** Pools that are tiers of this one. */
  readonly tiers: ReadonlySet<bigint>
  /** -1 for none, as the next two. */
  readonly tierOf: bigint
  readonly readTier: bigint
  readonly writeTier: bigint
  /** CACHE_MODES. */
  readonly cacheMode: number
  readonly properties: StringMap
  readonly hitSetParams: HitSetParams
  readonly hitSetPeriodSec: number
  readonly hitSetCount: number
  readonly useGmtHitset: boolean
  readonly minReadRecencyForPromote: number
  readonly minWriteRecencyForPromote: number
  /** Percent by which each older hit set counts less. */
  readonly hitSetGradeDecayRate: number
  readonly hitSetSearchLastN: number
  readonly stripeWidth: number
  readonly targetMaxBytes: bigint
  readonly targetMaxObjects: bigint
  /** Millionths. */
  readonly cacheTargetDirtyRatioMicro: number
  readonly cacheTargetDirtyHighRatioMicro: number
  readonly cacheTargetFullRatioMicro: number
  readonly cacheMinFlushAgeSec: number
  readonly cacheMinEvictAgeSec: number
  readonly erasureCodeProfile: string
  readonly expectedNumObjects: bigint
  readonly fastRead: boolean
  readonly options: PoolOptions
  /** Application → its keys and values. */
  readonly applicationMetadata: ReadonlyMap<string, StringMap>
  readonly createTime: Utime
  /** Stretch mode; a count of 0 means that the pool is none. */
  readonly peeringCrushBucketCount: number
  readonly peeringCrushBucketTarget: number
  readonly peeringCrushBucketBarrier: number
  readonly peeringCrushMandatoryMember: number
}

/** pg_pool_t as constructed: nothing set. */
export const EMPTY_POOL: Pool = {
  type: 0,
  size: 0,
  minSize: 0,
  crushRule: 0,
  objectHash: 0,
  pgNum: 0,
  pgpNum: 0,
  pgNumTarget: 0,
  pgpNumTarget: 0,
  pgNumPending: 0,
  pgAutoscaleMode: 0xff,
  lastPgMergeMeta: NO_PG_MERGE,
  lastChange: 0,
  lastForceOpResend: 0,
  lastForceOpResendPrenautilus: 0,
  lastForceOpResendPreluminous: 0,
  snapSeq: 0n,
  snapEpoch: 0,
  snaps: new Map(),
  removedSnaps: [],
  auid: 0n,
  flags: 0n,
  quotaMaxBytes: 0n,
  quotaMaxObjects: 0n,
  tiers: new Set(),
  tierOf: -1n,
  readTier: -1n,
  writeTier: -1n,
  cacheMode: 0,
  properties: new Map(),
  hitSetParams: NO_HIT_SET,
  hitSetPeriodSec: 0,
  hitSetCount: 0,
  useGmtHitset: true,
  minReadRecencyForPromote: 0,
  minWriteRecencyForPromote: 0,
  hitSetGradeDecayRate: 0,
  hitSetSearchLastN: 0,
  stripeWidth: 0,
  targetMaxBytes: 0n,
  targetMaxObjects: 0n,
  cacheTargetDirtyRatioMicro: 0,
  cacheTargetDirtyHighRatioMicro: 0,
  cacheTargetFullRatioMicro: 0,
  cacheMinFlushAgeSec: 0,
  cacheMinEvictAgeSec: 0,
  erasureCodeProfile: '',
  expectedNumObjects: 0n,
  fastRead: false,
  options: new Map(),
  applicationMetadata: new Map(),
  createTime: UTIME_ZERO,
  peeringCrushBucketCount: 0,
  peeringCrushBucketTarget: 0,
  peeringCrushBucketBarrier: 0,
  peeringCrushMandatoryMember: CRUSH_ITEM_NONE,
}

export const isStretchPool = (pool: Pool): boolean => pool.peeringCrushBucketCount !== 0

const VERSION_OLDEST = 29
const VERSION_STRETCH = 30
const COMPAT = 5

export const decodePool = (r: Reader): Pool =>
  r.versioned(VERSION_STRETCH, (structV) => {
    if (structV < VERSION_OLDEST) r.bad(`pg_pool_t version ${structV}`)
    const pool = decodeFields(r)
    return structV < VERSION_STRETCH ? pool : { ...pool, ...decodeStretch(r) }
  })

const decodeFields = (r: Reader): Pool => {
  const type = r.u8()
  const size = r.u8()
  const crushRule = r.u8()
  const objectHash = r.u8()
  const pgNum = r.u32()
  const pgpNum = r.u32()
  r.raw(8)
  const lastChange = r.u32()
  const snapSeq = r.u64()
  const snapEpoch = r.u32()
  const snaps = r.map(r.u64, decodePoolSnap)
  const removedSnaps = decodeSnapIntervals(r)
  const auid = r.u64()
  const flags = r.u64()
  r.u32()
  const caching = decodeCaching(r)
  return {
    ...EMPTY_POOL,
    type,
    size,
    crushRule,
    objectHash,
    pgNum,
    pgpNum,
    lastChange,
    snapSeq,
    snapEpoch,
    snaps,
    removedSnaps,
    auid,
    flags,
    ...caching,
    ...decodeNewer(r),
  }
}

const decodeCaching = (r: Reader) => ({
  minSize: r.u8(),
  quotaMaxBytes: r.u64(),
  quotaMaxObjects: r.u64(),
  tiers: r.set(r.u64),
  tierOf: r.i64(),
  cacheMode: r.u8(),
  readTier: r.i64(),
  writeTier: r.i64(),
  properties: decodeStringMap(r),
  hitSetParams: decodeHitSetParams(r),
  hitSetPeriodSec: r.u32(),
  hitSetCount: r.u32(),
  stripeWidth: r.u32(),
  targetMaxBytes: r.u64(),
  targetMaxObjects: r.u64(),
  cacheTargetDirtyRatioMicro: r.u32(),
  cacheTargetFullRatioMicro: r.u32(),
  cacheMinFlushAgeSec: r.u32(),
  cacheMinEvictAgeSec: r.u32(),
  erasureCodeProfile: r.string(),
})

const decodeNewer = (r: Reader) => {
  const fields = {
    lastForceOpResendPreluminous: r.u32(),
    minReadRecencyForPromote: r.u32(),
    expectedNumObjects: r.u64(),
    cacheTargetDirtyHighRatioMicro: r.u32(),
    minWriteRecencyForPromote: r.u32(),
    useGmtHitset: r.bool(),
    fastRead: r.bool(),
    hitSetGradeDecayRate: r.u32(),
    hitSetSearchLastN: r.u32(),
    options: decodePoolOptions(r),
    lastForceOpResendPrenautilus: r.u32(),
    applicationMetadata: r.map(r.string, decodeStringMap),
    createTime: decodeUtime(r),
    pgNumTarget: r.u32(),
    pgpNumTarget: r.u32(),
    pgNumPending: r.u32(),
  }
  r.raw(8)
  return {
    ...fields,
    lastForceOpResend: r.u32(),
    pgAutoscaleMode: r.u8(),
    lastPgMergeMeta: decodePgMergeMeta(r),
  }
}

const decodeStretch = (r: Reader) => ({
  peeringCrushBucketCount: r.u32(),
  peeringCrushBucketTarget: r.u32(),
  peeringCrushBucketBarrier: r.u32(),
  peeringCrushMandatoryMember: r.i32(),
})

export const encodePool = (w: Writer, pool: Pool): void => {
  const stretch = isStretchPool(pool)
  w.versioned(stretch ? VERSION_STRETCH : VERSION_OLDEST, COMPAT, () => {
    encodeHead(w, pool)
    encodeCaching(w, pool)
    encodeNewer(w, pool)
    if (!stretch) return
    w.u32(pool.peeringCrushBucketCount)
    w.u32(pool.peeringCrushBucketTarget)
    w.u32(pool.peeringCrushBucketBarrier)
    w.i32(pool.peeringCrushMandatoryMember)
  })
}

const encodeHead = (w: Writer, pool: Pool): void => {
  w.u8(pool.type)
  w.u8(pool.size)
  w.u8(pool.crushRule)
  w.u8(pool.objectHash)
  w.u32(pool.pgNum)
  w.u32(pool.pgpNum)
  // Localized placement groups, which there are none of.
  w.u32(0)
  w.u32(0)
  w.u32(pool.lastChange)
  w.u64(pool.snapSeq)
  w.u32(pool.snapEpoch)
  w.map(pool.snaps, byBigint, (out, id) => void out.u64(id), encodePoolSnap)
  encodeSnapIntervals(w, pool.removedSnaps)
  w.u64(pool.auid)
  w.u64(pool.flags)
  // The crash replay interval, gone since Jewel.
  w.u32(0)
}

const encodeCaching = (w: Writer, pool: Pool): void => {
  w.u8(pool.minSize)
  w.u64(pool.quotaMaxBytes)
  w.u64(pool.quotaMaxObjects)
  w.set(pool.tiers, byBigint, (out, id) => void out.u64(id))
  w.i64(pool.tierOf)
  w.u8(pool.cacheMode)
  w.i64(pool.readTier)
  w.i64(pool.writeTier)
  encodeStringMap(w, pool.properties)
  encodeHitSetParams(w, pool.hitSetParams)
  w.u32(pool.hitSetPeriodSec)
  w.u32(pool.hitSetCount)
  w.u32(pool.stripeWidth)
  w.u64(pool.targetMaxBytes)
  w.u64(pool.targetMaxObjects)
  w.u32(pool.cacheTargetDirtyRatioMicro)
  w.u32(pool.cacheTargetFullRatioMicro)
  w.u32(pool.cacheMinFlushAgeSec)
  w.u32(pool.cacheMinEvictAgeSec)
  w.string(pool.erasureCodeProfile)
}

const encodeNewer = (w: Writer, pool: Pool): void => {
  w.u32(pool.lastForceOpResendPreluminous)
  w.u32(pool.minReadRecencyForPromote)
  w.u64(pool.expectedNumObjects)
  w.u32(pool.cacheTargetDirtyHighRatioMicro)
  w.u32(pool.minWriteRecencyForPromote)
  w.bool(pool.useGmtHitset)
  w.bool(pool.fastRead)
  w.u32(pool.hitSetGradeDecayRate)
  w.u32(pool.hitSetSearchLastN)
  encodePoolOptions(w, pool.options)
  w.u32(pool.lastForceOpResendPrenautilus)
  w.map(pool.applicationMetadata, byBytes, (out, name) => void out.string(name), encodeStringMap)
  encodeUtime(w, pool.createTime)
  w.u32(pool.pgNumTarget)
  w.u32(pool.pgpNumTarget)
  w.u32(pool.pgNumPending)
  // Two epochs of decreasing pg_num, of development versions only.
  w.u32(0)
  w.u32(0)
  w.u32(pool.lastForceOpResend)
  w.u8(pool.pgAutoscaleMode)
  encodePgMergeMeta(w, pool.lastPgMergeMeta)
}
