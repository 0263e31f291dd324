/** Randomness for events. Most use none, and a call into the system for each cost as much as handling a message. */
import { randomBytes } from 'node:crypto'

const ENTROPY_BYTES = 32
const DRAWN_BYTES = 8192

export class EntropyPool {
  private drawn: Buffer = Buffer.alloc(0)

  /** 32 bytes that nobody has been given before. */
  next(): Buffer {
    if (this.drawn.length === 0) this.drawn = randomBytes(DRAWN_BYTES)
    const next = this.drawn.subarray(0, ENTROPY_BYTES)
    this.drawn = this.drawn.subarray(ENTROPY_BYTES)
    return next
  }
}
