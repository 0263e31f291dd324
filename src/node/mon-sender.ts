/**
 * The promise between disk and network: what a fellow monitor may hear leaves only when every durable write that
 * was ordered before it is on disk. Messages keep their order.
 */

/** Hands an encoded message to the messenger. */
export type Departure = () => void

export class MonSender {
  /** Durable writes that are not done, ascending. */
  private pendingWrites: number[] = []
  /** Messages that wait, each for a write and all before it. */
  private held: { readonly after: number; readonly depart: Departure }[] = []

  /** A durable write was ordered. */
  writeOrdered(write: number): void {
    this.pendingWrites.push(write)
  }

  /** Sends now, or when the durable writes ordered so far are done. */
  post(depart: Departure): void {
    const after = this.pendingWrites.at(-1)
    if (after === undefined) depart()
    else this.held.push({ after, depart })
  }

  /** A write, durable or not, and all before it are done. */
  writeDone(write: number): void {
    this.pendingWrites = this.pendingWrites.filter((pending) => pending > write)
    const ready = this.held.filter(({ after }) => after <= write)
    if (ready.length === 0) return
    this.held = this.held.filter(({ after }) => after > write)
    for (const { depart } of ready) depart()
  }
}
