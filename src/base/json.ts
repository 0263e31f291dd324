/**
 * JSON values in the order they were dumped, and their text as Ceph's JSONFormatter prints it.
 *
 * An object is a Map, whose keys keep their order even when they look like integers, or a plain record for fixed
 * names; a record's `undefined` fields are left out. A plain number must be a safe integer; anything with a
 * fraction says how it is printed: `jsonFloat` or `jsonFixed`.
 */
import { invariant } from './assert.ts'

/** A number whose text is already decided. */
export class JsonNumber {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Json = boolean | number | bigint | string | JsonNumber | readonly Json[] | JsonObject
export type JsonRecord = { readonly [name: string]: Json | undefined }
export type JsonObject = ReadonlyMap<string, Json> | JsonRecord

const DIGITS_FLOAT = 17

/**
 * A double as dump_float prints it: 17 significant digits, no trailing zeros.
 * Source: ceph src/common/Formatter.cc JSONFormatter::add_value.
 */
export const jsonFloat = (value: number): JsonNumber => new JsonNumber(printGeneral(value, DIGITS_FLOAT))

/** A double as printf's %.nf prints it; Ceph's dump_format_unquoted("%lf") has six decimals. */
export const jsonFixed = (value: number, decimals = 6): JsonNumber => new JsonNumber(value.toFixed(decimals))

/**
 * `value` as C's %.*g prints it; six digits is what a C++ stream does by default.
 *
 * Shape: at most `digits` significant digits, no trailing zeros, an exponent of two or more digits below 1e-4 and
 *        from 1e`digits` on.
 */
export const printGeneral = (value: number, digits = 6): string => {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [mantissa = '', exponentText = ''] = value.toExponential(digits - 1).split('e')
  const exponent = Number(exponentText)
  const trim = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)
  if (exponent >= -4 && exponent < digits) return trim(value.toFixed(digits - 1 - exponent))
  const sign = exponent < 0 ? '-' : '+'
  return `${trim(mantissa)}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
}

/**
 * The text of `value`. Compact has no spaces at all; pretty indents by four and ends in a newline.
 * Source: ceph src/common/Formatter.cc JSONFormatter.
 */
export const formatJson = (value: Json, pretty = false): string =>
  pretty ? `${printValue(value, '\n')}\n` : printValue(value, undefined)

// `newline` is the line break and indentation of the enclosing section, undefined for compact text.
const printValue = (value: Json, newline: string | undefined): string => {
  if (typeof value === 'string') return printString(value)
  if (typeof value === 'number') {
    invariant(
      Number.isSafeInteger(value),
      `JSON integer ${value} is not a safe integer; use bigint or jsonFloat`,
    )
    return String(value)
  }
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (value instanceof JsonNumber) return value.text
  const inner = newline === undefined ? undefined : `${newline}    `
  if (isArray(value))
    return section(
      '[',
      ']',
      value.map((item) => printValue(item, inner)),
      newline,
    )
  const colon = newline === undefined ? ':' : ': '
  const fields: string[] = []
  for (const [name, field] of entriesOf(value))
    if (field !== undefined) fields.push(`"${name}"${colon}${printValue(field, inner)}`)
  return section('{', '}', fields, newline)
}

// Array.isArray does not narrow a readonly array out of a union.
const isArray = (value: readonly Json[] | JsonObject): value is readonly Json[] => Array.isArray(value)

const entriesOf = (value: JsonObject): Iterable<readonly [string, Json | undefined]> =>
  value instanceof Map ? value : Object.entries(value as JsonRecord)

const section = (
  open: string,
  close: string,
  items: readonly string[],
  newline: string | undefined,
): string => {
  if (newline === undefined) return `${open}${items.join(',')}${close}`
  if (items.length === 0) return `${open}${close}`
  return `${open}${newline}    ${items.join(`,${newline}    `)}${newline}${close}`
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\t', '\\t'],
  ['\n', '\\n'],
])

// Only these are escaped; names of fields are printed as they are, as the original does.
const printString = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  `"${text.replace(/["\\\x00-\x1f\x7f]/g, (c) => ESCAPES.get(c) ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`
