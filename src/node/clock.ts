/** The one place that reads the clock. */

/** Milliseconds since 1970. */
export const now = (): number => Date.now()
