/** `osd pool get`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::preprocess_command. */
import * as t from 'io-ts'
import { jsonFloat, type Json, printGeneral } from '../../../base/json.ts'
import { autoscaleModeName, POOL_FLAG, POOL_TYPE } from '../../../map/osd-map/constant.ts'
import type { OsdMap } from '../../../map/osd-map/osd-map.ts'
import { EMPTY_POOL, type Pool } from '../../../map/osd-map/pool.ts'
import { POOL_OPTIONS, poolOptionKey } from '../../../map/osd-map/pool-option.ts'
import { CephString, queryWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { failed, formatted } from '../../reply.ts'
import { csumTypeName } from '../csum-type.ts'
import { withPoolNamed } from '../pool-name.ts'

/** A variable of a pool: fields of the JSON output, lines of the plain one. */
interface Shown {
  readonly json: readonly (readonly [string, Json])[]
  readonly plain: readonly string[]
}

interface Variable {
  readonly name: string
  /** Makes sense for a cache tier, or for an erasure coded pool only. */
  readonly only?: 'tier' | 'erasure'
  readonly show: (pool: Pool, map: OsdMap) => Shown
}

const shown = (name: string, json: Json, plain: string): Shown => ({
  json: [[name, json]],
  plain: [`${name}: ${plain}`],
})

const integer = (name: string, of: (pool: Pool) => number | bigint, only?: 'tier' | 'erasure'): Variable => ({
  name,
  ...(only === undefined ? {} : { only }),
  show: (pool) => shown(name, of(pool), of(pool).toString()),
})

const flag = (name: string, bit: bigint, only?: 'erasure'): Variable => ({
  name,
  ...(only === undefined ? {} : { only }),
  show: (pool) => {
    const isSet = (pool.flags & bit) !== 0n
    return shown(name, isSet, String(isSet))
  },
})

const MICRO = 1_000_000

const ratio = (name: string, of: (pool: Pool) => number): Variable => ({
  name,
  only: 'tier',
  show: (pool) => {
    const micro = of(pool)
    const value = Math.fround(Math.fround(micro) / MICRO)
    return {
      json: [
        [`${name}_micro`, micro],
        [name, jsonFloat(value)],
      ],
      plain: [`${name}: ${printGeneral(value)}`],
    }
  },
})

const option = (name: string): Variable => ({
  name,
  show: (pool) => {
    const value = pool.options.get(poolOptionKey(name) ?? -1)
    if (value === undefined) return { json: [], plain: [] }
    if (name === 'csum_type') {
      const type = csumTypeName(Number(value.value))
      return shown(name, type, type)
    }
    return value.type === 'double'
      ? shown(name, jsonFloat(value.value), printGeneral(value.value))
      : shown(name, value.value, value.value.toString())
  },
})

const crushRule: Variable = {
  name: 'crush_rule',
  show: (pool, map) => {
    const rule = map.crush.ruleNames.get(pool.crushRule) ?? pool.crushRule.toString()
    return shown('crush_rule', rule, rule)
  },
}

const hitSetFpp: Variable = {
  name: 'hit_set_fpp',
  only: 'tier',
  show: (pool) => {
    if (pool.hitSetParams.type !== 'bloom') return { json: [], plain: [] }
    const fpp = pool.hitSetParams.fppMicro / MICRO
    return shown('hit_set_fpp', jsonFloat(fpp), printGeneral(fpp))
  },
}

// In the order in which `all` shows them. Options follow in the order of their keys; the newest ones, and the flag
// bulk, were added between and after.
const VARIABLES: readonly Variable[] = [
  integer('size', (p) => p.size),
  integer('min_size', (p) => p.minSize),
  integer('pg_num', (p) => p.pgNum),
  integer('pgp_num', (p) => p.pgpNum),
  crushRule,
  flag('hashpspool', POOL_FLAG.HASHPSPOOL),
  flag('allow_ec_overwrites', POOL_FLAG.EC_OVERWRITES, 'erasure'),
  flag('nodelete', POOL_FLAG.NODELETE),
  flag('nopgchange', POOL_FLAG.NOPGCHANGE),
  flag('nosizechange', POOL_FLAG.NOSIZECHANGE),
  flag('write_fadvise_dontneed', POOL_FLAG.WRITE_FADVISE_DONTNEED),
  flag('noscrub', POOL_FLAG.NOSCRUB),
  flag('nodeep-scrub', POOL_FLAG.NODEEP_SCRUB),
  {
    name: 'hit_set_type',
    only: 'tier',
    show: ({ hitSetParams: { type } }) => shown('hit_set_type', type, type),
  },
  integer('hit_set_period', (p) => p.hitSetPeriodSec, 'tier'),
  integer('hit_set_count', (p) => p.hitSetCount, 'tier'),
  hitSetFpp,
  {
    name: 'use_gmt_hitset',
    show: ({ useGmtHitset }) => shown('use_gmt_hitset', useGmtHitset, useGmtHitset ? '1' : '0'),
  },
  integer('target_max_objects', (p) => p.targetMaxObjects, 'tier'),
  integer('target_max_bytes', (p) => p.targetMaxBytes, 'tier'),
  ratio('cache_target_dirty_ratio', (p) => p.cacheTargetDirtyRatioMicro),
  ratio('cache_target_dirty_high_ratio', (p) => p.cacheTargetDirtyHighRatioMicro),
  ratio('cache_target_full_ratio', (p) => p.cacheTargetFullRatioMicro),
  integer('cache_min_flush_age', (p) => p.cacheMinFlushAgeSec, 'tier'),
  integer('cache_min_evict_age', (p) => p.cacheMinEvictAgeSec, 'tier'),
  {
    name: 'erasure_code_profile',
    only: 'erasure',
    show: ({ erasureCodeProfile: profile }) => shown('erasure_code_profile', profile, profile),
  },
  integer('min_read_recency_for_promote', (p) => p.minReadRecencyForPromote, 'tier'),
  integer('min_write_recency_for_promote', (p) => p.minWriteRecencyForPromote, 'tier'),
  integer('fast_read', (p) => Number(p.fastRead)),
  integer('hit_set_grade_decay_rate', (p) => p.hitSetGradeDecayRate, 'tier'),
  integer('hit_set_search_last_n', (p) => p.hitSetSearchLastN, 'tier'),
  option('scrub_min_interval'),
  option('scrub_max_interval'),
  option('deep_scrub_interval'),
  option('recovery_priority'),
  option('recovery_op_priority'),
  option('scrub_priority'),
  option('compression_mode'),
  option('compression_algorithm'),
  option('compression_required_ratio'),
  option('compression_max_blob_size'),
  option('compression_min_blob_size'),
  option('csum_type'),
  option('csum_max_block'),
  option('csum_min_block'),
  option('fingerprint_algorithm'),
  {
    name: 'pg_autoscale_mode',
    show: (pool) => {
      const mode = autoscaleModeName(pool.pgAutoscaleMode)
      return shown('pg_autoscale_mode', mode, mode)
    },
  },
  option('pg_num_min'),
  option('target_size_bytes'),
  option('target_size_ratio'),
  option('pg_autoscale_bias'),
  option('dedup_tier'),
  option('dedup_chunk_algorithm'),
  option('dedup_cdc_chunk_size'),
  option('pg_num_max'),
  flag('bulk', POOL_FLAG.BULK),
]

const isOption = (name: string): boolean => POOL_OPTIONS.some(([option]) => option === name)

const applies = (variable: Variable, pool: Pool): boolean =>
  variable.only === undefined ||
  (variable.only === 'tier' ? pool.tierOf >= 0n : pool.type === POOL_TYPE.erasure)

const Args = t.partial({ pool: CephString, var: CephString })

export const poolGet: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(Args, command, ({ pool: poolName = '', var: name = '' }) => {
      const { map } = world.committed.osdmap
      return withPoolNamed(
        map,
        poolName,
        (reply) => reply,
        (id) => {
          const pool = map.pools.get(id) ?? EMPTY_POOL
          const selected =
            name === 'all' ? VARIABLES.filter((v) => applies(v, pool)) : one(poolName, pool, name)
          if ('code' in selected) return selected
          const parts = selected.map((variable) => variable.show(pool, map))
          return formatted(
            command,
            () =>
              new Map<string, Json>([['pool', poolName], ['pool_id', id], ...parts.flatMap((p) => p.json)]),
            () => parts.flatMap((p) => p.plain.map((line) => `${line}\n`)).join(''),
          )
        },
      )
    }),
}

const one = (poolName: string, pool: Pool, name: string): readonly Variable[] | ReturnType<typeof failed> => {
  const variable = VARIABLES.find((v) => v.name === name)
  if (variable === undefined) return failed(ERRNO.EINVAL, `pool '${poolName}': invalid variable: '${name}'`)
  if (!applies(variable, pool))
    return failed(
      ERRNO.EACCES,
      `pool '${poolName}' is not a ${variable.only ?? ''} pool: variable not applicable`,
    )
  if (isOption(name) && pool.options.get(poolOptionKey(name) ?? -1) === undefined)
    return failed(ERRNO.ENOENT, `option '${name}' is not set on pool '${poolName}'`)
  if (name === 'hit_set_fpp' && pool.hitSetParams.type !== 'bloom')
    return failed(ERRNO.EINVAL, 'hit set is not of type Bloom; invalid to get a false positive rate!')
  return [variable]
}
