import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { decodeMessage, encodeMessage } from '../../src/message/message.ts'
import type { RawMessage } from '../../src/message/raw.ts'
import { fixtures } from './fixture.ts'
import { recordedMessages, wireFolder } from './recorded.ts'

const FLIPS_PER_MESSAGE = 48
const CUTS_PER_MESSAGE = 48

// What is decoded from n bytes encodes to about n bytes, or the decoder invented something.
const GROWTH_MAX = 2
const GROWTH_BYTES_MAX = 128

const assertTame = (raw: RawMessage): void => {
  const result = decodeMessage(raw)
  if (E.isLeft(result)) return
  const { front } = encodeMessage(result.right, { tid: raw.tid })
  assert.ok(front.length <= raw.front.length * GROWTH_MAX + GROWTH_BYTES_MAX)
}

const flipped = (bytes: Buffer, bit: number): Buffer => {
  const copy = Buffer.from(bytes)
  if (copy.length > 0) copy[bit >> 3]! ^= 1 << (bit & 7)
  return copy
}

// The same damage in every run: a multiplicative walk over the message's positions.
const positions = (count: number, limit: number): readonly number[] =>
  Array.from({ length: Math.min(count, limit) }, (_, i) =>
    limit <= count ? i : Math.floor((i * 0.6180339887498949 * limit) % limit),
  )

const assertSurvivesDamage = (raw: RawMessage): void => {
  for (const cut of positions(CUTS_PER_MESSAGE, raw.front.length))
    assertTame({ ...raw, front: raw.front.subarray(0, cut) })
  for (const bit of positions(FLIPS_PER_MESSAGE, raw.front.length * 8))
    assertTame({ ...raw, front: flipped(raw.front, bit) })
}

describe('damaged messages', () => {
  it('of every kind neither throw nor grow', () => {
    for (const { raw } of fixtures()) assertSurvivesDamage(raw)
  })

  it('with every four bytes replaced by a huge count neither throw nor grow', () => {
    const huge = Buffer.from('ffffff7f', 'hex')
    for (const { raw } of fixtures())
      for (let at = 0; at + 4 <= Math.min(raw.front.length, 600); at++) {
        const front = Buffer.from(raw.front)
        huge.copy(front, at)
        assertTame({ ...raw, front })
      }
  })

  it('of random bytes neither throw nor grow', () => {
    const kinds = fixtures().map(({ raw }) => raw)
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.uint8Array({ maxLength: 400 }), (raw, bytes) =>
        assertTame({ ...raw, front: Buffer.from(bytes) }),
      ),
    )
  })

  it('from whole recorded streams neither throw nor grow', function () {
    const folder = wireFolder()
    if (folder === undefined) {
      console.log('      skipped: CEPH_OBJECT_CORPUS names no folder with recorded streams')
      this.skip()
    }
    for (const { raw } of recordedMessages(folder)) assertSurvivesDamage(raw)
  })
})
