/**
 * Mutes end: when their time is over, and unless they are sticky, when their check has cleared or become worse.
 *
 * Source: ceph src/mon/HealthMonitor.cc HealthMonitor::check_mutes.
 */
import { withEntry, withoutEntry } from '../../base/ordered.ts'
import { compareUtime, printUtime, utimeOfMs } from '../../codec/type/utime.ts'
import type { HealthCheck, HealthCheckMap, HealthMute } from '../../map/health.ts'

export type Mutes = ReadonlyMap<string, HealthMute>

/** The mutes that go on, the same ones when nothing changed, and a line for the cluster log for each that does not. */
export const checkMutes = (
  mutes: Mutes,
  checks: HealthCheckMap,
  now: number,
): { readonly mutes: Mutes; readonly lines: readonly string[] } => {
  let live = mutes
  const lines: string[] = []
  for (const [code, mute] of mutes) {
    const check = checks.get(code)
    const reason = whyEnded(mute, check, now)
    if (reason !== undefined) {
      live = withoutEntry(live, code)
      lines.push(`Health alert mute ${code} cleared (${reason})`)
    } else if (!mute.sticky && check !== undefined && check.count < mute.count)
      live = withEntry(live, code, { ...mute, count: check.count })
  }
  return { mutes: live, lines }
}

const whyEnded = (mute: HealthMute, check: HealthCheck | undefined, now: number): string | undefined => {
  if (mute.ttl.sec !== 0 && compareUtime(mute.ttl, utimeOfMs(now)) <= 0)
    return `passed TTL ${printUtime(mute.ttl)}`
  if (mute.sticky) return undefined
  if (check === undefined) return 'health alert cleared'
  // A check that counts nothing is known by its words.
  if (mute.count === 0n) return mute.summary === check.summary ? undefined : 'summary changed'
  return check.count > mute.count ? `count increased from ${mute.count} to ${check.count}` : undefined
}
