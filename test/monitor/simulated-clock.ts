/** Virtual time: what is planned runs in the order of its time, and nothing else makes time pass. */
interface Planned {
  readonly atMs: number
  readonly run: () => void
}

export class SimulatedClock {
  /** Milliseconds since 1970. */
  now: number
  private plan: Planned[] = []

  constructor(now: number) {
    this.now = now
  }

  /** Plans `run`; of two at the same time the one that was planned first runs first. */
  after(ms: number, run: () => void): void {
    const atMs = this.now + ms
    let at = this.plan.length
    while (at > 0 && (this.plan[at - 1]?.atMs ?? 0) > atMs) at--
    this.plan.splice(at, 0, { atMs, run })
  }

  /** Runs what is planned next, unless that is after `endMs`. */
  next(endMs: number): boolean {
    const [first] = this.plan
    if (first === undefined || first.atMs > endMs) return false
    this.plan.shift()
    this.now = Math.max(this.now, first.atMs)
    first.run()
    return true
  }
}
