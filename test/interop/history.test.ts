import assert from 'node:assert/strict'
import { givenTwice, inventedReads, type Line, staleReads } from './history.ts'

const write = (value: string, from: number, to: number): Line => ({
  ...{ op: 'write', key: 'k', value, from, to, code: 0, text: '' },
})
const read = (value: string | null, from: number, to: number): Line => ({
  ...{ op: 'read', key: 'k', value, from, to, code: 0, text: '' },
})

const isStale = (...lines: readonly Line[]): boolean => staleReads(lines).length > 0

describe('what clients may have seen', () => {
  it('a read sees the last acknowledged write, or one under way', () => {
    assert.ok(!isStale(write('1', 0, 1), write('2', 2, 5), read('1', 3, 4)))
    assert.ok(!isStale(write('1', 0, 1), write('2', 2, 5), read('2', 3, 4)))
    assert.ok(!isStale(write('1', 0, 1), write('2', 2, 3), read('2', 4, 5)))
  })

  it('a read of what an acknowledged write has replaced is stale', () => {
    assert.ok(isStale(write('1', 0, 1), write('2', 2, 3), read('1', 4, 5)))
  })

  it('so is a read of what somebody has seen replaced', () => {
    assert.ok(isStale(write('1', 0, 1), write('2', 2, 9), read('2', 3, 4), read('1', 5, 6)))
    assert.ok(!isStale(write('1', 0, 1), write('2', 2, 9), read('2', 3, 6), read('1', 5, 6)))
  })

  it('a read of nothing is stale once something is acknowledged', () => {
    assert.ok(isStale(write('1', 0, 1), read(null, 2, 3)))
    assert.ok(!isStale(write('1', 0, 2), read(null, 1, 3)))
  })

  it('a write that was sent twice may come back until it is acknowledged', () => {
    assert.ok(!isStale(write('1', 0, 9), write('2', 1, 2), read('1', 3, 4)))
    assert.ok(isStale(write('1', 0, 2), write('2', 3, 4), read('1', 5, 6)))
  })

  it('a value that nobody had begun to write is invented', () => {
    assert.equal(inventedReads([write('1', 0, 1), read('2', 2, 3)]).length, 1)
    assert.equal(inventedReads([write('1', 2, 3), read('1', 0, 1)]).length, 1)
    assert.equal(inventedReads([write('1', 0, 3), read('1', 1, 2), read(null, 0, 1)]).length, 0)
  })

  it('an id is given once', () => {
    const login = (id: string): Line => ({ op: 'login', id, from: 0, to: 1 })
    assert.deepEqual(givenTwice([login('1'), login('2'), login('1')]), ['login 1'])
  })
})
