/**
 * Numbers as Ceph's options spell them, with Ceph's words for what is wrong.
 * Source: ceph src/common/strtol.cc, ceph_time.cc parse_timespan.
 */
import * as E from 'fp-ts/lib/Either.js'

type Parsed<A> = E.Either<string, A>

const INT64_MIN = -(1n << 63n)
const INT64_MAX = (1n << 63n) - 1n
const INT32_MAX = (1n << 31n) - 1n

/** A whole decimal number of 64 bits, signed. */
export const parseInteger = (text: string): Parsed<bigint> => {
  const match = /^\s*([+-]?\d+)$/.exec(text)
  if (match === null) return E.left(`Expected option value to be integer, got '${text}'`)
  const value = BigInt((match[1] ?? '').replace(/^\+/, ''))
  return value < INT64_MIN || value > INT64_MAX
    ? E.left(`The option value '${text}' seems to be invalid`)
    : E.right(value)
}

const SI_EXPONENT: ReadonlyMap<string, number> = new Map([
  ['K', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
])

/** A number with an SI suffix: K is 1000. Unsigned options take no negative number. */
export const parseSi = (text: string, signed: boolean): Parsed<bigint> => {
  if (text === '') return E.left('strict_sistrtoll: value not specified')
  const suffix = /^[0-9+-]*$/.test(text) ? undefined : text.slice(-1)
  const exponent = suffix === undefined || suffix === 'B' ? 0 : SI_EXPONENT.get(suffix)
  if (exponent === undefined) return E.left('strict_si_cast: unit prefix not recognized')
  return E.flatMap(parseInteger(exponent === 0 ? text : text.slice(0, -1)), (n): Parsed<bigint> => {
    if (n < 0n && !signed) return E.left('strict_sistrtoll: value should not be negative')
    const value = n * 10n ** BigInt(exponent)
    const max = signed ? INT64_MAX : (1n << 64n) - 1n
    return value < INT64_MIN || value > max ? E.left('strict_sistrtoll: value out of range') : E.right(value)
  })
}

const IEC_SHIFT: ReadonlyMap<string, bigint> = new Map([
  ['K', 10n],
  ['M', 20n],
  ['G', 30n],
  ['T', 40n],
  ['P', 50n],
  ['E', 60n],
  ['B', 0n],
])

/** A size in bytes, u64: K and Ki are both 1024. */
export const parseSize = (text: string): Parsed<bigint> => {
  if (text === '') return E.left('strict_iecstrtoll: value not specified')
  const digits = /^[0-9+-]*/.exec(text)?.[0] ?? ''
  const unit = text.slice(digits.length)
  if (unit.endsWith('i') && unit.startsWith('B')) return E.left('strict_iecstrtoll: illegal prefix "Bi"')
  if (unit.length > 2) return E.left('strict_iecstrtoll: illegal prefix (length > 2)')
  const shift = unit === '' ? 0n : IEC_SHIFT.get(unit.charAt(0))
  if (shift === undefined) return E.left('strict_iecstrtoll: unit prefix not recognized')
  return E.flatMap(parseInteger(digits), (n): Parsed<bigint> => {
    if (n < 0n) return E.left('strict_iecstrtoll: value should not be negative')
    const value = n << shift
    return value >= 1n << 64n ? E.left('strict_iecstrtoll: value seems to be too large') : E.right(value)
  })
}

// What C's strtod reads, but for hexadecimal, which nobody writes into a configuration.
const DECIMAL = /^\s*[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|inf(inity)?|nan)/i

export const parseFloatValue = (text: string): Parsed<number> => {
  const match = DECIMAL.exec(text)
  if (match === null) return E.left(`strict_strtod: expected double, got: '${text}'`)
  if (match[0].length < text.length) return E.left(`strict_strtod: garbage at end of string. got: '${text}'`)
  const word = match[0].trim().toLowerCase()
  const value = word.includes('inf')
    ? word.startsWith('-')
      ? -Infinity
      : Infinity
    : word.includes('nan')
      ? NaN
      : Number(word)
  return !Number.isFinite(value) && /\d/.test(word)
    ? E.left(`strict_strtod: floating point overflow or underflow parsing '${text}'`)
    : E.right(value)
}

export const parseBool = (text: string): Parsed<boolean> => {
  const word = text.toLowerCase()
  if (word === 'true' || word === 'false') return E.right(word === 'true')
  return E.flatMap(parseInteger(text), (n): Parsed<boolean> =>
    n > INT32_MAX || n < -INT32_MAX - 1n
      ? E.left(`The option value '${text}' seems to be invalid`)
      : E.right(n !== 0n),
  )
}

const MINUTE = 60n
const HOUR = 60n * MINUTE
const DAY = 24n * HOUR
const SECONDS_PER_UNIT: ReadonlyMap<string, bigint> = new Map(
  (
    [
      [['s', 'sec', 'second', 'seconds'], 1n],
      [['m', 'min', 'minute', 'minutes'], MINUTE],
      [['h', 'hr', 'hour', 'hours'], HOUR],
      [['d', 'day', 'days'], DAY],
      [['w', 'wk', 'week', 'weeks'], 7n * DAY],
      [['mo', 'month', 'months'], 30n * DAY],
      [['y', 'yr', 'year', 'years'], 365n * DAY],
    ] as const
  ).flatMap(([names, seconds]) => names.map((name) => [name, seconds] as const)),
)

/** A length of time in seconds: `90`, `1h 30m`. */
export const parseSeconds = (text: string): Parsed<bigint> => {
  let rest = text.trimStart()
  let sum = 0n
  while (rest !== '') {
    const [whole = '', digits = '', unit = ''] = /^(\d*)\s*([A-Za-z]*)/.exec(rest) ?? []
    if (digits === '') return E.left('expected digit')
    const after = rest.slice(whole.length)
    if (unit === '' && after !== '') return E.left(`unexpected trailing '${after}'`)
    const seconds = unit === '' ? 1n : SECONDS_PER_UNIT.get(unit)
    if (seconds === undefined) return E.left(`unrecogized unit '${unit}'`)
    const number = parseInteger(digits)
    if (E.isLeft(number)) return number
    sum += number.right * seconds
    rest = after.trimStart()
  }
  return E.right(sum)
}
