/**
 * Commits one transaction after the other to the store named by its argument until it is killed. A synced
 * transaction is acknowledged on standard output, by its number, when its commit has ended.
 *
 * Transaction n puts n under `last`, and under KEYS_PER_TRANSACTION keys of its own; every tenth erases the keys of
 * the ten before it as a range.
 */
import * as E from 'fp-ts/lib/Either.js'
import { openRocksKv } from '../../src/store/rocks-kv.ts'
import { eraseRange, put, transactionOf } from '../../src/store/transaction.ts'
import { KEYS_PER_TRANSACTION, paddedKey } from './crash-key.ts'

const [path = '', firstText = '1'] = process.argv.slice(2)
const IN_FLIGHT = 8

const run = async (): Promise<void> => {
  const store = await openRocksKv(path, { create: true })()
  if (E.isLeft(store)) throw new Error(JSON.stringify(store.left))
  let next = Number(firstText)
  const worker = async (): Promise<void> => {
    for (;;) {
      const n = next++
      const value = Buffer.from(String(n))
      const ops = Array.from({ length: KEYS_PER_TRANSACTION }, (_, i) => put('data', paddedKey(n, i), value))
      const erased = n % 10 === 0 ? [eraseRange('data', paddedKey(n - 10, 0), paddedKey(n, 0))] : []
      const sync = n % 3 !== 0
      const result = await store.right.commit(transactionOf([put('p', 'last', value), ...ops, ...erased]), {
        sync,
      })()
      if (E.isLeft(result)) throw new Error(JSON.stringify(result.left))
      if (sync) process.stdout.write(`${n}\n`)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
}

run().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exitCode = 1
})
