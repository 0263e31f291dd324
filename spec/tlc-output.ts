/**
 * Reads what TLC prints under `-tool`: messages framed by numbered start and end lines.
 *
 * Only the numbers are relied upon, and the few words that carry a count or a name.
 */

/** How a run ended. `property` is the invariant's or property's name; a deadlock's is `Deadlock`. */
export type TlcVerdict =
  | { readonly _tag: 'Ok' }
  | { readonly _tag: 'Violated'; readonly property: string; readonly trace: readonly TraceState[] }
  | { readonly _tag: 'Failed'; readonly message: string }
  /** Ended from outside, with no violation so far. */
  | { readonly _tag: 'Stopped' }

/** One state of a counterexample: the action that led to it, and the state's text. */
export interface TraceState {
  readonly action: string
  readonly state: string
}

export interface TlcResult {
  readonly verdict: TlcVerdict
  readonly generatedCount: number
  readonly distinctCount: number
  readonly depth: number
  /** How often each named action produced a state, new or known. */
  readonly firedCount: ReadonlyMap<string, number>
  /** Texts that the specification printed. */
  readonly printed: ReadonlySet<string>
}

interface Message {
  readonly code: number
  readonly severity: number
  readonly text: string
}

const MESSAGE_CHARS_MAX = 4000

const START = /^@!@!@STARTMSG (\d+):(\d) @!@!@$/
const END = /^@!@!@ENDMSG \d+ @!@!@$/

// The numbers are those of TLC's own table of messages (tlc2.output.EC).
const SUCCESS = 2193
const STATISTICS = 2199
const PROGRESS = 2200
const DEPTH = 2194
const ACTION_COVERAGE = 2772
const TRACE_STATE = 2217
const TRACE_LOOP = [2122, 2218]
const SEVERITY_ERROR = 1
const SEVERITY_WARNING = 2
const VIOLATIONS: readonly (readonly [number, RegExp])[] = [
  [2107, /Invariant (\S+) is violated/],
  [2110, /Invariant (\S+) is violated/],
  [2112, /Action property (\S+) is violated/],
  [2114, /(Deadlock)/],
  [2115, /(Deadlock)/],
  [2116, /(Temporal properties)/],
]

const messagesOf = (output: string): readonly Message[] => {
  const messages: Message[] = []
  let open: { code: number; severity: number; lines: string[] } | undefined
  for (const line of output.split('\n')) {
    const start = START.exec(line)
    if (start !== null) open = { code: Number(start[1]), severity: Number(start[2]), lines: [] }
    else if (END.test(line)) {
      if (open !== undefined)
        messages.push({ code: open.code, severity: open.severity, text: open.lines.join('\n') })
      open = undefined
    } else open?.lines.push(line)
  }
  return messages
}

const traceOf = (messages: readonly Message[]): readonly TraceState[] =>
  messages.flatMap(({ code, text }): TraceState[] => {
    if (TRACE_LOOP.includes(code)) return [{ action: text.trim(), state: '' }]
    if (code !== TRACE_STATE) return []
    const newline = text.indexOf('\n')
    const action = /<(\w+)/.exec(text.slice(0, newline))?.[1] ?? ''
    return [{ action, state: text.slice(newline + 1).trim() }]
  })

const verdictOf = (messages: readonly Message[]): TlcVerdict => {
  for (const [code, pattern] of VIOLATIONS) {
    const message = messages.find((candidate) => candidate.code === code)
    if (message !== undefined)
      return {
        _tag: 'Violated',
        property: pattern.exec(message.text)?.[1] ?? message.text,
        trace: traceOf(messages),
      }
  }
  if (messages.some(({ code }) => code === SUCCESS)) return { _tag: 'Ok' }
  const errors = messages.filter(
    ({ severity }) => severity === SEVERITY_ERROR || severity === SEVERITY_WARNING,
  )
  return { _tag: 'Failed', message: errors.map(({ text }) => text).join('\n') }
}

const count = (text: string | undefined): number => Number((text ?? '0').replaceAll(',', ''))

const coverageOf = (messages: readonly Message[]): ReadonlyMap<string, number> => {
  const fired = new Map<string, number>()
  for (const { code, text } of messages) {
    if (code !== ACTION_COVERAGE) continue
    const found = /^<(\w+)[^>]*>: [\d,]+:([\d,]+)/.exec(text)
    if (found?.[1] !== undefined) fired.set(found[1], (fired.get(found[1]) ?? 0) + count(found[2]))
  }
  return fired
}

/** TLC repeats its coverage while it runs; only the last report counts. */
const lastCoverage = (messages: readonly Message[]): readonly Message[] => {
  const start = messages.findLastIndex(({ code }) => code === 2201)
  return start < 0 ? messages : messages.slice(start)
}

/** What TLC printed outside its messages: the parser's complaints, mostly. */
const unframed = (output: string): string => {
  let inside = false
  const kept = output.split('\n').filter((line) => {
    if (START.test(line)) inside = true
    const keep = !inside
    if (END.test(line)) inside = false
    return keep && !/^(Parsing file|Semantic processing)/.test(line)
  })
  return kept.join('\n').trim()
}

/** What `PrintT` of a text leaves: the text in quotes, between messages. */
const printedIn = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(/^"(.*)"$/gm)].map(([, inner]) => inner ?? ''))

/** The result of one run from everything it printed. */
export const parseTlcOutput = (output: string): TlcResult => {
  const messages = messagesOf(output)
  const statistics =
    messages
      .findLast(({ code }) => code === STATISTICS || code === PROGRESS)
      ?.text.replace(/ \([^)]*\)/g, '') ?? ''
  const verdict = verdictOf(messages)
  return {
    verdict:
      verdict._tag === 'Failed'
        ? { _tag: 'Failed', message: `${verdict.message}\n${unframed(output)}`.slice(0, MESSAGE_CHARS_MAX) }
        : verdict,
    generatedCount: count(/([\d,]+) states generated/.exec(statistics)?.[1]),
    distinctCount: count(/([\d,]+) distinct states found/.exec(statistics)?.[1]),
    depth: count(/is ([\d,]+)\./.exec(messages.findLast(({ code }) => code === DEPTH)?.text ?? '')?.[1]),
    firedCount: coverageOf(lastCoverage(messages)),
    printed: printedIn(unframed(output)),
  }
}
