/** Spans of time as Ceph prints and reads them. */
import { printGeneral } from './json.ts'

const SEC = 1000

/**
 * `5m`, `3h`, …: one unit, rounded down; seconds have six significant digits below two of them.
 *
 * Source: ceph src/common/ceph_time.cc timespan_str.
 */
export const printTimespan = (ms: number): string => {
  if (ms < 2 * SEC) return `${printGeneral(Math.fround(ms / SEC))}s`
  const sec = Math.floor(ms / SEC)
  const min = Math.floor(sec / 60)
  const hours = Math.floor(min / 60)
  const days = Math.floor(hours / 24)
  if (sec < 120) return `${sec}s`
  if (min < 120) return `${min}m`
  if (hours < 48) return `${hours}h`
  if (days < 14) return `${days}d`
  if (Math.floor(days / 7) < 12) return `${Math.floor(days / 7)}w`
  if (Math.floor(days / 30) < 24) return `${Math.floor(days / 30)}M`
  return `${Math.floor(days / 365)}y`
}

const UNIT_SECONDS: readonly (readonly [pattern: RegExp, seconds: number])[] = [
  [/^(s|sec|secs|second|seconds|)$/, 1],
  [/^(m|min|mins|minute|minutes)$/, 60],
  [/^(h|hr|hrs|hour|hours)$/, 3600],
  [/^(d|day|days)$/, 86_400],
  [/^(w|wk|wks|week|weeks)$/, 7 * 86_400],
  [/^(mo|month|months)$/, 30 * 86_400],
  [/^(y|yr|yrs|year|years)$/, 365 * 86_400],
]

/**
 * Seconds of `1h30m`, `2 days`, `90`; 0 for what is no span.
 *
 * Source: ceph src/common/ceph_time.cc parse_timespan.
 */
export const parseTimespan = (text: string): number => {
  const parts = [...text.matchAll(/\s*(\d+)\s*([a-z]*)\s*/gy)]
  const length = parts.reduce((sum, [part]) => sum + part.length, 0)
  if (parts.length === 0 || length !== text.length) return 0
  let seconds = 0
  for (const [, count, unit] of parts) {
    const found = UNIT_SECONDS.find(([pattern]) => pattern.test(unit ?? ''))
    if (found === undefined) return 0
    seconds += Number(count) * found[1]
  }
  return seconds
}
