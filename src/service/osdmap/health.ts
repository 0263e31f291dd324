/**
 * What is wrong with an OSDMap by itself, without statistics.
 *
 * Source: ceph src/osd/OSDMap.cc OSDMap::check_health.
 */
import { printGeneral } from '../../base/json.ts'
import { byBigint, byNumber, sortedEntries } from '../../base/ordered.ts'
import type { OptionsView } from '../../config/view.ts'
import { HEALTH, type HealthCheck, type HealthCheckMap, type HealthSeverity } from '../../map/health.ts'
import { bucketOf } from '../../map/crush/crush-map.ts'
import { minRequiredVersion } from '../../map/crush/requirement.ts'
import {
  cacheModeName,
  OSD_STATE,
  OSDMAP_FLAG,
  osdMapFlagNames,
  osdStateNames,
  POOL_FLAG,
} from '../../map/osd-map/constant.ts'
import type { OsdMap } from '../../map/osd-map/osd-map.ts'
import type { Pool } from '../../map/osd-map/pool.ts'
import { checkDownOsds } from './health-down.ts'

type Check = readonly [code: string, check: HealthCheck]

/** All checks of `map` that fail, by code. */
export const checkOsdMapHealth = (options: OptionsView, map: OsdMap): HealthCheckMap =>
  new Map([
    ...checkDownOsds(map),
    ...checkScrubFlags(map),
    ...checkRatios(options, map),
    ...checkFullOsds(map),
    ...checkMapFlags(map),
    ...checkOsdFlags(map),
    ...checkTunables(options, map),
    ...checkCachePools(options, map),
    ...checkSortBitwise(map),
    ...checkFullPools(map),
    ...checkPgNums(options, map),
    ...checkRedundancy(options, map),
  ])

/** A check with its details counted, unless `count` says otherwise. */
export const healthCheck = (
  severity: HealthSeverity,
  summary: string,
  detail: readonly string[],
  count = detail.length,
): HealthCheck => ({ severity, summary, detail, count: BigInt(count) })

const { ERR, WARN, OK } = HEALTH

const poolsOf = (map: OsdMap): readonly (readonly [name: string, pool: Pool])[] =>
  sortedEntries(map.pools, byBigint).map(([id, pool]) => [map.poolNames.get(id) ?? '<unknown>', pool])

const hasFlag = (pool: Pool, flag: bigint): boolean => (pool.flags & flag) !== 0n

const checkScrubFlags = (map: OsdMap): readonly Check[] => {
  const flags = [
    ['noscrub', POOL_FLAG.NOSCRUB],
    ['nodeep-scrub', POOL_FLAG.NODEEP_SCRUB],
  ] as const
  const pools = poolsOf(map)
  const detail = pools.flatMap(([name, pool]) =>
    flags.filter(([, flag]) => hasFlag(pool, flag)).map(([text]) => `Pool ${name} has ${text} flag`),
  )
  if (detail.length === 0) return []
  const set = flags.filter(([, flag]) => pools.some(([, pool]) => hasFlag(pool, flag))).map(([text]) => text)
  const summary = `Some pool(s) have the ${set.join(', ')} flag(s) set`
  return [['POOL_SCRUB_FLAGS', healthCheck(OK, summary, detail, 0)]]
}

const checkRatios = (options: OptionsView, map: OsdMap): readonly Check[] => {
  const configured = options.float('osd_failsafe_full_ratio')
  const failsafe = Math.fround(configured > 1 ? configured / 100 : configured)
  const detail: string[] = []
  let { backfillfullRatio: backfillfull, fullRatio: full } = map
  const complain = (low: string, lowRatio: number, high: string, highRatio: number): void =>
    void detail.push(`${low} (${printGeneral(lowRatio)}) < ${high} (${printGeneral(highRatio)}), increased`)
  if (backfillfull < map.nearfullRatio) {
    complain('backfillfull_ratio', backfillfull, 'nearfull_ratio', map.nearfullRatio)
    backfillfull = map.nearfullRatio
  }
  if (full < backfillfull) {
    complain('full_ratio', full, 'backfillfull_ratio', backfillfull)
    full = backfillfull
  }
  if (failsafe < full) complain('osd_failsafe_full_ratio', failsafe, 'full_ratio', full)
  return detail.length === 0
    ? []
    : [['OSD_OUT_OF_ORDER_FULL', healthCheck(ERR, 'full ratio(s) out of order', detail, 0)]]
}

const FULL_STATES = [
  ['OSD_FULL', 'full', 'full', ERR, OSD_STATE.FULL],
  ['OSD_BACKFILLFULL', 'backfillfull', 'backfill full', WARN, OSD_STATE.BACKFILLFULL],
  ['OSD_NEARFULL', 'nearfull', 'near full', WARN, OSD_STATE.NEARFULL],
] as const

// The worst state of an OSD that is up and in counts. Source: OSDMap::get_full_osd_counts.
const checkFullOsds = (map: OsdMap): readonly Check[] => {
  const worst = new Map<number, readonly number[]>()
  map.osds.forEach(({ state, weight }, osd) => {
    if ((state & OSD_STATE.EXISTS) === 0 || (state & OSD_STATE.UP) === 0 || weight === 0) return
    const found = FULL_STATES.find(([, , , , bit]) => (state & bit) !== 0)
    if (found !== undefined) worst.set(found[4], [...(worst.get(found[4]) ?? []), osd])
  })
  return FULL_STATES.flatMap(([code, adjective, words, severity, bit]): readonly Check[] => {
    const osds = worst.get(bit)
    if (osds === undefined) return []
    const detail = osds.map((osd) => `osd.${osd} is ${words}`)
    return [[code, healthCheck(severity, `${osds.length} ${adjective} osd(s)`, detail)]]
  })
}

const WARN_FLAGS =
  OSDMAP_FLAG.PAUSERD |
  OSDMAP_FLAG.PAUSEWR |
  OSDMAP_FLAG.PAUSEREC |
  OSDMAP_FLAG.NOUP |
  OSDMAP_FLAG.NODOWN |
  OSDMAP_FLAG.NOIN |
  OSDMAP_FLAG.NOOUT |
  OSDMAP_FLAG.NOBACKFILL |
  OSDMAP_FLAG.NORECOVER |
  OSDMAP_FLAG.NOSCRUB |
  OSDMAP_FLAG.NODEEP_SCRUB |
  OSDMAP_FLAG.NOTIERAGENT |
  OSDMAP_FLAG.NOSNAPTRIM |
  OSDMAP_FLAG.NOREBALANCE

// The count is the length of the flags' text: the original calls that a kludge, and clients compare counts.
const checkMapFlags = (map: OsdMap): readonly Check[] => {
  const text = osdMapFlagNames(map.flags & WARN_FLAGS).join(',')
  return text === '' ? [] : [['OSDMAP_FLAGS', healthCheck(WARN, `${text} flag(s) set`, [], text.length)]]
}

const OSD_WARN_STATES = OSD_STATE.NOUP | OSD_STATE.NOIN | OSD_STATE.NODOWN | OSD_STATE.NOOUT

const checkOsdFlags = (map: OsdMap): readonly Check[] => {
  const { crush } = map
  const names = (bits: number): string => osdStateNames(bits).join(',')
  const detail = [
    ...map.osds.flatMap(({ state }, osd) =>
      (state & OSD_WARN_STATES) === 0 ? [] : [`osd.${osd} has flags ${names(state & OSD_WARN_STATES)}`],
    ),
    ...sortedEntries(map.crushNodeFlags, byNumber).flatMap(([item, bits]) => {
      const name = crush.itemNames.get(item)
      if (bits === 0 || name === undefined) return []
      const type = crush.typeNames.get(bucketOf(crush, item)?.type ?? 0) ?? 'node'
      return [`${type} ${name} has flags ${names(bits)}`]
    }),
    ...sortedEntries(map.deviceClassFlags, byNumber).flatMap(([id, bits]) => {
      const name = crush.classNames.get(id)
      return bits === 0 || name === undefined ? [] : [`device class '${name}' has flags ${names(bits)}`]
    }),
  ]
  const summary = `${detail.length} OSDs or CRUSH {nodes, device-classes} have {NOUP,NODOWN,NOIN,NOOUT} flags set`
  return detail.length === 0 ? [] : [['OSD_FLAGS', healthCheck(WARN, summary, detail)]]
}

const TUNABLES_PAGE = 'see http://docs.ceph.com/en/latest/rados/operations/crush-map/#tunables'

const checkTunables = (options: OptionsView, map: OsdMap): readonly Check[] => {
  const required = minRequiredVersion(map.crush)
  const wanted = options.string('mon_crush_min_required_version')
  const checks: Check[] = []
  if (options.bool('mon_warn_on_legacy_crush_tunables') && required < wanted) {
    const summary = `crush map has legacy tunables (require ${required}, min is ${wanted})`
    checks.push(['OLD_CRUSH_TUNABLES', healthCheck(WARN, summary, [TUNABLES_PAGE], 0)])
  }
  if (options.bool('mon_warn_on_crush_straw_calc_version_zero') && map.crush.tunables.strawCalcVersion === 0)
    checks.push([
      'OLD_CRUSH_STRAW_CALC_VERSION',
      healthCheck(WARN, 'crush map has straw_calc_version=0', [TUNABLES_PAGE], 0),
    ])
  return checks
}

// Source: ceph src/osd/osd_types.h pg_pool_t::cache_mode_requires_hit_set.
const MODES_WITH_HIT_SET: ReadonlySet<string> = new Set(['writeback', 'readforward', 'readproxy'])

const checkCachePools = (options: OptionsView, map: OsdMap): readonly Check[] => {
  if (!options.bool('mon_warn_on_cache_pools_without_hit_sets')) return []
  const detail = poolsOf(map)
    .filter(
      ([, pool]) =>
        MODES_WITH_HIT_SET.has(cacheModeName(pool.cacheMode)) && pool.hitSetParams.type === 'none',
    )
    .map(
      ([name, pool]) =>
        `pool '${name}' with cache_mode ${cacheModeName(pool.cacheMode)} needs hit_set_type to be set but it is not`,
    )
  const summary = `${detail.length} cache pools are missing hit_sets`
  return detail.length === 0 ? [] : [['CACHE_POOL_NO_HIT_SET', healthCheck(WARN, summary, detail)]]
}

const checkSortBitwise = (map: OsdMap): readonly Check[] =>
  (map.flags & OSDMAP_FLAG.SORTBITWISE) !== 0
    ? []
    : [['OSD_NO_SORTBITWISE', healthCheck(WARN, "'sortbitwise' flag is not set", [], 0)]]

const checkFullPools = (map: OsdMap): readonly Check[] => {
  const full: string[] = []
  const backfillfull: string[] = []
  const nearfull: string[] = []
  for (const [name, pool] of poolsOf(map))
    if (hasFlag(pool, POOL_FLAG.FULL))
      full.push(
        `pool '${name}' is full (${hasFlag(pool, POOL_FLAG.FULL_QUOTA) ? 'running out of quota' : 'no space'})`,
      )
    else if (hasFlag(pool, POOL_FLAG.BACKFILLFULL)) backfillfull.push(`pool '${name}' is backfillfull`)
    else if (hasFlag(pool, POOL_FLAG.NEARFULL)) nearfull.push(`pool '${name}' is nearfull`)
  const found = [
    ['POOL_FULL', 'full', full],
    ['POOL_BACKFILLFULL', 'backfillfull', backfillfull],
    ['POOL_NEARFULL', 'nearfull', nearfull],
  ] as const
  return found
    .filter(([, , detail]) => detail.length > 0)
    .map(([code, word, detail]) => [code, healthCheck(WARN, `${detail.length} pool(s) ${word}`, detail)])
}

const isPowerOfTwo = (n: number): boolean => n > 0 && Number.isInteger(Math.log2(n))

const checkPgNums = (options: OptionsView, map: OsdMap): readonly Check[] => {
  if (!options.bool('mon_warn_on_pool_pg_num_not_power_of_two')) return []
  const detail = poolsOf(map)
    .filter(([, pool]) => !isPowerOfTwo(pool.pgNumTarget))
    .map(([name, pool]) => `pool '${name}' pg_num ${pool.pgNumTarget} is not a power of two`)
  const summary = `${detail.length} pool(s) have non-power-of-two pg_num`
  return detail.length === 0 ? [] : [['POOL_PG_NUM_NOT_POWER_OF_TWO', healthCheck(WARN, summary, detail)]]
}

const checkRedundancy = (options: OptionsView, map: OsdMap): readonly Check[] => {
  if (!options.bool('mon_warn_on_pool_no_redundancy')) return []
  const detail = poolsOf(map)
    .filter(([, pool]) => pool.size === 1)
    .map(([name]) => `pool '${name}' has no replicas configured`)
  const summary = `${detail.length} pool(s) have no replicas configured`
  return detail.length === 0 ? [] : [['POOL_NO_REDUNDANCY', healthCheck(WARN, summary, detail)]]
}
