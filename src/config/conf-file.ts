/**
 * ceph.conf: sections of `key = value` lines.
 *
 *   - `#` and `;` begin a comment, also inside quotes; a backslash takes the meaning from the character after it,
 *     and from the end of a line, which then goes on;
 *   - a value may be quoted with `"` or `'`; an unquoted one loses the blanks around it;
 *   - blanks inside a key are one underscore; the last of two equal keys wins; sections of one name are one;
 *   - the last line ends in a newline like all others;
 *   - a file without any section may hold one line, which counts as `global`.
 *
 * Source: ceph src/common/ConfUtils.cc IniGrammer.
 * Differs: blanks before a section's `[` are allowed.
 */
import * as E from 'fp-ts/lib/Either.js'
import { optionNameOf } from './option.ts'

/** section → key → value, as written; nothing is expanded or checked. */
export type ConfFile = ReadonlyMap<string, ReadonlyMap<string, string>>

export const EMPTY_CONF: ConfFile = new Map()

/** Larger files are refused. */
export const CONF_BYTES_MAX = 0x4000_0000

interface Line {
  /** Without comment and line end; backslashes still there. */
  readonly text: string
  /** 1-based. */
  readonly number: number
}

/** The sections of `text`; a Left is Ceph's message. */
export const parseConfFile = (text: string): E.Either<string, ConfFile> => {
  if (!text.isWellFormed()) return E.left(`parse error: invalid UTF-8 found at line ${malformedLine(text)}`)
  const conf = new Map<string, Map<string, string>>()
  const lines = linesOf(text)
  let section: string | undefined
  for (const line of lines) {
    if (line.text.trim() === '') continue
    const heading = parseHeading(line)
    if (E.isLeft(heading)) return heading
    if (heading.right !== undefined) {
      section = heading.right
      if (!conf.has(section)) conf.set(section, new Map())
      continue
    }
    const entry = parseEntry(line)
    if (E.isLeft(entry)) return entry
    // One line before any section is taken for the whole file.
    if (section === undefined && conf.size > 0) return E.left(expected('<eoi>', line.number, 1))
    const keys = conf.get(section ?? 'global') ?? new Map<string, string>()
    conf.set(section ?? 'global', keys.set(...entry.right))
  }
  const last = lines.at(-1)
  return last === undefined || last.text.trim() === '' || text.endsWith('\n')
    ? E.right(conf)
    : E.left(expected('<empty_line>', last.number, (text.split('\n').at(-1) ?? '').length + 1))
}

/** What holds for a daemon: of each key, the value in the first of `sections` that has it. */
export const confValues = (conf: ConfFile, sections: readonly string[]): ReadonlyMap<string, string> =>
  new Map([...sections].reverse().flatMap((name) => [...(conf.get(name) ?? [])]))

const expected = (what: string, line: number, position: number): string =>
  `parse error: expected '${what}' in line ${line} at position ${position}\n`

const malformedLine = (text: string): number => text.split('\n').findIndex((line) => !line.isWellFormed()) + 1

// A backslash and whatever follows it, or one plain character.
const TEXT_CHAR = /\\[^\n]|[^\\]|\\/gs

const linesOf = (text: string): readonly Line[] => {
  const lines: Line[] = []
  let number = 1
  let began = 1
  let current = ''
  let inComment = false
  for (const [part] of text.replaceAll('\r\n', '\n').matchAll(TEXT_CHAR)) {
    if (part === '\n') {
      number += 1
      // A lone backslash stands only before a line end: the line goes on.
      if (!inComment && current.endsWith('\\') && !endsInEscape(current)) {
        current = current.slice(0, -1)
        continue
      }
      lines.push({ text: current, number: began })
      current = ''
      inComment = false
      began = number
    } else if (!inComment) {
      inComment = part === '#' || part === ';'
      if (!inComment) current += part
    }
  }
  return current === '' ? lines : [...lines, { text: current, number: began }]
}

// Whether the last backslash is itself escaped: an even number of them.
const endsInEscape = (text: string): boolean => ((/\\+$/.exec(text)?.[0].length ?? 0) & 1) === 0

const unescaped = (text: string): string => text.replace(/\\(.)/gs, '$1')

const parseHeading = (line: Line): E.Either<string, string | undefined> => {
  const start = line.text.trimStart()
  if (!start.startsWith('[')) return E.right(undefined)
  const match = /^\[((?:\\.|[^\]\\])+)\](.*)$/s.exec(start)
  const [, name = '', rest = ''] = match ?? []
  if (match === null) return E.left(expected('"]"', line.number, line.text.length + 1))
  return rest.trim() === ''
    ? E.right(unescaped(name))
    : E.left(expected('<empty_line>', line.number, line.text.length - rest.length + 1))
}

const parseEntry = (line: Line): E.Either<string, readonly [key: string, value: string]> => {
  const match = /^\s*((?:\\.|[^=[\\])+?)\s*=\s*(.*)$/s.exec(line.text)
  if (match === null) return E.left(expected('<eoi>', line.number, 1))
  const [, key = '', rest = ''] = match
  const name = optionNameOf(key)
  const quote = rest.charAt(0)
  if (quote !== '"' && quote !== "'") return E.right([name, unescaped(rest).trim()])
  const end = closingQuote(rest, quote)
  if (end < 0) return E.left(expected(`"${quote}"`, line.number, line.text.length + 1))
  if (rest.slice(end + 1).trim() !== '')
    return E.left(expected('<empty_line>', line.number, line.text.length - rest.length + end + 2))
  return E.right([name, unescaped(rest.slice(1, end)).trim()])
}

const closingQuote = (text: string, quote: string): number => {
  for (let at = 1; at < text.length; at++) {
    if (text.charAt(at) === '\\') at++
    else if (text.charAt(at) === quote) return at
  }
  return -1
}
