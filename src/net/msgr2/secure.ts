/**
 * Frames under AES-128-GCM, and the keys for them.
 *
 * Grammar, revision 1: sealed { preamble, 48 bytes of segment 0 }; if segment 0 is longer: sealed { its rest }; if
 *          there are more segments: sealed { segments 1 to n, u8 late status, 15 zero bytes }. Every segment is
 *          padded with zeros to 16 bytes, a short segment 0 to 48. A seal adds a tag of 16 bytes.
 * Grammar, revision 0: sealed { preamble, all segments padded, u8 flags, 15 zero bytes }, one seal a frame.
 * Every seal takes the next nonce. There is no additional authenticated data.
 * Source:  ceph src/msg/async/crypto_onwire.cc, frames_v2.cc asm_secure_rev0, asm_secure_rev1.
 */
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual, type DecipherGCM } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import { invariant } from '../../base/assert.ts'
import type { ByteQueue } from './byte-queue.ts'
import type { FrameError } from './frame-error.ts'
import { PREAMBLE_BYTES, readPreamble, trimSegments, writePreamble, type Preamble } from './preamble.ts'
import {
  isAbortedRevision0,
  judgeLateStatus,
  LATE_STATUS_COMPLETE,
  type Deframer,
  type Framer,
  type Revision,
  type WireFrame,
} from './wire-frame.ts'

const CIPHER = 'aes-128-gcm'
const BLOCK_BYTES = 16
const TAG_BYTES = 16
const KEY_BYTES = 16
const NONCE_BYTES = 12
const EPILOGUE_BYTES = 16
/** The part of segment 0 that travels with the preamble, revision 1. */
const INLINE_BYTES = 48
const HEAD_BYTES = PREAMBLE_BYTES + INLINE_BYTES
export const SIGNATURE_BYTES = 32
export const CONNECTION_SECRET_BYTES = 64

const EMPTY = Buffer.alloc(0)
const ZEROS = Buffer.alloc(INLINE_BYTES)
const COMPLETE = Buffer.from([LATE_STATUS_COMPLETE, ...Buffer.alloc(EPILOGUE_BYTES - 1)])
const COMPLETE_REVISION_0 = Buffer.alloc(EPILOGUE_BYTES)
const RIGHT_VOID: E.Either<never, void> = E.right(undefined)
const BAD_TAG: E.Either<FrameError, never> = E.left({ _tag: 'BadAuthTag' })

/** Key and first nonce of one direction. */
export interface StreamKey {
  readonly key: Buffer
  readonly nonce: Buffer
}

/**
 * The keys of both directions. The secret's nonces are named from the connecting side: the first is what it
 * receives with, the second what it sends with.
 *
 * Shape: `secret` is 64 bytes; 40 are used.
 */
export const streamKeys = (
  secret: Buffer,
  side: 'connecting' | 'accepting',
): { readonly rx: StreamKey; readonly tx: StreamKey } => {
  invariant(secret.length >= KEY_BYTES + 2 * NONCE_BYTES, `connection secret of ${secret.length} bytes`)
  const key = secret.subarray(0, KEY_BYTES)
  const first = { key, nonce: secret.subarray(KEY_BYTES, KEY_BYTES + NONCE_BYTES) }
  const second = { key, nonce: secret.subarray(KEY_BYTES + NONCE_BYTES, KEY_BYTES + 2 * NONCE_BYTES) }
  return side === 'connecting' ? { rx: first, tx: second } : { rx: second, tx: first }
}

/** AUTH_SIGNATURE: HMAC-SHA256 of all bytes of one direction before it; zeros when there is no session key. */
export const transcriptSignature = (sessionKey: Buffer | undefined, bytes: readonly Buffer[]): Buffer => {
  if (sessionKey === undefined) return Buffer.alloc(SIGNATURE_BYTES)
  const hmac = createHmac('sha256', sessionKey)
  for (const chunk of bytes) hmac.update(chunk)
  return hmac.digest()
}

/** Compares in constant time. */
export const sameSignature = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b)

// The nonce is u32 fixed, u64 counter, little-endian; revision 0 counts in the u32.
class NonceSequence {
  private readonly first: Buffer
  private readonly current: Buffer
  private readonly revision: Revision
  private used = false

  constructor(nonce: Buffer, revision: Revision) {
    this.first = Buffer.from(nonce)
    this.current = Buffer.from(nonce)
    this.revision = revision
  }

  /** The next nonce, valid until the next call; undefined when it would be the first one again. */
  next(): Buffer | undefined {
    if (this.used) {
      if (this.revision === 1) {
        this.current.writeBigUInt64LE(BigInt.asUintN(64, this.current.readBigUInt64LE(4) + 1n), 4)
      } else {
        this.current.writeUInt32LE((this.current.readUInt32LE(0) + 1) >>> 0, 0)
      }
      if (this.current.equals(this.first)) return undefined
    }
    this.used = true
    return this.current
  }
}

const roundUp = (bytes: number): number => Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES
const paddingOf = (bytes: number): Buffer => ZEROS.subarray(0, roundUp(bytes) - bytes)
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

/** Writes frames of one direction. Errors: NonceExhausted. */
export const secureFramer = ({ key, nonce }: StreamKey, revision: Revision): Framer => {
  const nonces = new NonceSequence(nonce, revision)
  const seal = (plain: Buffer, out: Buffer[]): boolean => {
    const iv = nonces.next()
    if (iv === undefined) return false
    const cipher = createCipheriv(CIPHER, key, iv)
    out.push(cipher.update(plain))
    cipher.final()
    out.push(cipher.getAuthTag())
    return true
  }
  const assemble = revision === 1 ? partsRevision1 : partsRevision0
  return ({ tag, segments }, out) => {
    for (const part of assemble(tag, trimSegments(segments)))
      if (!seal(part, out)) return E.left({ _tag: 'NonceExhausted' })
    return RIGHT_VOID
  }
}

// The plaintext of each seal.
const partsRevision1 = (tag: number, segments: readonly Buffer[]): readonly Buffer[] => {
  const first = segments[0] ?? EMPTY
  const head = Buffer.alloc(HEAD_BYTES)
  writePreamble(head, tag, segments)
  first.copy(head, PREAMBLE_BYTES, 0, INLINE_BYTES)
  const parts = [head]
  if (first.length > INLINE_BYTES)
    parts.push(Buffer.concat([first.subarray(INLINE_BYTES), paddingOf(first.length)]))
  if (segments.length > 1) parts.push(Buffer.concat([...padded(segments.slice(1)), COMPLETE]))
  return parts
}

const partsRevision0 = (tag: number, segments: readonly Buffer[]): readonly Buffer[] => {
  const head = Buffer.alloc(PREAMBLE_BYTES)
  writePreamble(head, tag, segments)
  return [Buffer.concat([head, ...padded(segments), COMPLETE_REVISION_0])]
}

const padded = (segments: readonly Buffer[]): readonly Buffer[] =>
  segments.flatMap((segment) => [segment, paddingOf(segment.length)])

/** Reads frames of one direction. Errors: BadAuthTag, NonceExhausted, those of the preamble, BadLateStatus. */
export const secureDeframer = (streamKey: StreamKey, revision: Revision): Deframer =>
  revision === 1 ? deframerRevision1(streamKey) : deframerRevision0(streamKey)

// What is known once the first 96 bytes are open.
interface Head {
  readonly preamble: Preamble
  readonly inline: Buffer
}

const deframerRevision1 = ({ key, nonce }: StreamKey): Deframer => {
  const nonces = new NonceSequence(nonce, 1)
  let head: Head | undefined

  const open = (sealed: Buffer): E.Either<FrameError, Buffer> => {
    const iv = nonces.next()
    if (iv === undefined) return E.left({ _tag: 'NonceExhausted' })
    const decipher = createDecipheriv(CIPHER, key, iv)
    const plain = decipher.update(sealed.subarray(0, -TAG_BYTES))
    return verified(decipher, sealed.subarray(-TAG_BYTES)) ? E.right(plain) : BAD_TAG
  }

  const readHead = (bytes: ByteQueue, frameBytesMax: number): E.Either<FrameError, Head> => {
    const plain = open(bytes.take(HEAD_BYTES + TAG_BYTES))
    if (E.isLeft(plain)) return plain
    const preamble = readPreamble(plain.right.subarray(0, PREAMBLE_BYTES), frameBytesMax)
    if (E.isLeft(preamble)) return preamble
    return E.right({ preamble: preamble.right, inline: plain.right.subarray(PREAMBLE_BYTES) })
  }

  const readBody = (
    bytes: ByteQueue,
    { preamble, inline }: Head,
  ): E.Either<FrameError, WireFrame | undefined> => {
    const { tag, segmentBytes } = preamble
    const firstBytes = segmentBytes[0] ?? 0
    let first = inline.subarray(0, firstBytes)
    if (firstBytes > INLINE_BYTES) {
      const rest = open(bytes.take(roundUp(firstBytes) - INLINE_BYTES + TAG_BYTES))
      if (E.isLeft(rest)) return rest
      first = Buffer.concat([inline, rest.right], firstBytes)
    }
    if (segmentBytes.length === 1) return E.right({ tag, segments: [first] })
    const others = segmentBytes.slice(1)
    const plain = open(bytes.take(sum(others.map(roundUp)) + EPILOGUE_BYTES + TAG_BYTES))
    if (E.isLeft(plain)) return plain
    const status = plain.right.readUInt8(plain.right.length - EPILOGUE_BYTES)
    const judged = judgeLateStatus(status)
    if (judged === 'bad') return E.left({ _tag: 'BadLateStatus', status })
    if (judged === 'aborted') return E.right(undefined)
    return E.right({ tag, segments: [first, ...unpadded(plain.right, others)] })
  }

  return (bytes, frameBytesMax) => {
    for (;;) {
      if (head === undefined) {
        if (bytes.length < HEAD_BYTES + TAG_BYTES) return E.right(undefined)
        const read = readHead(bytes, frameBytesMax)
        if (E.isLeft(read)) return read
        head = read.right
      }
      if (bytes.length < restBytesRevision1(head.preamble)) return E.right(undefined)
      const body = readBody(bytes, head)
      head = undefined
      if (E.isLeft(body) || body.right !== undefined) return body
    }
  }
}

const restBytesRevision1 = ({ segmentBytes }: Preamble): number => {
  const firstBytes = segmentBytes[0] ?? 0
  const first = firstBytes > INLINE_BYTES ? roundUp(firstBytes) - INLINE_BYTES + TAG_BYTES : 0
  const others =
    segmentBytes.length > 1 ? sum(segmentBytes.slice(1).map(roundUp)) + EPILOGUE_BYTES + TAG_BYTES : 0
  return first + others
}

// The length is inside the seal, so the preamble is decrypted before its tag can be checked. Nothing that it says
// is believed beyond the size to wait for, and the size has a limit.
const deframerRevision0 = ({ key, nonce }: StreamKey): Deframer => {
  const nonces = new NonceSequence(nonce, 0)
  let open: { readonly preamble: Preamble; readonly decipher: DecipherGCM } | undefined
  return (bytes, frameBytesMax) => {
    for (;;) {
      if (open === undefined) {
        if (bytes.length < PREAMBLE_BYTES) return E.right(undefined)
        const iv = nonces.next()
        if (iv === undefined) return E.left({ _tag: 'NonceExhausted' })
        const decipher = createDecipheriv(CIPHER, key, iv)
        const preamble = readPreamble(decipher.update(bytes.take(PREAMBLE_BYTES)), frameBytesMax)
        if (E.isLeft(preamble)) return preamble
        open = { preamble: preamble.right, decipher }
      }
      const { tag, segmentBytes } = open.preamble
      const bodyBytes = sum(segmentBytes.map(roundUp)) + EPILOGUE_BYTES
      if (bytes.length < bodyBytes + TAG_BYTES) return E.right(undefined)
      const plain = open.decipher.update(bytes.take(bodyBytes))
      if (!verified(open.decipher, bytes.take(TAG_BYTES))) return BAD_TAG
      open = undefined
      if (isAbortedRevision0(plain.readUInt8(bodyBytes - EPILOGUE_BYTES))) continue
      return E.right({ tag, segments: unpadded(plain, segmentBytes) })
    }
  }
}

// `final` throws when the tag does not match; it has no other way to say so.
const verified = (decipher: DecipherGCM, tag: Buffer): boolean => {
  try {
    decipher.setAuthTag(tag)
    decipher.final()
    return true
  } catch {
    return false
  }
}

const unpadded = (plain: Buffer, segmentBytes: readonly number[]): readonly Buffer[] => {
  let at = 0
  return segmentBytes.map((length) => {
    const segment = plain.subarray(at, at + length)
    at += roundUp(length)
    return segment
  })
}
