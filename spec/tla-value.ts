/**
 * Values as TLC prints them: a parser, and a canonical text that does not depend on the order TLC chose.
 *
 * Grammar:
 *   state    = { "/\" name "=" value }                     (one variable: the "/\" may be missing)
 *   value    = int | "TRUE" | "FALSE" | string | set | sequence | record | function | interval | model value
 *   set      = "{" [ value { "," value } ] "}"             interval = int ".." int
 *   sequence = "<<" [ value { "," value } ] ">>"
 *   record   = "[" name "|->" value { "," name "|->" value } "]"
 *   function = "(" value ":>" value { "@@" value ":>" value } ")"
 */
import { invariant, known } from '../src/base/assert.ts'

export type TlaValue =
  | { readonly _tag: 'Int'; readonly value: number }
  | { readonly _tag: 'Bool'; readonly value: boolean }
  | { readonly _tag: 'String'; readonly value: string }
  | { readonly _tag: 'Model'; readonly name: string }
  | { readonly _tag: 'Set'; readonly items: readonly TlaValue[] }
  | { readonly _tag: 'Sequence'; readonly items: readonly TlaValue[] }
  | { readonly _tag: 'Record'; readonly fields: ReadonlyMap<string, TlaValue> }
  | { readonly _tag: 'Function'; readonly entries: readonly (readonly [TlaValue, TlaValue])[] }

/** A state: the value of each variable. */
export type TlaState = ReadonlyMap<string, TlaValue>

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y
const INT = /-?\d+/y
const SPACE = /\s*/y

class Parser {
  private at = 0
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  private skip(): void {
    SPACE.lastIndex = this.at
    SPACE.exec(this.text)
    this.at = SPACE.lastIndex
  }

  private found(token: string): boolean {
    this.skip()
    if (!this.text.startsWith(token, this.at)) return false
    this.at += token.length
    return true
  }

  private need(token: string): void {
    invariant(
      this.found(token),
      `expected ${token} at ${this.at} of a TLA+ value: ${this.text.slice(this.at, this.at + 40)}`,
    )
  }

  private match(pattern: RegExp): string | undefined {
    this.skip()
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    if (found !== undefined) this.at += found.length
    return found
  }

  private name(): string {
    return known(this.match(NAME), `a name at ${this.at} of a TLA+ value`)
  }

  private list(close: string): readonly TlaValue[] {
    const items: TlaValue[] = []
    if (this.found(close)) return items
    do items.push(this.value())
    while (this.found(','))
    this.need(close)
    return items
  }

  private record(): TlaValue {
    const fields = new Map<string, TlaValue>()
    if (this.found(']')) return { _tag: 'Record', fields }
    do {
      const name = this.name()
      this.need('|->')
      fields.set(name, this.value())
    } while (this.found(','))
    this.need(']')
    return { _tag: 'Record', fields }
  }

  private function(): TlaValue {
    const entries: (readonly [TlaValue, TlaValue])[] = []
    do {
      const key = this.value()
      this.need(':>')
      entries.push([key, this.value()])
    } while (this.found('@@'))
    this.need(')')
    return { _tag: 'Function', entries }
  }

  private string(): TlaValue {
    let value = ''
    for (;;) {
      const char = known(this.text[this.at], 'the end of a string in a TLA+ value')
      this.at++
      if (char === '"') return { _tag: 'String', value }
      if (char === '\\') {
        const escaped = known(this.text[this.at], 'an escaped character')
        this.at++
        value += escaped === 'n' ? '\n' : escaped === 't' ? '\t' : escaped
      } else value += char
    }
  }

  private number(first: number): TlaValue {
    if (!this.found('..')) return { _tag: 'Int', value: first }
    const last = Number(known(this.match(INT), 'the end of an interval'))
    const items = Array.from({ length: Math.max(0, last - first + 1) }, (_, i): TlaValue => ({
      _tag: 'Int',
      value: first + i,
    }))
    return { _tag: 'Set', items }
  }

  value(): TlaValue {
    if (this.found('"')) return this.string()
    if (this.found('<<')) return { _tag: 'Sequence', items: this.list('>>') }
    if (this.found('{')) return { _tag: 'Set', items: this.list('}') }
    if (this.found('[')) return this.record()
    if (this.found('(')) return this.function()
    const int = this.match(INT)
    if (int !== undefined) return this.number(Number(int))
    const name = this.name()
    if (name === 'TRUE' || name === 'FALSE') return { _tag: 'Bool', value: name === 'TRUE' }
    return { _tag: 'Model', name }
  }

  state(): TlaState {
    const variables = new Map<string, TlaValue>()
    do {
      this.found('/\\')
      const name = this.name()
      this.need('=')
      variables.set(name, this.value())
      this.skip()
    } while (this.at < this.text.length)
    return variables
  }

  end(): void {
    this.skip()
    invariant(
      this.at === this.text.length,
      `text after a TLA+ value: ${this.text.slice(this.at, this.at + 40)}`,
    )
  }
}

/** The value that `text` prints. Errors: asserts; TLC's output is not a stranger's input. */
export const parseValue = (text: string): TlaValue => {
  const parser = new Parser(text)
  const value = parser.value()
  parser.end()
  return value
}

/** The variables of a state as TLC prints it, in a trace or in a dumped node. */
export const parseState = (text: string): TlaState => new Parser(text).state()

/** Canonical text of a value: equal values give equal text. Sets and functions are sorted by that text. */
export const formatValue = (value: TlaValue): string => {
  switch (value._tag) {
    case 'Int':
      return String(value.value)
    case 'Bool':
      return value.value ? 'TRUE' : 'FALSE'
    case 'String':
      return JSON.stringify(value.value)
    case 'Model':
      return value.name
    case 'Set':
      return `{${value.items.map(formatValue).sort().join(', ')}}`
    case 'Sequence':
      return `<<${value.items.map(formatValue).join(', ')}>>`
    case 'Record':
      return `[${[...value.fields]
        .map(([name, field]) => `${name} |-> ${formatValue(field)}`)
        .sort()
        .join(', ')}]`
    case 'Function':
      return `(${value.entries
        .map(([key, image]) => `${formatValue(key)} :> ${formatValue(image)}`)
        .sort()
        .join(' @@ ')})`
  }
}

/** Canonical text of a whole state, variables sorted by name. */
export const formatState = (state: TlaState): string =>
  [...state]
    .map(([name, value]) => `/\\ ${name} = ${formatValue(value)}`)
    .sort()
    .join('\n')

/** The integer in `value`; asserts on another kind. */
export const asInt = (value: TlaValue | undefined): number => {
  invariant(value?._tag === 'Int', `expected an integer, found ${value?._tag ?? 'nothing'}`)
  return value.value
}

/** The truth value in `value`; asserts on another kind. */
export const asBool = (value: TlaValue | undefined): boolean => {
  invariant(value?._tag === 'Bool', `expected TRUE or FALSE, found ${value?._tag ?? 'nothing'}`)
  return value.value
}

/** The string in `value`; asserts on another kind. */
export const asString = (value: TlaValue | undefined): string => {
  invariant(value?._tag === 'String', `expected a string, found ${value?._tag ?? 'nothing'}`)
  return value.value
}

/** The elements of a set or of a sequence; asserts on another kind. */
export const asItems = (value: TlaValue | undefined): readonly TlaValue[] => {
  invariant(
    value?._tag === 'Set' || value?._tag === 'Sequence',
    `expected a set or a sequence, found ${value?._tag ?? 'nothing'}`,
  )
  return value.items
}

/** The fields of a record; asserts on another kind. */
export const asRecord = (value: TlaValue | undefined): ReadonlyMap<string, TlaValue> => {
  invariant(value?._tag === 'Record', `expected a record, found ${value?._tag ?? 'nothing'}`)
  return value.fields
}

/**
 * A function as a map from the canonical text of the argument to the image.
 *
 * TLC prints a function on 1..n as a sequence and one on strings as a record; both are accepted.
 */
export const asFunction = (value: TlaValue | undefined): ReadonlyMap<string, TlaValue> => {
  invariant(value !== undefined, 'expected a function, found nothing')
  if (value._tag === 'Sequence') return new Map(value.items.map((item, at) => [String(at + 1), item]))
  if (value._tag === 'Record') return new Map([...value.fields].map(([k, v]) => [JSON.stringify(k), v]))
  invariant(value._tag === 'Function', `expected a function, found ${value._tag}`)
  return new Map(value.entries.map(([key, image]) => [formatValue(key), image]))
}
