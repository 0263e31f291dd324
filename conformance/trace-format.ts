/**
 * Reads trace files, line by line, and refuses what is not a trace.
 */
import { readFile } from 'node:fs/promises'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { PathReporter } from 'io-ts/lib/PathReporter.js'

const Fields = t.record(t.string, t.unknown)

const MessageId = t.readonly(t.type({ connection: t.number, session: t.number, seq: t.string }))

/** A line of either machine; what the fields hold is the machine's adapter's business. */
export const TraceLine = t.readonly(
  t.intersection([
    t.type({
      node: t.string,
      n: t.number,
      machine: t.keyof({ election: null, paxos: null }),
      action: t.string,
      args: Fields,
      before: Fields,
      after: Fields,
      out: t.readonlyArray(Fields),
    }),
    t.partial({ received: MessageId }),
  ]),
)

export type TraceLine = t.TypeOf<typeof TraceLine>

/** One line of text. Errors: what is wrong with it. */
export const parseTraceLine = (text: string): E.Either<string, TraceLine> => {
  const json = E.tryCatch(
    () => JSON.parse(text) as unknown,
    () => 'a line is not JSON',
  )
  if (E.isLeft(json)) return json
  const decoded = TraceLine.decode(json.right)
  return E.isLeft(decoded) ? E.left(PathReporter.report(decoded).join('; ')) : decoded
}

/** The last message of each session of one process; a message that does not come after it is out of order. */
class Sessions {
  private readonly last = new Map<string, bigint>()

  /** What is wrong with the order, or undefined. Steps without a message, and messages without a number, fit. */
  problemWith({ received }: TraceLine): string | undefined {
    if (received === undefined || received.seq === '0') return undefined
    const session = `${received.connection}.${received.session}`
    const last = this.last.get(session) ?? 0n
    const seq = BigInt(received.seq)
    this.last.set(session, seq)
    return seq > last ? undefined : `message ${seq} of connection ${session} comes after ${last}`
  }
}

/**
 * All lines of one monitor's trace.
 *
 * Errors: the first line that is no trace line, whose counter does not follow, or whose message comes after a later
 *         one of its session. Each process counts from 0, and a last line cut short by its death is left out.
 */
export const parseTraceLines = (text: string): E.Either<string, readonly TraceLine[]> => {
  const lines: TraceLine[] = []
  let sessions = new Sessions()
  const texts = text.split('\n')
  for (const [at, one] of texts.entries()) {
    if (one === '') continue
    const line = parseTraceLine(one)
    if (E.isLeft(line)) {
      if (at === texts.length - 1) break
      return E.left(`line ${at + 1}: ${line.left}`)
    }
    const previous = lines.at(-1)?.n ?? -1
    if (line.right.n !== 0 && line.right.n !== previous + 1)
      return E.left(`line ${at + 1} is numbered ${line.right.n} after ${previous}`)
    if (line.right.n === 0) sessions = new Sessions()
    const problem = sessions.problemWith(line.right)
    if (problem !== undefined) return E.left(`line ${at + 1}: ${problem}`)
    lines.push(line.right)
  }
  return E.right(lines)
}

/** All lines of one monitor's file. Errors: those of `parseTraceLines`, with the file's name. */
export const readTrace = async (path: string): Promise<E.Either<string, readonly TraceLine[]>> =>
  E.mapLeft((problem: string) => `${path}: ${problem}`)(parseTraceLines(await readFile(path, 'utf8')))
