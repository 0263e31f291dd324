/**
 * POSIX extended regular expressions, as capabilities use them, by way of JavaScript's.
 *
 * Differs: back-tracking order; it cannot show, since only full matches count.
 */

const CLASSES: ReadonlyMap<string, string> = new Map([
  ['alpha', 'a-zA-Z'],
  ['digit', '0-9'],
  ['alnum', 'a-zA-Z0-9'],
  ['upper', 'A-Z'],
  ['lower', 'a-z'],
  ['space', '\\s'],
  ['blank', ' \\t'],
  ['punct', '!-\\/:-@\\[-`{-~'],
  ['print', ' -~'],
  ['graph', '!-~'],
  ['cntrl', '\\x00-\\x1f\\x7f'],
  ['xdigit', '0-9A-Fa-f'],
])

const SPECIAL = new Set('\\^$.|?*+()[]{}/')

const literal = (char: string): string => (SPECIAL.has(char) ? `\\${char}` : char)

// A bracket expression, from its [ to its ], where a backslash is an ordinary character and a ] may come first.
const BRACKET = /^\[(\^?)(\]?(?:\[:[a-z]+:\]|[^\]])*)\]/

const CLASS_OR_SPECIAL = /\[:([a-z]+):\]|[\\\][^]/g

const bracket = (negation: string, body: string): string | undefined => {
  const names = [...body.matchAll(CLASS_OR_SPECIAL)].flatMap(([, name]) => name ?? [])
  if (!names.every((name) => CLASSES.has(name))) return undefined
  const inner = body.replace(CLASS_OR_SPECIAL, (char, name: string | undefined) =>
    name === undefined ? `\\${char}` : (CLASSES.get(name) ?? ''),
  )
  return `[${negation}${inner}]`
}

// The source of the equivalent JavaScript expression; undefined where POSIX has none.
const translate = (pattern: string): string | undefined => {
  const parts: string[] = []
  for (let at = 0; at < pattern.length;) {
    const rest = pattern.slice(at)
    const char = pattern.charAt(at)
    const match = char === '[' ? BRACKET.exec(rest) : null
    if (match !== null) {
      const set = bracket(match[1] ?? '', match[2] ?? '')
      if (set === undefined) return undefined
      parts.push(set)
      at += match[0].length
    } else if (char === '\\') {
      if (rest.length < 2) return undefined
      parts.push(literal(rest.charAt(1)))
      at += 2
    } else {
      // JavaScript gives a question mark after ( or a quantifier a meaning that POSIX does not know.
      if (char === '[' || /^(?:\(\?|[*+?}][*+?{])/.test(rest)) return undefined
      parts.push(char)
      at += 1
    }
  }
  return parts.join('')
}

/** Whether all of `text` matches `pattern`; an invalid pattern matches nothing. */
export const matchesPosixExtended = (pattern: string, text: string): boolean => {
  const source = translate(pattern)
  if (source === undefined) return false
  try {
    return new RegExp(`^(?:${source})$`, 's').test(text)
  } catch {
    return false
  }
}
