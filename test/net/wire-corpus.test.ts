import assert from 'node:assert/strict'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { crcFramer } from '../../src/net/msgr2/crc-framing.ts'
import { encodeBanner } from '../../src/net/msgr2/banner.ts'
import { encodeFrame } from '../../src/net/msgr2/frame.ts'
import { secureFramer, transcriptSignature } from '../../src/net/msgr2/secure.ts'
import {
  readStreamFolder,
  readWireStream,
  wireStreamNames,
  type StreamSide,
  type WireStream,
} from './wire-stream.ts'

const STREAMS_MIN = 26
const FIXTURES = join(import.meta.dirname, '../fixture/msgr2')

const signatureOf = (side: StreamSide): Buffer | undefined => {
  const found = side.frames.find(({ frame }) => frame._tag === 'AUTH_SIGNATURE')?.frame
  return found?._tag === 'AUTH_SIGNATURE' ? found.signature : undefined
}

// Every frame, decoded and encoded again, gives the bytes that were recorded.
const reframed = (side: StreamSide): Buffer => {
  const out: Buffer[] = [encodeBanner(side.banner)]
  const crc = crcFramer(1)
  const secure = side.key === undefined ? crc : secureFramer(side.key, 1)
  side.frames.forEach(({ frame }, index) => {
    const framer = index >= side.keyFromIndex ? secure : crc
    assert(E.isRight(framer(encodeFrame(frame), out)))
  })
  return Buffer.concat(out)
}

const checkStream = (stream: WireStream): { control: number; messages: number } => {
  for (const side of [stream.c2s, stream.s2c]) {
    assert.equal(side.tailBytes, 0, `${stream.name}: unread bytes`)
    assert(reframed(side).equals(side.raw), `${stream.name}: re-framed bytes differ`)
  }
  assert.deepEqual(signatureOf(stream.c2s), transcriptSignature(stream.sessionKey, [stream.s2c.transcript]))
  assert.deepEqual(signatureOf(stream.s2c), transcriptSignature(stream.sessionKey, [stream.c2s.transcript]))
  const frames = [...stream.c2s.frames, ...stream.s2c.frames]
  const messages = frames.filter(({ frame }) => frame._tag === 'MESSAGE').length
  return { control: frames.length - messages, messages }
}

describe('the recorded first connection of the CLI', () => {
  for (const mode of ['crc', 'secure'])
    it(`is read to the last byte, verifies, and re-frames to the same bytes, ${mode}`, () => {
      const stream = readStreamFolder(join(FIXTURES, `cli-bootstrap-${mode}`), mode)
      assert.equal(stream.c2s.key !== undefined, mode === 'secure')
      assert.deepEqual(checkStream(stream), { control: 10, messages: 5 })
    })
})

describe('recorded streams of 16.2.15', () => {
  const names = wireStreamNames()

  before(function () {
    if (names.length === 0) {
      console.log('      skipped: CEPH_OBJECT_CORPUS names no folder with recorded streams')
      this.skip()
    }
  })

  it('are all there', () => {
    assert(names.length >= STREAMS_MIN, `${names.length} streams, expected ${STREAMS_MIN}`)
  })

  it('are read to the last byte, verify, and re-frame to the same bytes', () => {
    let control = 0
    let messages = 0
    let secure = 0
    for (const name of names) {
      const stream = readWireStream(name)
      const counted = checkStream(stream)
      control += counted.control
      messages += counted.messages
      if (stream.c2s.key !== undefined) secure++
    }
    console.log(
      `      ${names.length} streams (${secure} secure): ${control} control frames, ${messages} messages`,
    )
    assert(secure >= 4 && messages > 900 && control > 600)
  })

  for (const chunkBytes of [1, 7, 96, 1448])
    it(`are read the same in chunks of ${chunkBytes} bytes`, () => {
      const small = names.filter((name) => name.startsWith('cli-mon-stat') || name.endsWith('-wait'))
      for (const name of small) {
        const whole = readWireStream(name)
        const split = readWireStream(name, chunkBytes)
        for (const side of ['c2s', 's2c'] as const)
          assert.deepEqual(
            split[side].frames.map(({ frame }) => frame),
            whole[side].frames.map(({ frame }) => frame),
          )
      }
    })
})
