/**
 * Parsing expressions: the few combinators that the grammars of capabilities are written in. Alternatives are
 * ordered and a parser that has succeeded is never asked for another result, as in the original's grammars.
 */

/** The value and the position after it; undefined when the text at `at` does not match. */
export type Parser<A> = (text: string, at: number) => readonly [value: A, at: number] | undefined

export const lit =
  (word: string): Parser<string> =>
  (text, at) =>
    text.startsWith(word, at) ? [word, at + word.length] : undefined

/** One or more characters of a set, given as a sticky regular expression. */
export const chars =
  (pattern: RegExp): Parser<string> =>
  (text, at) => {
    const sticky = new RegExp(pattern.source, 'y')
    sticky.lastIndex = at
    const match = sticky.exec(text)
    return match === null ? undefined : [match[0], at + match[0].length]
  }

/** Matches nothing and gives `value`. */
export const pure =
  <A>(value: A): Parser<A> =>
  (_text, at) => [value, at]

export const map =
  <A, B>(parser: Parser<A>, f: (a: A) => B): Parser<B> =>
  (text, at) => {
    const result = parser(text, at)
    return result === undefined ? undefined : [f(result[0]), result[1]]
  }

/** As `map`, and `f` may still refuse. */
export const mapOption =
  <A, B>(parser: Parser<A>, f: (a: A) => B | undefined): Parser<B> =>
  (text, at) => {
    const result = parser(text, at)
    const value = result === undefined ? undefined : f(result[0])
    return result === undefined || value === undefined ? undefined : [value, result[1]]
  }

type Values<P extends readonly Parser<unknown>[]> = {
  readonly [I in keyof P]: P[I] extends Parser<infer A> ? A : never
}

/** All in a row; their values as a tuple. */
export const seq =
  <const P extends readonly Parser<unknown>[]>(...parsers: P): Parser<Values<P>> =>
  (text, start) => {
    const values: unknown[] = []
    let at = start
    for (const parser of parsers) {
      const result = parser(text, at)
      if (result === undefined) return undefined
      values.push(result[0])
      at = result[1]
    }
    // One value was pushed for each parser, in order: that is what Values says.
    return [values as Values<P>, at]
  }

/** The first that matches. */
export const alt =
  <A>(...parsers: readonly Parser<A>[]): Parser<A> =>
  (text, at) => {
    for (const parser of parsers) {
      const result = parser(text, at)
      if (result !== undefined) return result
    }
    return undefined
  }

export const opt = <A>(parser: Parser<A>): Parser<A | undefined> =>
  alt<A | undefined>(parser, pure(undefined))

/** As many as match, at least `least`. */
export const many =
  <A>(parser: Parser<A>, least = 0): Parser<readonly A[]> =>
  (text, start) => {
    const values: A[] = []
    let at = start
    for (let next = parser(text, at); next !== undefined && next[1] > at; next = parser(text, at)) {
      values.push(next[0])
      at = next[1]
    }
    return values.length >= least ? [values, at] : undefined
  }

/** One or more with `separator` between; a separator that nothing follows is left unread. */
export const sepBy = <A>(parser: Parser<A>, separator: Parser<unknown>): Parser<readonly A[]> =>
  map(seq(parser, many(map(seq(separator, parser), ([, value]) => value))), ([first, rest]) => [
    first,
    ...rest,
  ])

/** Any subset of `parsers` in their order, at least one of them. */
export const inOrder =
  <A>(...parsers: readonly Parser<A>[]): Parser<readonly A[]> =>
  (text, start) => {
    const values: A[] = []
    let at = start
    for (const parser of parsers) {
      const result = parser(text, at)
      if (result === undefined) continue
      values.push(result[0])
      at = result[1]
    }
    return values.length > 0 ? [values, at] : undefined
  }

/** Only the second value. */
export const after = <A>(before: Parser<unknown>, parser: Parser<A>): Parser<A> =>
  map(seq(before, parser), ([, value]) => value)

/** The outcome over a whole text: the value, or how far the parser came. */
export type Parsed<A> =
  { readonly _tag: 'Parsed'; readonly value: A } | { readonly _tag: 'Stopped'; readonly rest: string }

/** Runs `parser` over all of `text`. A parser that does not match at all stops at the beginning. */
export const parseWhole = <A>(parser: Parser<A>, text: string): Parsed<A> => {
  const result = parser(text, 0)
  if (result === undefined) return { _tag: 'Stopped', rest: text }
  const [value, at] = result
  return at === text.length ? { _tag: 'Parsed', value } : { _tag: 'Stopped', rest: text.slice(at) }
}

/** As `parseWhole`, and white space before and after counts for nothing. */
export const parsePhrase = <A>(parser: Parser<A>, text: string): Parsed<A> => {
  const padding = opt(chars(/[ \t\n\v\f\r]+/))
  const parsed = parseWhole(seq(parser, padding), text.replace(/^[ \t\n\v\f\r]+/, ''))
  return parsed._tag === 'Parsed' ? { _tag: 'Parsed', value: parsed.value[0] } : parsed
}
