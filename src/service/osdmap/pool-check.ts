/** Checks that creating a pool and changing one have in common. */
import type { OptionsView } from '../../config/view.ts'
import { countInOsds, type OsdMap } from '../../map/osd-map/osd-map.ts'
import type { CommandReply, World } from '../contract.ts'
import { ERRNO, printErrno } from '../errno.ts'
import { failed } from '../reply.ts'

// A cluster is assumed to get at least so many OSDs.
const OSDS_MIN = 3

/**
 * Refuses placement groups that would mean more than mon_max_pg_per_osd on each OSD.
 *
 * Shape: `pool` is undefined for one that does not exist yet.
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::check_pg_num.
 */
export const checkPgNum = (
  world: World,
  pool: bigint | undefined,
  pgNum: number,
  size: number,
): CommandReply | undefined => {
  const { map } = world.committed.osdmap
  const perOsd = world.options.int('mon_max_pg_per_osd')
  const osds = Math.max(countInOsds(map), OSDS_MIN)
  const max = perOsd * osds
  const others = [...map.pools]
    .filter(([id]) => id !== pool)
    .reduce((sum, [, p]) => sum + p.pgNumTarget * p.size, 0)
  const projected = others + pgNum * size
  if (projected <= max) return undefined
  return failed(
    ERRNO.ERANGE,
    `${pool === undefined ? '' : `pool id ${pool}`} pg_num ${pgNum} size ${size} would mean ${projected}` +
      ` total pgs, which exceeds max ${max} (mon_max_pg_per_osd ${perOsd} * num_in_osds ${osds})`,
  )
}

/** Refuses a rule of another pool type or for other sizes. Source: ceph src/crush/CrushWrapper.cc CrushWrapper::check_crush_rule. */
export const checkRuleFits = (
  map: OsdMap,
  ruleId: number,
  type: number,
  size: number,
): CommandReply | undefined => {
  const rule = map.crush.rules[ruleId]
  if (rule?.type !== type) return failed(ERRNO.EINVAL, printErrno(ERRNO.EINVAL))
  if (size < rule.minSize) return failed(ERRNO.EINVAL, 'pool size is smaller than the crush rule min size')
  if (size > rule.maxSize) return failed(ERRNO.EINVAL, 'pool size is bigger than the crush rule max size')
  return undefined
}

/** osd_pool_default_min_size, or half of the copies rounded up. Source: ceph src/common/config.h get_osd_pool_default_min_size. */
export const defaultMinSize = (options: OptionsView, size: number): number => {
  const configured = options.int('osd_pool_default_min_size')
  return configured === 0 ? size - Math.trunc(size / 2) : Math.min(configured, size)
}

/**
 * The rule for new replicated pools: osd_pool_default_crush_rule, or the first one for replicated pools.
 * Source: ceph src/crush/CrushWrapper.cc CrushWrapper::get_osd_pool_default_crush_replicated_ruleset.
 */
export const defaultReplicatedRule = (world: World): number | undefined => {
  const { rules } = world.committed.osdmap.map.crush
  const configured = world.options.int('osd_pool_default_crush_rule')
  if (configured >= 0 && rules[configured] !== undefined) return configured
  const first = rules.findIndex((rule) => rule?.type === REPLICATED)
  return first < 0 ? undefined : first
}

const REPLICATED = 1
