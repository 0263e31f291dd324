/** Spans of time as Ceph prints and reads them. */
import * as E from 'fp-ts/lib/Either.js'
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

const COUNT_MAX = 2n ** 63n - 1n

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const UNITS: readonly (readonly [names: readonly string[], seconds: number])[] = [
  [['', 's', 'sec', 'second', 'seconds'], 1],
  [['m', 'min', 'minute', 'minutes'], MINUTE],
  [['h', 'hr', 'hour', 'hours'], HOUR],
  [['d', 'day', 'days'], DAY],
  [['w', 'wk', 'week', 'weeks'], 7 * DAY],
  [['mo', 'month', 'months'], 30 * DAY],
  [['y', 'yr', 'year', 'years'], 365 * DAY],
]

/**
 * Seconds of `1h30m`, `2 days`, `90`.
 *
 * Errors: why the text is none, in the words that the original shows to its user.
 * Source: ceph src/common/ceph_time.cc parse_timespan.
 */
export const parseTimespan = (text: string): E.Either<string, number> => {
  let seconds = 0
  for (let rest = text.trimStart(); rest !== '';) {
    const [, count = '', unit = '', after = ''] = /^(\d*)\s*([A-Za-z]*)(.*)$/s.exec(rest) ?? []
    if (count === '') return E.left('expected digit')
    if (BigInt(count) > COUNT_MAX) return E.left(`The option value '${count}' seems to be invalid`)
    if (unit === '' && after !== '') return E.left(`unexpected trailing '${after}'`)
    const found = UNITS.find(([names]) => names.includes(unit))
    if (found === undefined) return E.left(`unrecogized unit '${unit}'`)
    seconds += Number(count) * found[1]
    rest = after.trimStart()
  }
  return seconds === 0 ? E.left('timespan = 0') : E.right(seconds)
}
