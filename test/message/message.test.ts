import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { decodeMessage, encodeMessage, type Message } from '../../src/message/message.ts'
import type { RawMessage } from '../../src/message/raw.ts'
import { MESSAGE_TABLE } from '../../src/message/table.ts'
import { fixtures } from './fixture.ts'

const raw = (fields: Partial<RawMessage>): RawMessage => ({
  seq: 1n,
  tid: 7n,
  type: 15,
  priority: 127,
  version: 3,
  compat: 1,
  front: Buffer.alloc(0),
  middle: Buffer.alloc(0),
  data: Buffer.alloc(0),
  ...fields,
})

const right = (message: RawMessage): Message => {
  const result = decodeMessage(message)
  assert.ok(E.isRight(result))
  return result.right
}

describe('message table', () => {
  it('has every type number and every name once, by number', () => {
    const types = MESSAGE_TABLE.map(({ type }) => type)
    assert.deepEqual(
      types,
      [...new Set(types)].sort((a, b) => a - b),
    )
    assert.equal(new Set(MESSAGE_TABLE.map(({ name }) => name)).size, types.length)
  })

  it('reads no version that is newer than the one it writes, and claims none older', () => {
    for (const { name, version, oldest, compat } of MESSAGE_TABLE)
      assert.ok(oldest <= version && compat <= version, name)
  })
})

describe('decodeMessage', () => {
  it('reads what Ceph 16.2.15 wrote, and encodeMessage writes it again', () => {
    for (const { name, origin, raw: recorded } of fixtures()) {
      const message = right(recorded)
      assert.equal(message._tag, name)
      const again = encodeMessage(message, { tid: recorded.tid })
      assert.deepEqual([again.front, again.data], [recorded.front, recorded.data], `${name} of ${origin}`)
    }
  })

  it('keeps a message of an unknown type as it came', () => {
    const strange = raw({ type: 4242, front: Buffer.from('abc') })
    const message = right(strange)
    assert.deepEqual(message, { _tag: 'UnknownMessage', raw: strange })
    assert.deepEqual(encodeMessage(message, { tid: 7n }), { ...strange, seq: 0n })
  })

  it('refuses a message whose sender says that we are too old for it', () => {
    assert.deepEqual(
      decodeMessage(raw({ version: 9, compat: 4 })),
      E.left({ _tag: 'Incompatible', at: 0, compat: 4, supported: 3 }),
    )
  })

  it('refuses a version from before those it reads', () => {
    assert.deepEqual(
      decodeMessage(raw({ version: 1 })),
      E.left({ _tag: 'BadValue', at: 0, what: 'MMonSubscribe version 1' }),
    )
  })

  it('reads the fields of an older version and fills in the rest', () => {
    const front = Buffer.from(
      '0100000006000000' + Buffer.from('osdmap').toString('hex') + '050000000000000001',
      'hex',
    )
    assert.deepEqual(right(raw({ version: 2, front })), {
      _tag: 'MMonSubscribe',
      what: new Map([['osdmap', { start: 5n, onetime: true }]]),
      hostname: '',
    })
  })

  it('ignores what a newer sender appended', () => {
    const { front } = encodeMessage({ _tag: 'MMonGetVersion', handle: 3n, what: 'osdmap' }, { tid: 0n })
    assert.deepEqual(
      right(raw({ type: 19, version: 2, front: Buffer.concat([front, Buffer.from('more')]) })),
      { _tag: 'MMonGetVersion', handle: 3n, what: 'osdmap' },
    )
  })

  it('says where a message ends too early', () => {
    assert.deepEqual(
      decodeMessage(raw({ type: 19, version: 1, front: Buffer.alloc(6) })),
      E.left({ _tag: 'Truncated', at: 0, need: 8, have: 6 }),
    )
  })
})

describe('encodeMessage', () => {
  it('leaves the sequence number to the messenger and repeats the tid', () => {
    const { seq, tid } = encodeMessage({ _tag: 'MMonGetMap' }, { tid: 99n })
    assert.deepEqual([seq, tid], [0n, 99n])
  })

  it('puts output into the data segment', () => {
    const ack: Message = {
      _tag: 'MMonCommandAck',
      version: 1n,
      result: -22,
      text: 'no',
      cmd: ['{}'],
      data: Buffer.from('out'),
    }
    const encoded = encodeMessage(ack, { tid: 1n })
    assert.equal(encoded.data.toString(), 'out')
    assert.deepEqual(right(encoded), ack)
  })
})
