/** Whom this monitor pings, and what came of it. */

export interface PingState {
  /** Names by rank, of the monmap that the ranks below are of. */
  readonly ranks: readonly string[]
  /** Peers that we ping: rank → when the last answer came, ms since 1970. */
  readonly lastAckMs: ReadonlyMap<number, number>
  /** When the scores were last brought up to date, by rank. */
  readonly scoredMs: ReadonlyMap<number, number>
}

export const NO_PINGS: PingState = { ranks: [], lastAckMs: new Map(), scoredMs: new Map() }
