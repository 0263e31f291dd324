import assert from 'node:assert/strict'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { entityAddr } from '../../../src/codec/type/entity-addr.ts'
import { encodeBanner, OUR_BANNER, takeBanner } from '../../../src/net/msgr2/banner.ts'
import { ByteQueue } from '../../../src/net/msgr2/byte-queue.ts'
import { crcFramer } from '../../../src/net/msgr2/crc-framing.ts'
import { decodeFrame, encodeFrame, type Frame } from '../../../src/net/msgr2/frame.ts'
import { FrameReader } from '../../../src/net/msgr2/frame-reader.ts'
import {
  ADDRS_MAX,
  AUTH_CHOICES_MAX,
  BANNER_PAYLOAD_BYTES_MAX,
  FRAME_BYTES_MAX_BEFORE_READY,
  TRANSCRIPT_BYTES_MAX,
} from '../../../src/net/msgr2/limit.ts'
import type { WireFrame } from '../../../src/net/msgr2/wire-frame.ts'

const queueOf = (...chunks: readonly Buffer[]): ByteQueue => {
  const queue = new ByteQueue()
  for (const chunk of chunks) queue.push(chunk)
  return queue
}

const crcBytes = (frame: WireFrame): Buffer => {
  const out: Buffer[] = []
  crcFramer(1)(frame, out)
  return Buffer.concat(out)
}

describe('ByteQueue', () => {
  it('gives bytes across chunks, and asserts that they have arrived', () => {
    const queue = queueOf(Buffer.from('ab'), Buffer.from('c'), Buffer.from('def'))
    assert.equal(queue.peek(4).toString(), 'abcd')
    assert.equal(queue.take(3).toString(), 'abc')
    assert.equal(queue.length, 3)
    assert.throws(() => queue.take(4), /3 have arrived/)
    assert.equal(queue.take(3).toString(), 'def')
  })

  it('keeps what is taken while it records', () => {
    const queue = queueOf(Buffer.from('abcdef'))
    queue.take(1)
    queue.startRecord()
    queue.take(2)
    queue.take(1)
    assert.equal(Buffer.concat(queue.recorded()).toString(), 'bcd')
    queue.stopRecord()
    queue.take(1)
    assert.deepEqual(queue.recorded(), [])
  })

  it('costs no object a byte when bytes come one by one', () => {
    const queue = new ByteQueue()
    const count = 1_000_000
    const before = process.memoryUsage()
    for (let i = 0; i < count; i++) queue.push(Buffer.from([i & 0xff]))
    const after = process.memoryUsage()
    assert.ok(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers < 60 * count)
    const all = queue.take(count)
    for (let i = 0; i < count; i += 997) assert.equal(all[i], i & 0xff)
  })

  it('gives the same bytes however they are cut', () => {
    const bytesAndCuts = fc.tuple(
      fc.array(fc.nat({ max: 1500 }), { maxLength: 40 }),
      fc.array(fc.nat({ max: 1500 }), { maxLength: 40 }),
    )
    fc.assert(
      fc.property(bytesAndCuts, ([pushes, takes]) => {
        const queue = new ByteQueue()
        let pushed = 0
        let taken = 0
        for (let i = 0; i < Math.max(pushes.length, takes.length); i++) {
          const length = pushes[i] ?? 0
          queue.push(Buffer.from(Array.from({ length }, () => pushed++ & 0xff)))
          const part = queue.take(Math.min(takes[i] ?? 0, queue.length))
          for (const byte of part) assert.equal(byte, taken++ & 0xff)
        }
        assert.equal(queue.length, pushed - taken)
      }),
    )
  })

  it('survives any number of chunks', () => {
    const queue = new ByteQueue()
    let read = ''
    for (let i = 0; i < 500; i++) {
      queue.push(Buffer.from(String(i % 10)))
      if (i % 3 === 2) read += queue.take(2).toString()
    }
    read += queue.take(queue.length).toString()
    assert.equal(read, Array.from({ length: 500 }, (_, i) => String(i % 10)).join(''))
  })
})

describe('the banner', () => {
  it('is read back, and may be longer than we know', () => {
    const banner = encodeBanner(OUR_BANNER)
    assert.deepEqual(takeBanner(queueOf(banner)), E.right(OUR_BANNER))
    const longer = Buffer.concat([banner, Buffer.alloc(8, 9)])
    longer.writeUInt16LE(24, 8)
    const queue = queueOf(longer)
    assert.deepEqual(takeBanner(queue), E.right(OUR_BANNER))
    assert.equal(queue.length, 0)
  })

  it('is waited for while its start is right', () => {
    const banner = encodeBanner(OUR_BANNER)
    for (let length = 0; length < banner.length; length++)
      assert.deepEqual(takeBanner(queueOf(banner.subarray(0, length))), E.right(undefined))
  })

  it('is refused at its first wrong byte, too long, or too short for its fields', () => {
    const tagOf = (bytes: Buffer): string | undefined => {
      const read = takeBanner(queueOf(bytes))
      return E.isLeft(read) ? read.left._tag : undefined
    }
    assert.equal(tagOf(Buffer.from('G')), 'BadBanner')
    assert.equal(tagOf(Buffer.from('ceph v027')), 'LegacyBanner')
    const banner = encodeBanner(OUR_BANNER)
    banner.writeUInt16LE(BANNER_PAYLOAD_BYTES_MAX + 1, 8)
    assert.equal(tagOf(banner), 'BannerTooLong')
    banner.writeUInt16LE(8, 8)
    assert.equal(tagOf(banner), 'BadPayload')
  })
})

describe('limits on frames', () => {
  const read = (frame: Frame, ready: (reader: FrameReader) => void): string | undefined => {
    const out: Buffer[] = [encodeBanner(OUR_BANNER)]
    assert(E.isRight(crcFramer(1)(encodeFrame(frame), out)))
    const reader = new FrameReader()
    for (const buffer of out) reader.push(buffer)
    reader.banner()
    ready(reader)
    const next = reader.next()
    return E.isLeft(next) ? next.left._tag : next.right?._tag
  }

  it('are tight before authentication and wide after it', () => {
    const frame: Frame = { _tag: 'AUTH_REPLY_MORE', payload: Buffer.alloc(FRAME_BYTES_MAX_BEFORE_READY) }
    assert.equal(FRAME_BYTES_MAX_BEFORE_READY, 64 * 1024)
    assert.equal(
      read(frame, () => undefined),
      'FrameTooLarge',
    )
    assert.equal(
      read(frame, (reader) => reader.acceptMessages()),
      'AUTH_REPLY_MORE',
    )
  })

  it('hold for all that is said before authentication, aborted frames included', () => {
    const aborted = crcBytes({ tag: 17, segments: [Buffer.alloc(1), Buffer.alloc(60_000)] })
    // The epilogue's first byte, of which the low half says that the sender gave up.
    aborted[aborted.length - 13] = 1
    const reader = new FrameReader()
    reader.push(encodeBanner(OUR_BANNER))
    reader.banner()
    let count = 0
    for (; count < 100; count++) {
      reader.push(aborted)
      const next = reader.next()
      if (E.isLeft(next)) {
        assert.equal(next.left._tag, 'TranscriptTooLong')
        break
      }
      assert.equal(next.right, undefined)
    }
    assert.equal(count, Math.floor(TRANSCRIPT_BYTES_MAX / aborted.length) + 1)
  })

  it('hold for addresses, methods and modes', () => {
    const addrs = (count: number): Frame => ({
      _tag: 'SESSION_RECONNECT',
      addrs: Array.from({ length: count }, () => entityAddr('msgr2', '10.0.0.1', 3300)),
      clientCookie: 1n,
      serverCookie: 1n,
      globalSeq: 1n,
      connectSeq: 1n,
      messageSeq: 1n,
    })
    const modes = (count: number): Frame => ({
      _tag: 'AUTH_REQUEST',
      method: 2,
      modes: Array.from({ length: count }, () => 1),
      payload: Buffer.alloc(0),
    })
    assert(E.isRight(decodeFrame(encodeFrame(addrs(ADDRS_MAX)))))
    assert(E.isLeft(decodeFrame(encodeFrame(addrs(ADDRS_MAX + 1)))))
    assert(E.isRight(decodeFrame(encodeFrame(modes(AUTH_CHOICES_MAX)))))
    assert(E.isLeft(decodeFrame(encodeFrame(modes(AUTH_CHOICES_MAX + 1)))))
  })
})
