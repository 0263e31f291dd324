/**
 * The cluster's health: every service's checks in one, with what is muted set apart.
 *
 * Source: ceph src/mon/HealthMonitor.cc get_health_status; src/mon/health_check.h.
 */
import type { Json, JsonRecord } from '../../base/json.ts'
import { byBytes, sortedEntries } from '../../base/ordered.ts'
import { printTimespan } from '../../base/timespan.ts'
import { msOfUtime, printUtime } from '../../codec/type/utime.ts'
import {
  HEALTH,
  type HealthCheck,
  type HealthCheckMap,
  type HealthMute,
  healthStatusName,
} from '../../map/health.ts'

/** Checks of the same code are joined: the worst severity, the summed count, all details. */
export const mergeHealth = (maps: Iterable<HealthCheckMap>): HealthCheckMap => {
  const merged = new Map<string, HealthCheck>()
  for (const map of maps)
    for (const [code, check] of map) {
      const before = merged.get(code)
      merged.set(
        code,
        before === undefined
          ? check
          : {
              severity: Math.min(before.severity, check.severity),
              summary: before.summary,
              detail: [...before.detail, ...check.detail],
              count: before.count + check.count,
            },
      )
    }
  return new Map(sortedEntries(merged, byBytes))
}

export interface Health {
  readonly checks: HealthCheckMap
  readonly mutes: ReadonlyMap<string, HealthMute>
}

const isMuted = ({ mutes }: Health, code: string): boolean => mutes.has(code)

/** The worst severity that is not muted. */
export const overallHealth = (health: Health): number =>
  [...health.checks]
    .filter(([code]) => !isMuted(health, code))
    .reduce<number>((worst, [, check]) => Math.min(worst, check.severity), HEALTH.OK)

/** `{status, checks, mutes}` of `health -f json`. */
export const healthJson = (health: Health, detail: boolean): JsonRecord => ({
  status: healthStatusName(overallHealth(health)),
  checks: new Map<string, Json>(
    [...health.checks].map(([code, check]) => [code, checkJson(check, detail, isMuted(health, code))]),
  ),
  mutes: [...sortedEntries(health.mutes, byBytes)].map(([, mute]) => muteJson(mute)),
})

const checkJson = (check: HealthCheck, detail: boolean, muted: boolean): JsonRecord => ({
  severity: healthStatusName(check.severity),
  summary: { message: check.summary, count: check.count },
  ...(detail ? { detail: check.detail.map((message) => ({ message })) } : {}),
  muted,
})

const muteJson = (mute: HealthMute): JsonRecord => ({
  code: mute.code,
  ...(mute.ttl.sec === 0 ? {} : { ttl: printUtime(mute.ttl) }),
  sticky: mute.sticky,
  summary: mute.summary,
  count: mute.count,
})

/** When a mute ends, seen from `now`: undefined for one without end, empty for one that has ended. */
const timeLeft = ({ ttl }: HealthMute, now: number): string | undefined => {
  if (ttl.sec === 0) return undefined
  const leftMs = msOfUtime(ttl) - now
  return leftMs > 0 ? printTimespan(leftMs) : ''
}

const printMute = (code: string, mute: HealthMute, now: number): string => {
  const left = timeLeft(mute, now)
  return left === undefined ? code : `${code}(${left === '' ? '0s' : left})`
}

/** `(MUTED ttl 5m, STICKY) `; the original leaves out words for a mute that has just ended. */
const printMuted = (mute: HealthMute, now: number): string => {
  const left = timeLeft(mute, now)
  const ttl = left === undefined ? '' : left === '' ? '0s' : ` ttl ${left}`
  return `(MUTED${ttl}${mute.sticky ? ', STICKY' : ''}) `
}

/**
 * `HEALTH_WARN a; b (muted: C)`, without a newline.
 *
 * `first` stands between the status and the summaries, `between` between two of them.
 */
export const printHealth = (health: Health, now: number, first = ' ', between = '; '): string => {
  const shown = [...health.checks]
    .filter(([code]) => !isMuted(health, code))
    .map(([, check]) => check.summary)
  const mutes = sortedEntries(health.mutes, byBytes).map(([code, mute]) => printMute(code, mute, now))
  const parts = mutes.length === 0 ? shown : [...shown, `(muted: ${mutes.join(' ')})`]
  return healthStatusName(overallHealth(health)) + (parts.length === 0 ? '' : first + parts.join(between))
}

const SEVERITY_MARK: ReadonlyMap<number, string> = new Map([
  [HEALTH.ERR, 'ERR'],
  [HEALTH.WARN, 'WRN'],
  [HEALTH.OK, 'OK'],
])

/** Lines of `health detail` after the first. */
export const printHealthDetail = (health: Health, now: number): string => {
  const lines = [...health.checks].flatMap(([code, check]) => {
    const mute = health.mutes.get(code)
    const muted = mute === undefined ? '' : printMuted(mute, now)
    const mark = SEVERITY_MARK.get(check.severity) ?? '???'
    return [`${muted}[${mark}] ${code}: ${check.summary}`, ...check.detail.map((line) => `    ${line}`)]
  })
  return lines.map((line) => `${line}\n`).join('')
}
