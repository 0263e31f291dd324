import assert from 'node:assert/strict'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { crc32c } from '../../../src/codec/crc32c.ts'
import { ByteQueue } from '../../../src/net/msgr2/byte-queue.ts'
import { crcDeframer, crcFramer } from '../../../src/net/msgr2/crc-framing.ts'
import { decodeFrame, encodeFrame, TAG, type Frame } from '../../../src/net/msgr2/frame.ts'
import type { FrameError } from '../../../src/net/msgr2/frame-error.ts'
import { FRAME_BYTES_MAX } from '../../../src/net/msgr2/limit.ts'
import { secureDeframer, secureFramer } from '../../../src/net/msgr2/secure.ts'
import type { Deframer, Framer, Revision } from '../../../src/net/msgr2/wire-frame.ts'
import { cut, frames } from './arbitrary.ts'

const KEY = { key: Buffer.alloc(16, 3), nonce: Buffer.from('0102030405060708090a0b0c', 'hex') }

const framings: readonly (readonly [string, () => Framer, () => Deframer])[] = ([1, 0] as Revision[]).flatMap(
  (revision) =>
    [
      [`crc, revision ${revision}`, () => crcFramer(revision), () => crcDeframer(revision)],
      [
        `secure, revision ${revision}`,
        () => secureFramer(KEY, revision),
        () => secureDeframer(KEY, revision),
      ],
    ] as const,
)

const framed = (framer: Framer, all: readonly Frame[]): Buffer => {
  const out: Buffer[] = []
  for (const frame of all) assert(E.isRight(framer(encodeFrame(frame), out)))
  return Buffer.concat(out)
}

const readAll = (
  deframe: Deframer,
  chunks: readonly Buffer[],
  frameBytesMax = FRAME_BYTES_MAX,
): readonly [readonly Frame[], FrameError | undefined, number] => {
  const queue = new ByteQueue()
  const read: Frame[] = []
  for (const chunk of chunks) {
    queue.push(chunk)
    for (;;) {
      const wire = deframe(queue, frameBytesMax)
      if (E.isLeft(wire)) return [read, wire.left, queue.length]
      if (wire.right === undefined) break
      const frame = decodeFrame(wire.right)
      if (E.isLeft(frame)) return [read, frame.left, queue.length]
      read.push(frame.right)
    }
  }
  return [read, undefined, queue.length]
}

const ACK: Frame = { _tag: 'ACK', seq: 5n }
const MESSAGE: Frame = {
  _tag: 'MESSAGE',
  message: {
    seq: 1n,
    tid: 2n,
    type: 3,
    priority: 127,
    version: 1,
    compat: 1,
    front: Buffer.alloc(0),
    middle: Buffer.alloc(0),
    data: Buffer.from('data'),
  },
  ackSeq: 0n,
  flags: 3,
}

const withPreamble = (bytes: Buffer, change: (preamble: Buffer) => void): Buffer => {
  const changed = Buffer.from(bytes)
  change(changed)
  changed.writeUInt32LE(crc32c(0, changed.subarray(0, 28)), 28)
  return changed
}

describe('framing', () => {
  for (const [name, framer, deframer] of framings) {
    it(`gives back every frame from any split of the bytes: ${name}`, () => {
      fc.assert(
        fc.property(
          fc.array(frames, { maxLength: 6 }),
          fc.array(fc.nat(5000), { maxLength: 12 }),
          (sent, places) => {
            const chunks = cut(framed(framer(), sent), places)
            assert.deepEqual(readAll(deframer(), chunks), [sent, undefined, 0])
          },
        ),
        { numRuns: 300 },
      )
    })

    it(`notices any changed byte: ${name}`, () => {
      const bytes = framed(framer(), [MESSAGE, ACK])
      for (let at = 0; at < bytes.length; at++) {
        const changed = Buffer.from(bytes)
        changed.writeUInt8(changed.readUInt8(at) ^ 0x10, at)
        const [read, error] = readAll(deframer(), [changed])
        // Ceph does not protect the late status of crc frames: its high bits are not read.
        if (error === undefined) assert.deepEqual(read, [MESSAGE, ACK], `byte ${at}`)
      }
    })

    it(`waits for the rest of a truncated frame: ${name}`, () => {
      const bytes = framed(framer(), [MESSAGE])
      for (let length = 0; length < bytes.length; length++)
        assert.deepEqual(readAll(deframer(), [bytes.subarray(0, length)]).slice(0, 2), [[], undefined])
    })

    it(`refuses a frame above the limit by its preamble alone: ${name}`, () => {
      const big: Frame = { ...MESSAGE, message: { ...MESSAGE.message, data: Buffer.alloc(10_000) } }
      const bytes = framed(framer(), [big])
      const [, error] = readAll(deframer(), [bytes.subarray(0, 96)], 9_999)
      assert.deepEqual(error, { _tag: 'FrameTooLarge', frameBytes: 10_041, frameBytesMax: 9_999 })
    })
  }

  it('keeps a crc of the seed for an empty segment before a full one', () => {
    const bytes = framed(crcFramer(1), [MESSAGE])
    assert.equal(bytes.readUInt8(1), 4)
    const epilogue = bytes.subarray(-13)
    assert.equal(epilogue.readUInt8(0), 0x0e)
    assert.equal(epilogue.readUInt32LE(1), 0xffffffff)
    assert.equal(epilogue.readUInt32LE(5), 0xffffffff)
    assert.equal(epilogue.readUInt32LE(9), crc32c(0xffffffff, Buffer.from('data')))
  })

  it('skips a frame that its sender aborted', () => {
    const bytes = framed(crcFramer(1), [MESSAGE])
    bytes.writeUInt8(0x01, bytes.length - 13)
    assert.deepEqual(readAll(crcDeframer(1), [bytes, framed(crcFramer(1), [ACK])]), [[ACK], undefined, 0])
    bytes.writeUInt8(0x05, bytes.length - 13)
    assert.deepEqual(readAll(crcDeframer(1), [bytes])[1], { _tag: 'BadLateStatus', status: 5 })
  })

  it('refuses segment counts outside 1 to 4, an empty last segment, and an unknown tag', () => {
    const bytes = framed(crcFramer(1), [ACK])
    const error = (change: (preamble: Buffer) => void): FrameError | undefined =>
      readAll(crcDeframer(1), [withPreamble(bytes, change)])[1]
    assert.deepEqual(
      error((b) => b.writeUInt8(0, 1)),
      { _tag: 'BadSegmentCount', count: 0 },
    )
    assert.deepEqual(
      error((b) => b.writeUInt8(5, 1)),
      { _tag: 'BadSegmentCount', count: 5 },
    )
    assert.deepEqual(
      error((b) => b.writeUInt8(2, 1)),
      { _tag: 'EmptyLastSegment' },
    )
    assert.deepEqual(
      error((b) => b.writeUInt8(99, 0)),
      { _tag: 'UnknownTag', tag: 99 },
    )
    assert.deepEqual(error((b) => b.writeUInt8(TAG.HELLO, 0))?._tag, 'BadPayload')
  })

  it('counts nonces in the last eight bytes, over the end', () => {
    const first = { key: KEY.key, nonce: Buffer.alloc(12, 0xff) }
    const second = { key: KEY.key, nonce: Buffer.concat([Buffer.alloc(4, 0xff), Buffer.alloc(8)]) }
    const sealed = framed(secureFramer(first, 1), [ACK, ACK])
    assert.deepEqual(readAll(secureDeframer(second, 1), [sealed.subarray(96)]), [[ACK], undefined, 0])
  })

  it('counts nonces of revision 0 in the first four bytes', () => {
    const next = { key: KEY.key, nonce: Buffer.from('0202030405060708090a0b0c', 'hex') }
    const sealed = framed(secureFramer(KEY, 0), [ACK, ACK])
    const half = sealed.length / 2
    assert.deepEqual(readAll(secureDeframer(next, 0), [sealed.subarray(half)]), [[ACK], undefined, 0])
  })

  it('never gives two seals the same nonce', () => {
    const sealed = framed(secureFramer(KEY, 1), [ACK, ACK])
    assert(!sealed.subarray(0, 96).equals(sealed.subarray(96)))
  })
})
