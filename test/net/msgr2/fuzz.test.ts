import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { entityAddr } from '../../../src/codec/type/entity-addr.ts'
import { decodeFrame, encodeFrame, TAG } from '../../../src/net/msgr2/frame.ts'
import { FrameReader } from '../../../src/net/msgr2/frame-reader.ts'
import { handshakeEventOf, type HandshakeEvent } from '../../../src/net/msgr2/handshake-event.ts'
import { handshake } from '../../../src/net/msgr2/handshake-machine.ts'
import type { HandshakeInput } from '../../../src/net/msgr2/handshake-setup.ts'
import { bytes, cut, frames, record } from './arbitrary.ts'

const CAPTURE = join(import.meta.dirname, '../../fixture/msgr2/cli-bootstrap-crc')
const captures = ['c2s.bin', 's2c.bin'].map((file) => readFileSync(join(CAPTURE, file)))

const mutations = fc.array(
  fc.oneof(
    record({ what: fc.constant('flip' as const), at: fc.nat(), bits: fc.integer({ min: 1, max: 255 }) }),
    record({ what: fc.constant('cut' as const), at: fc.nat(), bits: fc.nat(64) }),
    record({ what: fc.constant('double' as const), at: fc.nat(), bits: fc.nat(64) }),
  ),
  { minLength: 1, maxLength: 4 },
)

const mutated = (
  original: Buffer,
  changes: readonly { what: 'flip' | 'cut' | 'double'; at: number; bits: number }[],
): Buffer =>
  changes.reduce((all, { what, at, bits }) => {
    const place = at % Math.max(1, all.length)
    if (what === 'cut') return Buffer.concat([all.subarray(0, place), all.subarray(place + bits)])
    if (what === 'double') return Buffer.concat([all.subarray(0, place + bits), all.subarray(place)])
    const copy = Buffer.from(all)
    if (copy.length > 0) copy.writeUInt8(copy.readUInt8(place) ^ bits, place)
    return copy
  }, original)

// Reads a whole stream as a socket would; ends at the first error. Gives the number of frames.
const readStream = (chunks: readonly Buffer[]): number => {
  const reader = new FrameReader()
  let banner = false
  let count = 0
  for (const chunk of chunks) {
    reader.push(chunk)
    if (!banner) {
      const read = reader.banner()
      if (E.isLeft(read)) return count
      if (read.right === undefined) continue
      banner = true
    }
    for (;;) {
      const frame = reader.next()
      if (E.isLeft(frame)) return count
      if (frame.right === undefined) break
      count++
    }
  }
  return count
}

const inputs: readonly HandshakeInput[] = [
  { side: 'accepting', ownType: 1, peerAddr: entityAddr('msgr2', '127.0.0.1', 1) },
  {
    side: 'connecting',
    ownType: 8,
    peerAddr: entityAddr('msgr2', '127.0.0.1', 1),
    peerType: 1,
    request: { method: 2, modes: [1, 2], payload: Buffer.alloc(0) },
  },
]

describe('what a hostile peer can send', () => {
  it('never makes the reader throw, hang, or hold more than was sent', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...captures),
        mutations,
        fc.array(fc.nat(2000), { maxLength: 6 }),
        (capture, changes, places) => {
          const bytesSent = mutated(capture, changes)
          assert(readStream(cut(bytesSent, places)) <= bytesSent.length / 32)
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('never makes the reader throw on noise after a banner', () => {
    const banner = captures[0]?.subarray(0, 26) ?? Buffer.alloc(0)
    fc.assert(
      fc.property(bytes(300), (noise) => {
        readStream([banner, noise])
        readStream([noise])
      }),
      { numRuns: 2000 },
    )
  })

  it('allocates nothing for lengths that are only claimed', () => {
    const claim = Buffer.alloc(32)
    claim.writeUInt8(TAG.HELLO, 0)
    claim.writeUInt8(1, 1)
    claim.writeUInt32LE(0xffffffff, 2)
    const before = process.memoryUsage().arrayBuffers
    for (let i = 0; i < 1000; i++) readStream([captures[0]?.subarray(0, 26) ?? claim, claim])
    assert(process.memoryUsage().arrayBuffers - before < 64 * 1024 * 1024)
  })

  it('never makes a control-frame decoder throw', () => {
    fc.assert(
      fc.property(fc.nat(25), fc.array(bytes(120), { minLength: 1, maxLength: 4 }), (tag, segments) => {
        decodeFrame({ tag, segments })
      }),
      { numRuns: 5000 },
    )
  })

  it('never makes a decoder throw on a changed frame', () => {
    fc.assert(
      fc.property(frames, mutations, (frame, changes) => {
        const { tag, segments } = encodeFrame(frame)
        const decoded = decodeFrame({ tag, segments: segments.map((segment) => mutated(segment, changes)) })
        assert(E.isLeft(decoded) || decoded.right._tag === frame._tag)
      }),
      { numRuns: 3000 },
    )
  })

  it('never makes the handshake throw, or go on for ever', () => {
    const answers: fc.Arbitrary<HandshakeEvent> = fc.oneof(
      frames.map(handshakeEventOf),
      record({
        type: fc.constant('BannerReceived' as const),
        banner: record({ supported: fc.bigInt(0n, 3n), required: fc.bigInt(0n, 1n) }),
      }),
      fc.constant<HandshakeEvent>({ type: 'HandshakeTimeout' }),
      fc.constant<HandshakeEvent>({ type: 'SessionRefused', reason: 'no' }),
      record({
        type: fc.constant('Signed' as const),
        own: bytes(32, 32),
        expected: bytes(32, 32),
      }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...inputs), fc.array(answers, { maxLength: 60 }), (input, events) => {
        let [snapshot] = handshake.initial(input)
        let sent = 0
        for (const event of events) {
          const [next, effects] = handshake.next(snapshot, event)
          sent += effects.filter(({ type }) => type === 'SendFrame').length
          snapshot = next
        }
        assert(sent <= 40)
      }),
      { numRuns: 1000 },
    )
  })
})
