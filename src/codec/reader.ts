/**
 * Little-endian cursor over bytes that a peer sent.
 *
 * After the first failure every read returns a zero value and `done` returns that failure, so a decoder reads
 * field after field without an Either each. Every count is held against the bytes that are left before anything
 * is allocated for it: an element takes at least one byte.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { DecodeError } from './error.ts'
import { textOf } from '../base/text.ts'

const EMPTY = Buffer.alloc(0)

export class Reader {
  private at = 0
  private end: number
  private failure: DecodeError | undefined
  private readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
    this.end = bytes.length
  }

  /** Bytes left in the current envelope. */
  get remaining(): number {
    return this.end - this.at
  }

  /** Offset of the next byte. */
  get offset(): number {
    return this.at
  }

  get failed(): boolean {
    return this.failure !== undefined
  }

  /** Fails the whole decode; only the first failure counts. */
  fail(error: DecodeError): void {
    this.failure ??= error
  }

  /** Fails with a sentence that names the thing and the value. */
  bad(what: string): void {
    this.fail({ _tag: 'BadValue', at: this.at, what })
  }

  private take(need: number): number {
    if (this.failure !== undefined) return -1
    if (this.remaining < need) {
      this.fail({ _tag: 'Truncated', at: this.at, need, have: this.remaining })
      return -1
    }
    const at = this.at
    this.at += need
    return at
  }

  readonly u8 = (): number => {
    const at = this.take(1)
    return at < 0 ? 0 : this.bytes.readUInt8(at)
  }
  readonly u16 = (): number => {
    const at = this.take(2)
    return at < 0 ? 0 : this.bytes.readUInt16LE(at)
  }
  readonly u32 = (): number => {
    const at = this.take(4)
    return at < 0 ? 0 : this.bytes.readUInt32LE(at)
  }
  readonly u64 = (): bigint => {
    const at = this.take(8)
    return at < 0 ? 0n : this.bytes.readBigUInt64LE(at)
  }
  readonly i8 = (): number => {
    const at = this.take(1)
    return at < 0 ? 0 : this.bytes.readInt8(at)
  }
  readonly i16 = (): number => {
    const at = this.take(2)
    return at < 0 ? 0 : this.bytes.readInt16LE(at)
  }
  readonly i32 = (): number => {
    const at = this.take(4)
    return at < 0 ? 0 : this.bytes.readInt32LE(at)
  }
  readonly i64 = (): bigint => {
    const at = this.take(8)
    return at < 0 ? 0n : this.bytes.readBigInt64LE(at)
  }
  readonly f32 = (): number => {
    const at = this.take(4)
    return at < 0 ? 0 : this.bytes.readFloatLE(at)
  }
  readonly f64 = (): number => {
    const at = this.take(8)
    return at < 0 ? 0 : this.bytes.readDoubleLE(at)
  }
  readonly bool = (): boolean => this.u8() !== 0

  /** `count` raw bytes: a view of the input, not a copy. */
  raw(count: number): Buffer {
    const at = this.take(count)
    return at < 0 ? EMPTY : this.bytes.subarray(at, at + count)
  }

  /** Everything left in the current envelope. */
  rest(): Buffer {
    return this.raw(this.remaining)
  }

  /** u32 length, then that many bytes: a view of the input. Ceph's bufferlist. */
  readonly blob = (): Buffer => this.raw(this.u32())

  /** u32 length, then text; see codec/text.ts for bytes that are not UTF-8. */
  readonly string = (): string => textOf(this.blob())

  /** u32 count, held against the bytes left at `bytesMin` each. */
  count(bytesMin = 1): number {
    const count = this.u32()
    if (count * bytesMin > this.remaining) {
      this.fail({ _tag: 'TooManyElements', at: this.at, count, have: this.remaining })
      return 0
    }
    return count
  }

  /** u32 count, then elements: Ceph's vector, list, deque and set. */
  array<A>(item: (r: Reader) => A): A[] {
    const out: A[] = []
    for (let left = this.count(); left > 0 && this.failure === undefined; left--) out.push(item(this))
    return out
  }

  set<A>(item: (r: Reader) => A): Set<A> {
    return new Set(this.array(item))
  }

  /** u32 count, then key and value each. */
  map<K, V>(key: (r: Reader) => K, value: (r: Reader) => V): Map<K, V> {
    const out = new Map<K, V>()
    for (let left = this.count(); left > 0 && this.failure === undefined; left--) {
      const k = key(this)
      out.set(k, value(this))
    }
    return out
  }

  /** u8 present, then the value when it is 1. */
  optional<A>(item: (r: Reader) => A): A | undefined {
    return this.bool() ? item(this) : undefined
  }

  /**
   * Versioned envelope: u8 struct_v, u8 struct_compat, u32 length, body. Bytes that `body` leaves unread are a
   * newer writer's and are skipped.
   *
   * Errors: Incompatible when struct_compat > `supported`; Truncated when the length exceeds what is left, or
   *         the body reads past it.
   * Source: ceph src/include/encoding.h DECODE_START.
   */
  versioned<A>(supported: number, body: (structV: number) => A): A {
    const structV = this.u8()
    const compat = this.u8()
    const length = this.u32()
    if (this.failure === undefined && compat > supported)
      this.fail({ _tag: 'Incompatible', at: this.at, compat, supported })
    if (this.failure === undefined && length > this.remaining)
      this.fail({ _tag: 'Truncated', at: this.at, need: length, have: this.remaining })
    const outerEnd = this.end
    if (this.failure === undefined) this.end = this.at + length
    const value = body(structV)
    if (this.failure === undefined) this.at = this.end
    this.end = outerEnd
    return value
  }

  /** The value, or the first failure. Bytes that are left are no error: Ceph's decoders ignore them too. */
  done<A>(value: A): E.Either<DecodeError, A> {
    return this.failure === undefined ? E.right(value) : E.left(this.failure)
  }

  /** As `done`, and nothing may be left. */
  doneWhole<A>(value: A): E.Either<DecodeError, A> {
    if (this.failure === undefined && this.remaining > 0)
      this.fail({ _tag: 'TrailingBytes', at: this.at, have: this.remaining })
    return this.done(value)
  }
}

/** Runs `decode` over all of `bytes`; leftover bytes are an error. */
export const decodeWhole = <A>(decode: (r: Reader) => A, bytes: Buffer): E.Either<DecodeError, A> => {
  const r = new Reader(bytes)
  return r.doneWhole(decode(r))
}

/** Runs `decode` at the start of `bytes`; leftover bytes are ignored. */
export const decodeFrom = <A>(decode: (r: Reader) => A, bytes: Buffer): E.Either<DecodeError, A> => {
  const r = new Reader(bytes)
  return r.done(decode(r))
}
