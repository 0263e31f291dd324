/**
 * The promise between disk and network: what a fellow monitor may hear leaves only when every durable write that
 * was ordered before it is on disk. Messages keep their order.
 */
import type { EntityAddrvec } from '../codec/type/entity-addr.ts'
import type { RawMessage } from '../message/raw.ts'

export interface HeldMessage {
  readonly addrs: EntityAddrvec
  readonly message: RawMessage
}

export class MonSender {
  private readonly send: (message: HeldMessage) => void
  /** Durable writes that are not done, ascending. */
  private pendingWrites: number[] = []
  /** Messages that wait, each for a write and all before it. */
  private held: { readonly after: number; readonly message: HeldMessage }[] = []

  constructor(send: (message: HeldMessage) => void) {
    this.send = send
  }

  /** A durable write was ordered. */
  writeOrdered(write: number): void {
    this.pendingWrites.push(write)
  }

  /** Sends now, or when the durable writes ordered so far are done. */
  post(message: HeldMessage): void {
    const after = this.pendingWrites.at(-1)
    if (after === undefined) this.send(message)
    else this.held.push({ after, message })
  }

  /** A write, durable or not, and all before it are done. */
  writeDone(write: number): void {
    this.pendingWrites = this.pendingWrites.filter((pending) => pending > write)
    const ready = this.held.filter(({ after }) => after <= write)
    if (ready.length === 0) return
    this.held = this.held.filter(({ after }) => after > write)
    for (const { message } of ready) this.send(message)
  }
}
