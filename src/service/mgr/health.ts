/**
 * MGR_DOWN: nobody manages a cluster that has OSDs. A new cluster gets some time first.
 *
 * Differs: of a cluster that never had a manager the original makes a new map at every tick once the time is over;
 *          here one that says so is enough.
 * Source: ceph src/mon/MgrMonitor.cc MgrMonitor::should_warn_about_mgr_down, encode_pending, tick.
 */
import { msOfUtime } from '../../codec/type/utime.ts'
import { HEALTH, type HealthCheckMap, NO_HEALTH_CHECKS } from '../../map/health.ts'
import { countOsds } from '../../map/osd-map/osd-map.ts'
import type { World } from '../contract.ts'
import type { MgrPending } from './state.ts'

export const mgrHealth = (world: World, pending: MgrPending): HealthCheckMap => {
  const { committed, options, monmap, now } = world
  if (pending.map.activeGid !== 0n || countOsds(committed.osdmap.map) === 0) return NO_HEALTH_CHECKS
  if (now <= msOfUtime(monmap.created) + options.ms('mon_mgr_mkfs_grace')) return NO_HEALTH_CHECKS
  const { inactiveSinceMs, everHadActive } = committed.mgr
  const isOverdue =
    everHadActive &&
    inactiveSinceMs !== undefined &&
    now - inactiveSinceMs > options.ms('mon_mgr_inactive_grace')
  const severity = isOverdue ? HEALTH.ERR : HEALTH.WARN
  return new Map([['MGR_DOWN', { severity, summary: 'no active mgr', detail: [], count: 0n }]])
}
