import assert from 'node:assert/strict'
import { timers } from '../../src/node/timer.ts'

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describe('timers', () => {
  it('fire once, with their name', async () => {
    const fired: string[] = []
    const t = timers<'a' | 'b'>((name) => fired.push(name))
    t.start('a', 15)
    t.start('b', 1)
    await wait(50)
    assert.deepEqual(fired, ['b', 'a'])
  })

  it('start anew in place of the one that runs', async () => {
    const fired: string[] = []
    const t = timers<'a'>((name) => fired.push(name))
    t.start('a', 1)
    t.start('a', 40)
    await wait(15)
    assert.deepEqual(fired, [])
    await wait(50)
    assert.deepEqual(fired, ['a'])
  })

  it('do not fire when stopped, alone or all', async () => {
    const fired: string[] = []
    const t = timers<'a' | 'b'>((name) => fired.push(name))
    t.start('a', 1)
    t.stop('a')
    t.start('a', 5)
    t.start('b', 5)
    t.stopAll()
    await wait(20)
    assert.deepEqual(fired, [])
  })

  it('wait as long as they can instead of not at all', async () => {
    const fired: string[] = []
    const t = timers<'a'>((name) => fired.push(name))
    t.start('a', 1e12)
    await wait(10)
    assert.deepEqual(fired, [])
    t.stopAll()
  })
})
