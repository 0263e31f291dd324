/**
 * Variables of a pool that matter to cache tiers only, and how each is set.
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_pool_set.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { HitSetParams } from '../../map/osd-map/hit-set-params.ts'
import type { Pool } from '../../map/osd-map/pool.ts'
import { ERRNO, printErrno } from '../errno.ts'
import {
  invalid,
  type PoolChange,
  type PoolSetter,
  type PoolVariableInput,
  refuse,
  withInteger,
} from './pool-variable.ts'

const MICRO = 1_000_000

const hitSetType: PoolSetter = (pool, { text, world }) => {
  const params = hitSetParams(text, world.options.float('osd_pool_default_hit_set_bloom_fpp'))
  return params === undefined
    ? invalid(`unrecognized hit_set type '${text}'`)
    : E.right({ ...pool, hitSetParams: params })
}

/** Parameters of a new hit set; undefined for a type that there is not. */
export const hitSetParams = (type: string, fpp: number): HitSetParams | undefined => {
  switch (type) {
    case 'none':
    case 'explicit_hash':
    case 'explicit_object':
      return { type }
    case 'bloom':
      return { type, fppMicro: Math.trunc(fpp * MICRO), targetSize: 0n, seed: 0n }
    default:
      return undefined
  }
}

const nonNegative =
  (set: (pool: Pool, n: number) => Pool): PoolSetter =>
  (pool, input) =>
    withInteger(input, (n) =>
      n < 0 ? invalid(`${input.name} should be non-negative`) : E.right(set(pool, n)),
    )

const withFloat = (
  { text, float }: PoolVariableInput,
  kind: string,
  run: (f: number) => PoolChange,
): PoolChange =>
  E.isLeft(float) ? invalid(`error parsing ${kind} '${text}': ${float.left}`) : run(float.right)

const hitSetFpp: PoolSetter = (pool, input) =>
  withFloat(input, 'floating point value', (f) => {
    if (f < 0 || f > 1) return invalid('hit_set_fpp should be in the range 0..1')
    if (pool.hitSetParams.type !== 'bloom')
      return invalid('hit set is not of type Bloom; invalid to set a false positive rate!')
    return E.right({ ...pool, hitSetParams: { ...pool.hitSetParams, fppMicro: Math.trunc(f * MICRO) } })
  })

const useGmtHitset: PoolSetter = (pool, { text, integer }) =>
  text === 'true' || (E.isRight(integer) && integer.right === 1n)
    ? E.right({ ...pool, useGmtHitset: true })
    : invalid("expecting value 'true' or '1'")

const integer =
  (set: (pool: Pool, n: number) => Pool): PoolSetter =>
  (pool, input) =>
    withInteger(input, (n) => E.right(set(pool, n)))

// These say `error parsing int`.
const shortInteger =
  (set: (pool: Pool, n: bigint) => Pool): PoolSetter =>
  (pool, { text, integer: n }) =>
    E.isLeft(n) ? invalid(`error parsing int '${text}': ${n.left}`) : E.right(set(pool, n.right))

const ratio =
  (set: (pool: Pool, micro: number) => Pool): PoolSetter =>
  (pool, input) =>
    withFloat(input, 'float', (f) =>
      f < 0 || f > 1
        ? refuse(ERRNO.ERANGE, 'value must be in the range 0..1')
        : E.right(set(pool, Math.round(f * MICRO))),
    )

const upTo =
  (max: (pool: Pool) => number, text: string, set: (pool: Pool, n: number) => Pool): PoolSetter =>
  (pool, input) =>
    withInteger(input, (n) =>
      n > max(pool) || n < 0
        ? invalid(`value out of range,valid range is 0 - ${text}`)
        : E.right(set(pool, n)),
    )

const onTierOnly =
  (set: PoolSetter): PoolSetter =>
  (pool, input) =>
    pool.tierOf >= 0n ? set(pool, input) : refuse(ERRNO.EACCES, printErrno(ERRNO.EACCES))

const DECAY_PERCENT_MAX = 100

const SETTERS: readonly (readonly [string, PoolSetter])[] = [
  ['hit_set_type', hitSetType],
  ['hit_set_period', nonNegative((pool, n) => ({ ...pool, hitSetPeriodSec: n }))],
  ['hit_set_count', nonNegative((pool, n) => ({ ...pool, hitSetCount: n }))],
  ['hit_set_fpp', hitSetFpp],
  ['use_gmt_hitset', useGmtHitset],
  ['target_max_objects', shortInteger((pool, n) => ({ ...pool, targetMaxObjects: n }))],
  ['target_max_bytes', shortInteger((pool, n) => ({ ...pool, targetMaxBytes: n }))],
  ['cache_target_dirty_ratio', ratio((pool, n) => ({ ...pool, cacheTargetDirtyRatioMicro: n }))],
  ['cache_target_dirty_high_ratio', ratio((pool, n) => ({ ...pool, cacheTargetDirtyHighRatioMicro: n }))],
  ['cache_target_full_ratio', ratio((pool, n) => ({ ...pool, cacheTargetFullRatioMicro: n }))],
  ['cache_min_flush_age', shortInteger((pool, n) => ({ ...pool, cacheMinFlushAgeSec: Number(n) }))],
  ['cache_min_evict_age', shortInteger((pool, n) => ({ ...pool, cacheMinEvictAgeSec: Number(n) }))],
  ['min_read_recency_for_promote', integer((pool, n) => ({ ...pool, minReadRecencyForPromote: n }))],
  ['min_write_recency_for_promote', integer((pool, n) => ({ ...pool, minWriteRecencyForPromote: n }))],
  [
    'hit_set_grade_decay_rate',
    upTo(
      () => DECAY_PERCENT_MAX,
      '100',
      (pool, n) => ({ ...pool, hitSetGradeDecayRate: n }),
    ),
  ],
  [
    'hit_set_search_last_n',
    upTo(
      (pool) => pool.hitSetCount,
      'hit_set_count',
      (pool, n) => ({ ...pool, hitSetSearchLastN: n }),
    ),
  ],
]

/** By name; each refuses a pool that is no tier, without words. */
export const TIER_SETTERS: readonly (readonly [string, PoolSetter])[] = SETTERS.map(
  ([name, set]) => [name, onTierOnly(set)] as const,
)
