/** What every adapter of the store must do; run on each of them. */
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { combinedKey } from '../../src/store/key.ts'
import type { Kv, StoreError } from '../../src/store/kv.ts'
import { erase, eraseRange, put, transactionOf, type Op } from '../../src/store/transaction.ts'
import { StoreView } from '../../src/store/view.ts'

export const right = async <A>(task: () => Promise<E.Either<StoreError, A>>): Promise<A> => {
  const result = await task()
  assert.ok(E.isRight(result), JSON.stringify(result))
  return result.right
}

export const bytes = (text: string): Buffer => Buffer.from(text)

const commit = (kv: Kv, ops: readonly Op[], sync = false): Promise<void> =>
  right(kv.commit(transactionOf(ops), { sync }))

const contents = async (kv: Kv): Promise<readonly (readonly [string, string])[]> =>
  (await right(kv.readAll)).map(([key, value]) => [key, value.toString('latin1')])

/** Operations over few keys, so that they meet. */
export const anyOps: fc.Arbitrary<readonly Op[]> = (() => {
  const prefix = fc.constantFrom('paxos', 'a', 'b')
  const key = fc.constantFrom('', '1', '10', '2', '9', 'é', '\udc80')
  const value = fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array))
  return fc.array(
    fc.oneof(
      fc.tuple(prefix, key, value).map(([p, k, v]) => put(p, k, v)),
      fc.tuple(prefix, key).map(([p, k]) => erase(p, k)),
      fc.tuple(prefix, key, key).map(([p, k, end]) => eraseRange(p, k, end)),
    ),
    { maxLength: 12 },
  )
})()

export const kvContract = (open: () => Promise<Kv>): void => {
  let kv: Kv
  beforeEach(async () => {
    kv = await open()
  })
  afterEach(async () => {
    await kv.close()
  })

  it('is empty at first', async () => {
    assert.deepEqual(await contents(kv), [])
  })

  it('gives back what was put, in byte order of prefix and key', async () => {
    await commit(kv, [put('b', '1', bytes('x')), put('a', '2', bytes('')), put('a', '10', bytes('z'))])
    assert.deepEqual(await contents(kv), [
      [combinedKey('a', '10'), 'z'],
      [combinedKey('a', '2'), ''],
      [combinedKey('b', '1'), 'x'],
    ])
  })

  it('keeps keys that are not UTF-8', async () => {
    await commit(kv, [put('p', 'k\udcff', bytes('x'))])
    assert.deepEqual(await contents(kv), [[combinedKey('p', 'k\udcff'), 'x']])
  })

  it('applies the operations of a transaction in order', async () => {
    await commit(kv, [put('p', 'k', bytes('1')), erase('p', 'k'), put('p', 'k', bytes('2'))])
    assert.deepEqual(await contents(kv), [[combinedKey('p', 'k'), '2']])
  })

  it('erases a range from its first key up to its end, on disk and put a moment before', async () => {
    await commit(kv, [put('p', '1', bytes('1')), put('p', '2', bytes('2')), put('p', '3', bytes('3'))])
    await commit(kv, [put('p', '11', bytes('11')), eraseRange('p', '1', '3'), put('p', '12', bytes('12'))])
    assert.deepEqual(await contents(kv), [
      [combinedKey('p', '12'), '12'],
      [combinedKey('p', '3'), '3'],
    ])
  })

  it('takes effect in the order in which commits are run', async () => {
    const commits = Array.from({ length: 200 }, (_, i) =>
      commit(kv, [put('p', 'last', bytes(String(i))), put('q', String(i), bytes('x'))], i % 7 === 0),
    )
    await Promise.all(commits)
    const entries = new Map(await contents(kv))
    assert.equal(entries.get(combinedKey('p', 'last')), '199')
    assert.equal(entries.size, 201)
  })

  it('does nothing until the task is run', async () => {
    kv.commit(transactionOf([put('p', 'k', bytes('1'))]), { sync: false })
    assert.deepEqual(await contents(kv), [])
  })

  it('compacts without changing anything', async () => {
    await commit(kv, [put('p', 'k', bytes('1')), { type: 'compact', prefix: 'p', key: '', endKey: '' }])
    await right(kv.compact)
    assert.deepEqual(await contents(kv), [[combinedKey('p', 'k'), '1']])
  })

  it('refuses everything after close', async () => {
    await right(kv.close)
    for (const task of [kv.readAll, kv.compact, kv.close, kv.commit(transactionOf([]), { sync: true })]) {
      const result = await task()
      assert.ok(E.isLeft(result) && result.left._tag === 'StoreClosed')
    }
  })

  it('holds what the view of the same transactions holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyOps, { maxLength: 8 }), async (transactions) => {
        await commit(kv, [
          eraseRange('a', '', '\uffff'),
          eraseRange('b', '', '\uffff'),
          eraseRange('paxos', '', '\uffff'),
        ])
        const before = await right(kv.readAll)
        assert.deepEqual(before, [])
        await Promise.all(transactions.map((ops) => commit(kv, ops)))
        const view = transactions.reduce((v, ops) => v.apply(transactionOf(ops)), StoreView.empty)
        assert.deepEqual(
          await contents(kv),
          [...view.after(undefined)].map(([p, k, v]) => [combinedKey(p, k), v.toString('latin1')]),
        )
      }),
      { numRuns: 30 },
    )
  })
}
