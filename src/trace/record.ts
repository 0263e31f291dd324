/**
 * Lines of a trace: what each handler did, one JSON object a line, for the conformance check.
 *
 * A line is made at the end of a handler, before anything is awaited, and has to be written before the messages it
 * names leave the process; so whoever receives one of them can rely on the line. Lines carry no time: their order
 * is the counter `n` of one process, and between processes that a message is received after it was sent; `received`
 * tells messages of one connection apart.
 *
 * Numbers beyond 32 bits are written as decimal text.
 */

/** JSON that a line may hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A message as the connection that brought it numbers it: within one session the numbers grow. */
export interface MessageId {
  readonly connection: number
  /** Counts how often the peer began a new session on this connection. */
  readonly session: number
  /** u64, decimal. */
  readonly seq: string
}

/** What one handler did; `before`, `after` and `out` are projections made by the machine's own folder. */
export interface TraceStep {
  readonly machine: 'election' | 'paxos'
  /** Tag of the event, which is the name of the spec's action. */
  readonly action: string
  /** Fields of the event that the spec knows. A received message names its sender in `from`. */
  readonly args: Readonly<Record<string, Json>>
  /** Which message this step is about. */
  readonly received?: MessageId
  readonly before: Readonly<Record<string, Json>>
  readonly after: Readonly<Record<string, Json>>
  /** Writes and messages that the handler asked for, in order. */
  readonly out: readonly Readonly<Record<string, Json>>[]
}

/**
 * One line, with its newline.
 *
 * Shape:  `n` counts the lines of one process from 0; `node` is the monitor's name.
 */
export const traceLine = (node: string, n: number, step: TraceStep): string =>
  `${JSON.stringify({ node, n, ...step })}\n`
