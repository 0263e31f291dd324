/**
 * What all sockets hold together: bytes of frames that are not complete, and bytes that are not sent. One peer has a
 * limit of its own; thousands of peers that each stay below it must not take all memory either. When they hold too
 * much, whoever holds the most loses its socket.
 */

/** The sockets are looked at whenever this many bytes have moved, so this is how far the limit is exceeded. */
const STEP_BYTES = 8 * 1024 * 1024

/** A socket, as seen from here. */
export interface Holder {
  readonly heldBytes: number
  readonly giveWay: (reason: string) => void
}

export class HeldBytes {
  private readonly holders = new Set<Holder>()
  private readonly bytesMax: number
  private movedBytes = 0

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax
  }

  add(holder: Holder): void {
    this.holders.add(holder)
  }

  /** The socket is gone, or its peer is trusted with a limit of its own. */
  remove(holder: Holder): void {
    this.holders.delete(holder)
  }

  /** So many bytes were received or are to be sent. */
  moved(bytes: number): void {
    this.movedBytes += bytes
    if (this.movedBytes < Math.min(STEP_BYTES, this.bytesMax)) return
    this.movedBytes = 0
    this.enforce()
  }

  private enforce(): void {
    const held = [...this.holders].map((holder) => ({ holder, bytes: holder.heldBytes }))
    let total = held.reduce((sum, { bytes }) => sum + bytes, 0)
    if (total <= this.bytesMax) return
    held.sort((a, b) => b.bytes - a.bytes)
    for (const { holder, bytes } of held) {
      if (total <= this.bytesMax) return
      total -= bytes
      holder.giveWay(`all sockets together hold too much, this one ${bytes} bytes`)
    }
  }
}
