import assert from 'node:assert/strict'
import { type Departure, MonSender } from '../../src/node/mon-sender.ts'

const newSender = (): {
  readonly sender: MonSender
  readonly sent: number[]
  readonly message: (n: number) => Departure
} => {
  const sent: number[] = []
  return { sender: new MonSender(), sent, message: (n) => () => void sent.push(n) }
}

describe('messages to fellow monitors', () => {
  it('leave at once when no durable write is under way', () => {
    const { sender, sent, message } = newSender()
    sender.post(message(1))
    assert.deepEqual(sent, [1])
  })

  it('wait for the durable writes ordered before them, and for no later ones', () => {
    const { sender, sent, message } = newSender()
    sender.post(message(1))
    sender.writeOrdered(10)
    sender.post(message(2))
    sender.writeOrdered(12)
    sender.post(message(3))
    assert.deepEqual(sent, [1])
    sender.writeDone(10)
    assert.deepEqual(sent, [1, 2])
    sender.writeDone(11)
    assert.deepEqual(sent, [1, 2])
    sender.writeDone(12)
    assert.deepEqual(sent, [1, 2, 3])
    sender.post(message(4))
    assert.deepEqual(sent, [1, 2, 3, 4])
  })

  it('keep their order', () => {
    const { sender, sent, message } = newSender()
    sender.writeOrdered(1)
    for (const port of [1, 2, 3]) sender.post(message(port))
    sender.writeOrdered(2)
    for (const port of [4, 5]) sender.post(message(port))
    sender.writeDone(2)
    assert.deepEqual(sent, [1, 2, 3, 4, 5])
  })

  it('are not held by a write that need not be durable', () => {
    const { sender, sent, message } = newSender()
    sender.writeOrdered(1)
    sender.post(message(1))
    sender.writeDone(3)
    assert.deepEqual(sent, [1])
  })
})
