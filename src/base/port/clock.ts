/** The wall clock. Pure code gets its reading as a field of the event. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number
}
