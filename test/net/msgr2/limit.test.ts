import assert from 'node:assert/strict'
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
  FRAME_BYTES_MAX_BEFORE_AUTH,
} from '../../../src/net/msgr2/limit.ts'

const queueOf = (...chunks: readonly Buffer[]): ByteQueue => {
  const queue = new ByteQueue()
  for (const chunk of chunks) queue.push(chunk)
  return queue
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
    const frame: Frame = { _tag: 'AUTH_REPLY_MORE', payload: Buffer.alloc(FRAME_BYTES_MAX_BEFORE_AUTH) }
    assert.equal(FRAME_BYTES_MAX_BEFORE_AUTH, 64 * 1024)
    assert.equal(
      read(frame, () => undefined),
      'FrameTooLarge',
    )
    assert.equal(
      read(frame, (reader) => reader.endHandshake()),
      'AUTH_REPLY_MORE',
    )
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
