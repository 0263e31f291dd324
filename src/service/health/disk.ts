/**
 * A monitor without room for its store cannot go on, and a store that grows without end takes that room.
 *
 * Source: ceph src/mon/HealthMonitor.cc HealthMonitor::check_member_health; src/common/util.cc get_fs_stats.
 */
import { printBytes } from '../../base/si-units.ts'
import { HEALTH, type HealthCheck, type HealthSeverity } from '../../map/health.ts'
import type { World } from '../contract.ts'

/** The file system that holds the data folder, and the store in it. */
export interface DiskUsage {
  readonly totalBytes: number
  /** What is left for those who are not root. */
  readonly availableBytes: number
  readonly storeBytes: number
}

type Check = readonly [code: string, check: HealthCheck]

/** MON_DISK_CRIT or MON_DISK_LOW; MON_DISK_BIG. Nothing before the disk has been measured. */
export const diskHealth = ({ disk, options, self }: World): readonly Check[] => {
  if (disk === undefined) return []
  const check = (code: string, severity: HealthSeverity, what: string, detail: string): Check => [
    code,
    {
      severity,
      summary: `mon%plurals% %names% %isorare% ${what}`,
      detail: [`mon.${self.name} ${detail}`],
      count: 1n,
    },
  ]
  const percent = availablePercent(disk)
  const checks: Check[] = []
  if (percent <= options.int('mon_data_avail_crit'))
    checks.push(check('MON_DISK_CRIT', HEALTH.ERR, 'very low on available space', `has ${percent}% avail`))
  else if (percent <= options.int('mon_data_avail_warn'))
    checks.push(check('MON_DISK_LOW', HEALTH.WARN, 'low on available space', `has ${percent}% avail`))
  const big = options.int('mon_data_size_warn')
  if (disk.storeBytes >= big) {
    const detail = `is ${printBytes(BigInt(disk.storeBytes))} >= mon_data_size_warn (${printBytes(BigInt(big))})`
    checks.push(check('MON_DISK_BIG', HEALTH.WARN, 'using a lot of disk space', detail))
  }
  return checks
}

// With single precision, as the original divides.
const availablePercent = ({ totalBytes, availableBytes }: DiskUsage): number =>
  Math.trunc(Math.fround(Math.fround(Math.fround(availableBytes) / Math.fround(totalBytes)) * 100))
