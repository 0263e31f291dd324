import assert from 'node:assert/strict'
import { entityAddr } from '../../src/codec/type/entity-addr.ts'
import { encodeMessage } from '../../src/message/message.ts'
import { MonSender, type HeldMessage } from '../../src/node/mon-sender.ts'

const message = (port: number): HeldMessage => ({
  addrs: [entityAddr('msgr2', '127.0.0.1', port)],
  message: encodeMessage({ _tag: 'MMonGetMap' }, { tid: BigInt(port) }),
})

const newSender = (): { readonly sender: MonSender; readonly sent: bigint[] } => {
  const sent: bigint[] = []
  return { sender: new MonSender((held) => sent.push(held.message.tid)), sent }
}

describe('messages to fellow monitors', () => {
  it('leave at once when no durable write is under way', () => {
    const { sender, sent } = newSender()
    sender.post(message(1))
    assert.deepEqual(sent, [1n])
  })

  it('wait for the durable writes ordered before them, and for no later ones', () => {
    const { sender, sent } = newSender()
    sender.post(message(1))
    sender.writeOrdered(10)
    sender.post(message(2))
    sender.writeOrdered(12)
    sender.post(message(3))
    assert.deepEqual(sent, [1n])
    sender.writeDone(10)
    assert.deepEqual(sent, [1n, 2n])
    sender.writeDone(11)
    assert.deepEqual(sent, [1n, 2n])
    sender.writeDone(12)
    assert.deepEqual(sent, [1n, 2n, 3n])
    sender.post(message(4))
    assert.deepEqual(sent, [1n, 2n, 3n, 4n])
  })

  it('keep their order', () => {
    const { sender, sent } = newSender()
    sender.writeOrdered(1)
    for (const port of [1, 2, 3]) sender.post(message(port))
    sender.writeOrdered(2)
    for (const port of [4, 5]) sender.post(message(port))
    sender.writeDone(2)
    assert.deepEqual(sent, [1n, 2n, 3n, 4n, 5n])
  })

  it('are not held by a write that need not be durable', () => {
    const { sender, sent } = newSender()
    sender.writeOrdered(1)
    sender.post(message(1))
    sender.writeDone(3)
    assert.deepEqual(sent, [1n])
  })
})
