/**
 * Bytes that have arrived and are not yet read. Nothing is copied unless a read spans chunks, and nothing is
 * allocated ahead of arrival.
 */
import { invariant, known } from '../../base/assert.ts'

/** Chunks that are read and still held. */
const READ_CHUNKS_MAX = 32
/** Chunks up to this size are gathered while they wait: a peer that sends byte by byte costs no object a byte. */
const SMALL_CHUNK_BYTES = 512
const GATHER_BYTES = 8 * 1024

const EMPTY = Buffer.alloc(0)

export class ByteQueue {
  // chunks[first] is read from `at` on; chunks before it are read and dropped from time to time.
  private chunks: Buffer[] = []
  private first = 0
  private at = 0
  private bytes = 0
  private record: Buffer[] | undefined
  private recordBytes = 0
  /** The buffer behind the last chunk, when it is our own, and how much of it is used. */
  private gatherer: Buffer | undefined
  private gathered = 0

  get length(): number {
    return this.bytes
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.bytes += chunk.length
    // What waits for more bytes is gathered; a frame that comes whole is not copied.
    if (chunk.length <= SMALL_CHUNK_BYTES && this.first < this.chunks.length) this.pushSmall(chunk)
    else {
      this.gatherer = undefined
      this.chunks.push(chunk)
    }
  }

  private pushSmall(chunk: Buffer): void {
    const { gatherer } = this
    if (gatherer === undefined || this.gathered + chunk.length > gatherer.length) {
      this.gatherer = Buffer.allocUnsafeSlow(GATHER_BYTES)
      this.gathered = chunk.copy(this.gatherer)
      this.chunks.push(this.gatherer.subarray(0, this.gathered))
      return
    }
    this.gathered += chunk.copy(gatherer, this.gathered)
    this.chunks[this.chunks.length - 1] = gatherer.subarray(
      this.gathered - (known(this.chunks.at(-1), 'a chunk').length + chunk.length),
      this.gathered,
    )
  }

  /** The next `count` bytes, left in place. There must be as many. */
  peek(count: number): Buffer {
    invariant(count <= this.bytes, `peek of ${count} bytes, ${this.bytes} have arrived`)
    if (count === 0) return EMPTY
    const head = known(this.chunks[this.first], 'a chunk')
    if (head.length - this.at >= count) return head.subarray(this.at, this.at + count)
    return this.gather(count)
  }

  /** Removes and gives the next `count` bytes; a view where they lie in one chunk. There must be as many. */
  take(count: number): Buffer {
    const taken = this.peek(count)
    this.bytes -= count
    let left = count
    while (left > 0) {
      const head = known(this.chunks[this.first], 'a chunk')
      const here = Math.min(left, head.length - this.at)
      left -= here
      this.at += here
      if (this.at === head.length) {
        this.first++
        this.at = 0
      }
    }
    if (this.first === this.chunks.length || this.first >= READ_CHUNKS_MAX) {
      this.chunks = this.chunks.slice(this.first)
      this.first = 0
    }
    if (this.record !== undefined) {
      this.record.push(taken)
      this.recordBytes += count
    }
    return taken
  }

  /** From here on `take` keeps what it gives, for `recorded`. */
  startRecord(): void {
    this.record = []
  }

  /** What was taken since `startRecord`. */
  recorded(): readonly Buffer[] {
    return this.record ?? []
  }

  /** How many bytes `recorded` holds. */
  get recordedBytes(): number {
    return this.recordBytes
  }

  stopRecord(): void {
    this.record = undefined
    this.recordBytes = 0
  }

  private gather(count: number): Buffer {
    const parts: Buffer[] = []
    let left = count
    let at = this.at
    for (let i = this.first; left > 0; i++) {
      const part = known(this.chunks[i], 'a chunk').subarray(at, at + left)
      parts.push(part)
      left -= part.length
      at = 0
    }
    return Buffer.concat(parts, count)
  }
}
