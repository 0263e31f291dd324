/**
 * Little-endian sink that grows. Maps and sets are written in the order of Ceph's std::map, whatever order the
 * JavaScript collection has, so equal values give equal bytes.
 */
import { type Compare } from '../base/ordered.ts'
import { wireBytes } from '../base/text.ts'

const BYTES_INITIAL = 256

export class Writer {
  private bytes: Buffer = Buffer.allocUnsafe(BYTES_INITIAL)
  private at = 0

  /** Bytes written so far. */
  get length(): number {
    return this.at
  }

  private grow(need: number): number {
    const at = this.at
    if (at + need > this.bytes.length) {
      const bigger = Buffer.allocUnsafe(Math.max(at + need, this.bytes.length * 2))
      this.bytes.copy(bigger, 0, 0, at)
      this.bytes = bigger
    }
    this.at = at + need
    return at
  }

  readonly u8 = (n: number): void => void this.bytesAt(1).writeUInt8(n, this.at - 1)
  readonly u16 = (n: number): void => void this.bytesAt(2).writeUInt16LE(n, this.at - 2)
  readonly u32 = (n: number): void => void this.bytesAt(4).writeUInt32LE(n, this.at - 4)
  readonly u64 = (n: bigint): void => void this.bytesAt(8).writeBigUInt64LE(n, this.at - 8)
  readonly i8 = (n: number): void => void this.bytesAt(1).writeInt8(n, this.at - 1)
  readonly i16 = (n: number): void => void this.bytesAt(2).writeInt16LE(n, this.at - 2)
  readonly i32 = (n: number): void => void this.bytesAt(4).writeInt32LE(n, this.at - 4)
  readonly i64 = (n: bigint): void => void this.bytesAt(8).writeBigInt64LE(n, this.at - 8)
  readonly f32 = (n: number): void => void this.bytesAt(4).writeFloatLE(n, this.at - 4)
  readonly f64 = (n: number): void => void this.bytesAt(8).writeDoubleLE(n, this.at - 8)
  readonly bool = (b: boolean): void => this.u8(b ? 1 : 0)

  private bytesAt(need: number): Buffer {
    this.grow(need)
    return this.bytes
  }

  readonly raw = (bytes: Buffer): void => {
    const at = this.grow(bytes.length)
    bytes.copy(this.bytes, at)
  }

  /** u32 length, then the bytes: Ceph's bufferlist. */
  readonly blob = (bytes: Buffer): void => {
    this.u32(bytes.length)
    this.raw(bytes)
  }

  readonly string = (text: string): void => this.blob(wireBytes(text))

  /** u32 count, then elements in the order given: Ceph's vector, list and deque. */
  array<A>(items: Iterable<A> & { readonly length: number }, item: (w: Writer, a: A) => void): void {
    this.u32(items.length)
    for (const a of items) item(this, a)
  }

  /** u32 count, then elements in `compare` order: std::set. */
  set<A>(items: ReadonlySet<A>, compare: Compare<A>, item: (w: Writer, a: A) => void): void {
    this.array([...items].sort(compare), item)
  }

  /** u32 count, then key and value in `compare` order of the keys: std::map. */
  map<K, V>(
    map: ReadonlyMap<K, V>,
    compare: Compare<K>,
    key: (w: Writer, k: K) => void,
    value: (w: Writer, v: V) => void,
  ): void {
    this.u32(map.size)
    for (const [k, v] of [...map].sort(([a], [b]) => compare(a, b))) {
      key(this, k)
      value(this, v)
    }
  }

  /** u8 present, then the value. */
  optional<A>(value: A | undefined, item: (w: Writer, a: A) => void): void {
    this.bool(value !== undefined)
    if (value !== undefined) item(this, value)
  }

  /** Versioned envelope; the length is filled in after `body` has run. Source: ceph src/include/encoding.h ENCODE_START. */
  versioned(structV: number, compat: number, body: () => void): void {
    this.u8(structV)
    this.u8(compat)
    const lengthAt = this.grow(4)
    body()
    this.bytes.writeUInt32LE(this.at - lengthAt - 4, lengthAt)
  }

  /** A copy of what was written. */
  done(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.at))
  }
}

/** The bytes that `write` produces. */
export const encoded = (write: (w: Writer) => void): Buffer => {
  const w = new Writer()
  write(w)
  return w.done()
}
