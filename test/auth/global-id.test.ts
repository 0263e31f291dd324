import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  assignGlobalId,
  type GlobalIds,
  MIN_GLOBAL_ID,
  NO_GLOBAL_IDS,
  shouldIncreaseMax,
  withCommittedMax,
} from '../../src/auth/global-id.ts'

const PREALLOC = 10000n

// As many ids as `rank` of `count` monitors gives out below `max`.
const idsOf = (start: GlobalIds, count: number, rank: number): bigint[] => {
  const out: bigint[] = []
  for (let ids = start; ;) {
    const next = assignGlobalId(ids, count, rank)
    if (next === undefined) return out
    out.push(next.id)
    ids = next.ids
  }
}

describe('global ids', () => {
  it('do not exist before a maximum is committed, nor outside the monmap', () => {
    assert.equal(assignGlobalId(NO_GLOBAL_IDS, 3, 0), undefined)
    const ids = withCommittedMax(NO_GLOBAL_IDS, 5000n)
    assert.equal(assignGlobalId({ ...ids, max: 15000n }, 0, 0), undefined)
    assert.equal(assignGlobalId({ ...ids, max: 15000n }, 3, -1), undefined)
  })

  it('begin at the maximum that was committed when the monitor started', () => {
    const started = withCommittedMax(NO_GLOBAL_IDS, MIN_GLOBAL_ID)
    assert.equal(assignGlobalId(started, 1, 0), undefined)
    const raised = withCommittedMax(started, MIN_GLOBAL_ID + PREALLOC)
    assert.equal(assignGlobalId(raised, 1, 0)?.id, 4097n)
  })

  it('of different monitors never meet, and stay below the maximum', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.bigInt(1n, 100000n),
        fc.bigInt(1n, 200n),
        (count, last, room) => {
          const start = { lastAllocated: last, max: last + room }
          const all = Array.from({ length: count }, (_, rank) => idsOf(start, count, rank)).flat()
          assert.equal(new Set(all).size, all.length)
          assert(all.every((id) => id > last && id < last + room))
        },
      ),
    )
  })

  it('are asked for when fewer than half of the stock is left', () => {
    assert(shouldIncreaseMax({ lastAllocated: 4096n, max: 4096n }, PREALLOC))
    assert(!shouldIncreaseMax({ lastAllocated: 4096n, max: 14096n }, PREALLOC))
    assert(!shouldIncreaseMax({ lastAllocated: 9094n, max: 14096n }, PREALLOC))
    assert(shouldIncreaseMax({ lastAllocated: 9095n, max: 14096n }, PREALLOC))
  })
})
