/**
 * Text to value and back, by an option's type. Source: ceph src/common/options.cc Option::parse_value,
 * Option::validate.
 */
import * as E from 'fp-ts/lib/Either.js'
import { invariant } from '../base/assert.ts'
import { jsonFloat, type Json } from '../base/json.ts'
import { parseAddr, parseAddrvec, printAddr, printAddrvec } from '../codec/type/entity-addr.ts'
import type { Option, OptionValue } from './option.ts'
import { parseBool, parseFloatValue, parseSeconds, parseSi, parseSize } from './parse-number.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const MILLISECONDS = /^\+?\d+$/
const DEBUG_LEVEL_MAX = 99
/** The one refusal whose errno is ERANGE; all others are EINVAL. */
export const OUT_OF_RANGE = `value must be in range [0, ${DEBUG_LEVEL_MAX}]`
const BLANK_UUID = '00000000-0000-0000-0000-000000000000'

/** `text` as a value of `option`; a Left holds Ceph's words, which are empty for addresses and uuids. */
export const parseOptionValue = (option: Option, text: string): E.Either<string, OptionValue> =>
  E.flatMap(parseOfType(option, text), (value) => validated(option, value))

const parseOfType = (option: Option, text: string): E.Either<string, OptionValue> => {
  switch (option.type) {
    case 'int':
      return parseSi(text, true)
    case 'uint':
      return parseSi(text, false)
    case 'size':
      return parseSize(text)
    case 'float':
      return parseFloatValue(text)
    case 'bool':
      return parseBool(text)
    case 'secs':
      return parseSeconds(text)
    case 'millisecs':
      return MILLISECONDS.test(text)
        ? E.right(BigInt(text.replace('+', '')))
        : E.left('bad lexical cast: source type value could not be interpreted as target')
    case 'str':
      return option.subsystem === true ? parseDebugLevel(text) : E.right(text)
    case 'uuid':
      return UUID.test(text) ? E.right(text.toLowerCase()) : E.left('')
    case 'addr':
      return parsedAddr(text)
    case 'addrvec':
      return parsedAddrvec(text)
  }
}

const parsedAddr = (text: string): E.Either<string, OptionValue> => {
  if (text === '' || text === '-') return E.right('-')
  const addr = parseAddr(text, 'any')
  return addr === undefined ? E.left('') : E.right(printAddr(addr))
}

const parsedAddrvec = (text: string): E.Either<string, OptionValue> => {
  if (text === '') return E.right('')
  const addrs = parseAddrvec(text, 'any')
  return addrs === undefined ? E.left('') : E.right(printAddrvec(addrs))
}

// N alone means that what is gathered in memory for a crash is as much as what is written.
const parseDebugLevel = (text: string): E.Either<string, OptionValue> => {
  const [, log, gather] = /^(\d+)(?:\s*\/\s*(\d+))?$/.exec(text.trim()) ?? []
  if (log === undefined) return E.left('value must take the form N or N/M, where N and M are integers')
  const levels = [Number(log), Number(gather ?? log)]
  return levels.every((level) => level <= DEBUG_LEVEL_MAX) ? E.right(levels.join('/')) : E.left(OUT_OF_RANGE)
}

const validated = (option: Option, value: OptionValue): E.Either<string, OptionValue> => {
  const { min, max, enumValues } = option
  if (min !== undefined && isNumeric(value) && value < limitOf(option, min))
    return E.left(
      `Value '${printOptionValue(value)}' is below minimum ${printOptionValue(limitOf(option, min))}`,
    )
  if (max !== undefined && isNumeric(value) && value > limitOf(option, max))
    return E.left(
      `Value '${printOptionValue(value)}' exceeds maximum ${printOptionValue(limitOf(option, max))}`,
    )
  if (enumValues !== undefined && option.type === 'str' && !enumValues.includes(String(value)))
    return E.left(`'${String(value)}' is not one of the permitted values: ${enumValues.join(', ')}`)
  return E.right(value)
}

const isNumeric = (value: OptionValue): value is bigint | number =>
  typeof value === 'bigint' || typeof value === 'number'

// The table's own limits are numbers of the option's type.
const limitOf = (option: Option, text: string): bigint | number =>
  option.type === 'float' ? Number(text) : BigInt(text)

/** The table's default in a daemon; a default is right by construction. */
export const defaultValue = (option: Option): OptionValue => {
  const text = option.daemonDefault ?? option.default
  if (text === undefined) return blankOf(option)
  const value = parseOfType(option, text)
  invariant(E.isRight(value), `the default of ${option.name} is not a ${option.type}: ${text}`)
  return value.right
}

const blankOf = (option: Option): OptionValue => {
  switch (option.type) {
    case 'bool':
      return false
    case 'float':
      return 0
    case 'str':
    case 'addrvec':
      return ''
    case 'addr':
      return '-'
    case 'uuid':
      return BLANK_UUID
    case 'int':
    case 'uint':
    case 'size':
    case 'secs':
    case 'millisecs':
      return 0n
  }
}

/** The text that Ceph prints for a value: floats with six decimals. Source: ceph src/common/options.cc printer. */
export const printOptionValue = (value: OptionValue): string =>
  typeof value === 'number' ? value.toFixed(6) : String(value)

/** The JSON that `config diff` prints. Source: ceph src/common/options.cc Option::dump_value. */
export const optionValueJson = (option: Option, value: OptionValue): Json => {
  if (typeof value === 'number') return jsonFloat(value)
  const isNumber = option.type === 'int' || option.type === 'uint' || option.type === 'bool'
  return isNumber ? value : printOptionValue(value)
}
