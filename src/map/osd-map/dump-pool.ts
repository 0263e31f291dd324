/** A pool as `ceph osd dump` shows it, in JSON and in a line. Source: ceph src/osd/osd_types.cc pg_pool_t::dump, operator<<. */
import type { Json, JsonRecord } from '../../base/json.ts'
import { printGeneral } from '../../base/json.ts'
import { byBigint, byBytes, sortedEntries } from '../../base/ordered.ts'
import { printSnapIntervals } from '../../codec/type/snap-intervals.ts'
import { printUtime } from '../../codec/type/utime.ts'
import {
  autoscaleModeName,
  cacheModeName,
  POOL_FLAG,
  POOL_TYPE,
  poolFlagNames,
  poolTypeName,
} from './constant.ts'
import { hitSetParamsJson, printHitSetParams } from './hit-set-params.ts'
import { pgMergeMetaJson } from './pg-merge-meta.ts'
import type { Pool } from './pool.ts'
import { poolOptionsJson, printPoolOptions } from './pool-option.ts'

/** Fields of a pool in `ceph osd dump -f json`, without its id and name. */
export const poolJson = (pool: Pool): JsonRecord => ({
  create_time: printUtime(pool.createTime),
  flags: pool.flags,
  flags_names: poolFlagNames(pool.flags).join(','),
  type: pool.type,
  size: pool.size,
  min_size: pool.minSize,
  crush_rule: pool.crushRule,
  peering_crush_bucket_count: pool.peeringCrushBucketCount,
  peering_crush_bucket_target: pool.peeringCrushBucketTarget,
  peering_crush_bucket_barrier: pool.peeringCrushBucketBarrier,
  peering_crush_bucket_mandatory_member: pool.peeringCrushMandatoryMember,
  object_hash: pool.objectHash,
  pg_autoscale_mode: autoscaleModeName(pool.pgAutoscaleMode),
  pg_num: pool.pgNum,
  pg_placement_num: pool.pgpNum,
  pg_placement_num_target: pool.pgpNumTarget,
  pg_num_target: pool.pgNumTarget,
  pg_num_pending: pool.pgNumPending,
  last_pg_merge_meta: pgMergeMetaJson(pool.lastPgMergeMeta),
  // These four are texts in the original too.
  last_change: String(pool.lastChange),
  last_force_op_resend: String(pool.lastForceOpResend),
  last_force_op_resend_prenautilus: String(pool.lastForceOpResendPrenautilus),
  last_force_op_resend_preluminous: String(pool.lastForceOpResendPreluminous),
  auid: pool.auid,
  ...snapsJson(pool),
  ...cachingJson(pool),
  stripe_width: pool.stripeWidth,
  expected_num_objects: pool.expectedNumObjects,
  fast_read: pool.fastRead,
  options: poolOptionsJson(pool.options),
  application_metadata: applicationsJson(pool),
})

/** A pool in selfmanaged mode has snapshots that clients number; in pool mode it has named ones. */
const isPoolSnapsMode = (pool: Pool): boolean => (pool.flags & POOL_FLAG.POOL_SNAPS) !== 0n

const snapsJson = (pool: Pool): JsonRecord => ({
  snap_mode: isPoolSnapsMode(pool) ? 'pool' : 'selfmanaged',
  snap_seq: pool.snapSeq,
  snap_epoch: pool.snapEpoch,
  pool_snaps: sortedEntries(pool.snaps, byBigint).map(([, snap]) => ({
    snapid: snap.snapId,
    stamp: printUtime(snap.stamp),
    name: snap.name,
  })),
  removed_snaps: printSnapIntervals(pool.removedSnaps),
  quota_max_bytes: pool.quotaMaxBytes,
  quota_max_objects: pool.quotaMaxObjects,
  tiers: [...pool.tiers].sort(byBigint),
  tier_of: pool.tierOf,
  read_tier: pool.readTier,
  write_tier: pool.writeTier,
})

const cachingJson = (pool: Pool): JsonRecord => ({
  cache_mode: cacheModeName(pool.cacheMode),
  target_max_bytes: pool.targetMaxBytes,
  target_max_objects: pool.targetMaxObjects,
  cache_target_dirty_ratio_micro: pool.cacheTargetDirtyRatioMicro,
  cache_target_dirty_high_ratio_micro: pool.cacheTargetDirtyHighRatioMicro,
  cache_target_full_ratio_micro: pool.cacheTargetFullRatioMicro,
  cache_min_flush_age: pool.cacheMinFlushAgeSec,
  cache_min_evict_age: pool.cacheMinEvictAgeSec,
  erasure_code_profile: pool.erasureCodeProfile,
  hit_set_params: hitSetParamsJson(pool.hitSetParams),
  hit_set_period: pool.hitSetPeriodSec,
  hit_set_count: pool.hitSetCount,
  use_gmt_hitset: pool.useGmtHitset,
  min_read_recency_for_promote: pool.minReadRecencyForPromote,
  min_write_recency_for_promote: pool.minWriteRecencyForPromote,
  hit_set_grade_decay_rate: pool.hitSetGradeDecayRate,
  hit_set_search_last_n: pool.hitSetSearchLastN,
  grade_table: gradeTable(pool),
})

const GRADE_ONE = 1_000_000
// A count that an operator mistyped must not fill the memory.
const GRADES_MAX = 10_000

/** Weight of each hit set, newest first, in millionths. Source: ceph src/osd/osd_types.h pg_pool_t::calc_grade_table. */
const gradeTable = (pool: Pool): readonly number[] => {
  const grades: number[] = []
  for (let grade = GRADE_ONE; grades.length < Math.min(pool.hitSetCount, GRADES_MAX);) {
    grade = Math.trunc(grade * (1 - pool.hitSetGradeDecayRate / 100))
    grades.push(grade)
  }
  return grades
}

const applicationsJson = (pool: Pool): ReadonlyMap<string, Json> =>
  new Map(
    sortedEntries(pool.applicationMetadata, byBytes).map(
      ([name, keys]) => [name, new Map<string, Json>(sortedEntries(keys, byBytes))] as const,
    ),
  )

const RJENKINS = 2
const objectHashName = (hash: number): string =>
  hash === RJENKINS ? 'rjenkins' : hash === 1 ? 'linux' : 'unknown'

// ` name value` when the condition holds.
const when = (condition: boolean, text: string): string => (condition ? ` ${text}` : '')

/** What follows `pool 1 'name' ` in `ceph osd dump`. */
export const printPool = (pool: Pool): string => {
  const type = poolTypeName(pool.type)
  const resends = [
    pool.lastForceOpResend,
    pool.lastForceOpResendPrenautilus,
    pool.lastForceOpResendPreluminous,
  ]
  const parts = [
    type,
    when(pool.type === POOL_TYPE.erasure, `profile ${pool.erasureCodeProfile}`),
    ` size ${pool.size} min_size ${pool.minSize} crush_rule ${pool.crushRule}`,
    ` object_hash ${objectHashName(pool.objectHash)} pg_num ${pool.pgNum} pgp_num ${pool.pgpNum}`,
    when(pool.pgNumTarget !== pool.pgNum, `pg_num_target ${pool.pgNumTarget}`),
    when(pool.pgpNumTarget !== pool.pgpNum, `pgp_num_target ${pool.pgpNumTarget}`),
    when(pool.pgNumPending !== pool.pgNum, `pg_num_pending ${pool.pgNumPending}`),
    when(pool.pgAutoscaleMode !== 0xff, `autoscale_mode ${autoscaleModeName(pool.pgAutoscaleMode)}`),
    ` last_change ${pool.lastChange}`,
    when(
      resends.some((epoch) => epoch !== 0),
      `lfor ${resends.join('/')}`,
    ),
    when(pool.auid !== 0n, `owner ${pool.auid}`),
    when(pool.flags !== 0n, `flags ${poolFlagNames(pool.flags).join(',')}`),
    when(pool.quotaMaxBytes !== 0n, `max_bytes ${pool.quotaMaxBytes}`),
    when(pool.quotaMaxObjects !== 0n, `max_objects ${pool.quotaMaxObjects}`),
    printCaching(pool),
    ` stripe_width ${pool.stripeWidth}`,
    when(pool.expectedNumObjects !== 0n, `expected_num_objects ${pool.expectedNumObjects}`),
    when(pool.fastRead, 'fast_read 1'),
    printPoolOptions(pool.options, printGeneral),
    when(
      pool.applicationMetadata.size > 0,
      `application ${[...pool.applicationMetadata.keys()].sort(byBytes).join(',')}`,
    ),
  ]
  return parts.join('')
}

const printCaching = (pool: Pool): string =>
  [
    when(pool.tiers.size > 0, `tiers ${[...pool.tiers].sort(byBigint).join(',')}`),
    when(pool.tierOf >= 0n, `tier_of ${pool.tierOf}`),
    when(pool.readTier >= 0n, `read_tier ${pool.readTier}`),
    when(pool.writeTier >= 0n, `write_tier ${pool.writeTier}`),
    when(pool.cacheMode !== 0, `cache_mode ${cacheModeName(pool.cacheMode)}`),
    when(pool.targetMaxBytes !== 0n, `target_bytes ${pool.targetMaxBytes}`),
    when(pool.targetMaxObjects !== 0n, `target_objects ${pool.targetMaxObjects}`),
    when(
      pool.hitSetParams.type !== 'none',
      `hit_set ${printHitSetParams(pool.hitSetParams)} ${pool.hitSetPeriodSec}s x${pool.hitSetCount}` +
        ` decay_rate ${pool.hitSetGradeDecayRate} search_last_n ${pool.hitSetSearchLastN}`,
    ),
    when(
      pool.minReadRecencyForPromote !== 0,
      `min_read_recency_for_promote ${pool.minReadRecencyForPromote}`,
    ),
    when(
      pool.minWriteRecencyForPromote !== 0,
      `min_write_recency_for_promote ${pool.minWriteRecencyForPromote}`,
    ),
  ].join('')
