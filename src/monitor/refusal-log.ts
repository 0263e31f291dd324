/**
 * Refusals in the monitor's log, each with who, from where and why. What makes them comes from anybody who reaches
 * the port, so lines that are written by default are few of each kind; the rest is counted, and told by debug_auth 10.
 *
 * Limits: REFUSAL_LINES_MAX of a kind in REFUSAL_WINDOW_MS, and one that says how many more there were;
 *         ENTITY_CHARS_MAX of a name.
 * Differs: the original writes a line or more for every refusal, at level 0.
 */
import type { Refusal, RefusalKind } from '../auth/refusal.ts'
import { oneLine } from '../base/text.ts'
import { type EntityAddr, printAddr } from '../codec/type/entity-addr.ts'
import { type EntityName, printEntityName } from '../codec/type/entity-name.ts'
import type { Turn } from './turn.ts'

export const REFUSAL_LINES_MAX = 10
export const REFUSAL_WINDOW_MS = 60_000
const ENTITY_CHARS_MAX = 80

export interface RefusalLogState {
  /** When the first of those counted was, ms since 1970. */
  readonly sinceMs: number
  readonly counts: ReadonlyMap<RefusalKind, number>
}

export const NO_REFUSALS: RefusalLogState = { sinceMs: 0, counts: new Map() }

/** Of those within the limit; beyond it all are of level OVERFLOW_LEVEL. */
const LEVELS: Readonly<Record<RefusalKind, number>> = {
  MethodNotAllowed: 5,
  ModeNotAllowed: 1,
  Malformed: 1,
  NotAMonitor: 0,
  UnknownEntity: 0,
  WrongKey: 0,
  BadTicket: 0,
  BadAuthorizer: 0,
  NoCapability: 0,
  NoServiceKeys: 0,
}
const OVERFLOW_LEVEL = 10

/** `entityName` is who the peer says it is, when it has come to say it. */
export const logRefusal = (
  turn: Turn,
  { kind, result, why }: Refusal,
  entityName: EntityName | undefined,
  peer: EntityAddr,
): void => {
  tickRefusals(turn)
  const { counts, sinceMs } = turn.state.refusalLog
  const count = (counts.get(kind) ?? 0) + 1
  const since = counts.size === 0 ? turn.now : sinceMs
  turn.update({ refusalLog: { sinceMs: since, counts: new Map([...counts, [kind, count]]) } })
  const who = entityName === undefined ? 'a peer' : oneLine(printEntityName(entityName), ENTITY_CHARS_MAX)
  const level = count <= REFUSAL_LINES_MAX ? LEVELS[kind] : OVERFLOW_LEVEL
  turn.log(level, `${who} at ${printAddr(peer)} refused with ${result}: ${why}`, 'auth')
}

/** At the end of a window, says what it did not say of each refusal, and begins to count anew. */
export const tickRefusals = (turn: Turn): void => {
  const { counts, sinceMs } = turn.state.refusalLog
  const ageMs = turn.now - sinceMs
  // A clock that was set back would keep the window open.
  if (counts.size === 0 || (ageMs >= 0 && ageMs < REFUSAL_WINDOW_MS)) return
  for (const [kind, count] of counts) {
    const more = count - REFUSAL_LINES_MAX
    if (more > 0)
      turn.log(
        LEVELS[kind],
        `${more} more refused within a minute: ${kind}; debug_auth 10 names each`,
        'auth',
      )
  }
  turn.update({ refusalLog: NO_REFUSALS })
}
