/** How far the clocks of the quorum are apart, as far as is known. */

export interface TimecheckState {
  /** The round under way (odd), or undefined between rounds. */
  readonly round: { readonly startedMs: number; readonly waiting: ReadonlyMap<number, number> } | undefined
  /** Even after a round has ended, odd while one is under way. */
  readonly roundNumber: bigint
  /** Rank → bound on how far its clock is off, in seconds; negative when it is behind. */
  readonly skews: ReadonlyMap<number, number>
  /** Rank → round-trip time in seconds, averaged. */
  readonly latencies: ReadonlyMap<number, number>
  readonly roundsSinceClean: number
}

export const NO_TIMECHECK: TimecheckState = {
  round: undefined,
  roundNumber: 0n,
  skews: new Map(),
  latencies: new Map(),
  roundsSinceClean: 0,
}
