import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { describeDecodeError } from '../../src/codec/error.ts'
import { decodeMessage, encodeMessage, type Message } from '../../src/message/message.ts'
import type { RawMessage } from '../../src/message/raw.ts'
import { rewriteFixtures } from './fixture.ts'
import { recordedMessages, wireFolder, type RecordedMessage } from './recorded.ts'

const decoded = (raw: RawMessage): Message => {
  const result = decodeMessage(raw)
  if (E.isLeft(result)) assert.fail(`type ${raw.type}: ${describeDecodeError(result.left)}`)
  return result.right
}

// Field by field, so that a difference names its byte instead of printing two buffers.
const assertSameSegments = (ours: RawMessage, theirs: RawMessage, what: string): void => {
  for (const segment of ['front', 'middle', 'data'] as const) {
    const [a, b] = [ours[segment], theirs[segment]]
    const at = a.findIndex((byte, i) => byte !== b[i])
    assert.ok(a.equals(b), `${what}: ${segment} of ${a.length} and ${b.length} bytes differ at ${at}`)
  }
}

const assertReencodes = (raw: RawMessage, what: string): Message => {
  const message = decoded(raw)
  const again = encodeMessage(message, { tid: raw.tid })
  assertSameSegments(again, raw, what)
  assert.deepEqual([again.type, again.tid], [raw.type, raw.tid])
  return message
}

const countsOf = (messages: readonly RecordedMessage[]): string => {
  const counts = new Map<string, number>()
  for (const { name } of messages) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
    .sort()
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}

// The monitor answers a stock client, so it is the accepting side there; between monitors both sides are ours.
const isSentByMon = ({ stream, direction }: RecordedMessage): boolean =>
  direction === 's2c' || stream.startsWith('mon-mon')

describe('messages recorded from Ceph 16.2.15', () => {
  const folder = wireFolder()
  const recorded = folder === undefined ? [] : recordedMessages(folder)

  before(function () {
    if (folder !== undefined) return
    console.log('      skipped: CEPH_OBJECT_CORPUS names no folder with recorded streams')
    this.skip()
  })

  // REWRITE=1 takes the kept fixtures out of the streams anew.
  after(() => {
    if (folder !== undefined && process.env['REWRITE'] === '1') rewriteFixtures(recorded, decoded)
  })

  it('all have a codec', () => {
    const unknown = recorded.filter(({ raw }) => decoded(raw)._tag === 'UnknownMessage')
    assert.equal(countsOf(unknown), '')
  })

  it('decode under the class name of the frame list', () => {
    for (const { raw, name } of recorded) {
      const tag = decoded(raw)._tag
      if (tag !== 'UnknownMessage') assert.equal(tag, name)
    }
  })

  it('re-encode to the bytes they came from', () => {
    for (const { raw, stream, name } of recorded) assertReencodes(raw, `${stream} ${name} seq ${raw.seq}`)
    console.log(`      ${recorded.length} messages: ${countsOf(recorded)}`)
  })

  it('from a monitor have the versions and the priority that ours get', () => {
    for (const message of recorded.filter(isSentByMon)) {
      const { raw, name } = message
      // A forwarded request keeps the priority of its client, and MPing's question has its sender's compat.
      if (name === 'MForward') continue
      const ours = encodeMessage(decoded(raw), { tid: raw.tid })
      assert.deepEqual([name, ours.version, ours.compat], [name, raw.version, raw.compat])
      assert.deepEqual([name, ours.priority], [name, raw.priority])
    }
  })

  it('inside MForward and MRoute re-encode too', () => {
    let count = 0
    for (const { raw, stream } of recorded) {
      const message = decoded(raw)
      if (message._tag !== 'MForward' && message._tag !== 'MRoute') continue
      if (message.embedded === undefined) continue
      assertReencodes(message.embedded.message, `${stream} embedded in ${message._tag}`)
      count++
    }
    assert.ok(count > 0)
    console.log(`      ${count} embedded messages`)
  })
})
