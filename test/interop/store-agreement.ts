/** The stores of a quorum that is not running, compared: one history, and what it has made. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { decodeFrom } from '../../src/codec/reader.ts'
import { SYNC_PREFIXES } from '../../src/monitor/sync/state.ts'
import { openRocksKv } from '../../src/store/rocks-kv.ts'
import { decodeTransaction, transactionOf } from '../../src/store/transaction.ts'
import { StoreView } from '../../src/store/view.ts'
import type { QuorumCluster } from './quorum-cluster.ts'

/** Opens the store in `path` as a monitor does, and gives what it holds. */
export const readStore = async (path: string): Promise<StoreView> => {
  const kv = await openRocksKv(path, { create: false })()
  assert.ok(E.isRight(kv), JSON.stringify(kv))
  const entries = await kv.right.readAll()
  assert.ok(E.isRight(entries), JSON.stringify(entries))
  await kv.right.close()
  return StoreView.of(entries.right)
}

const isSyncing = (store: StoreView): boolean => store.u64('mon_sync', 'in_sync') > 0n

/**
 * Checks that all stores have the same history, and that each holds exactly what its own history makes: a store that
 * is behind equals the newest when it is given the values that it lacks. A store that was being copied is no history
 * yet and is left out. Gives how many were compared.
 */
export const checkAgreement = (stores: ReadonlyMap<string, StoreView>): number => {
  const whole = [...stores].filter(([, store]) => !isSyncing(store))
  const lastOf = (store: StoreView): bigint => store.u64('paxos', 'last_committed')
  const [newest, ...others] = whole.sort(([, a], [, b]) => Number(lastOf(b) - lastOf(a)))
  if (newest === undefined) return 0
  const [newestName, reference] = newest
  const expected = contentOf(reference)
  for (const [name, store] of others) {
    const what = `mon.${name} at ${lastOf(store)}, mon.${newestName} at ${lastOf(reference)}`
    sameHistory(store, reference, what)
    assert.deepEqual(differences(contentOf(caughtUp(store, reference, what)), expected), [], what)
    sameMaps(store, reference, what)
  }
  return whole.length
}

/** The same of the stores of a cluster none of whose monitors runs. */
export const compareStores = async ({ names, dataFolder }: QuorumCluster): Promise<number> => {
  const stores = new Map<string, StoreView>()
  for (const name of names) stores.set(name, await readStore(join(dataFolder(name), 'store.db')))
  return checkAgreement(stores)
}

const differences = (
  content: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, string>,
): readonly string[] =>
  [...new Set([...content.keys(), ...expected.keys()])]
    .filter((key) => content.get(key) !== expected.get(key))
    .map((key) => `${key}: ${content.get(key) ?? 'missing'}, not ${expected.get(key) ?? 'there'}`)

const sameHistory = (store: StoreView, reference: StoreView, what: string): void => {
  const from = max(store.u64('paxos', 'first_committed'), reference.u64('paxos', 'first_committed'))
  for (let v = from; v <= store.u64('paxos', 'last_committed'); v++) {
    const [own, other] = [store, reference].map((one) => one.get('paxos', v.toString())?.toString('hex'))
    assert.equal(own, other, `${what}: paxos ${v}`)
    assert.notEqual(own, undefined, `${what}: paxos ${v} is missing`)
  }
}

// Each monitor makes the full maps for itself, from the increments that it has committed.
const FULL_MAP = /^full_/

const sameMaps = (store: StoreView, reference: StoreView, what: string): void => {
  for (const [key, value] of store.range('osdmap')) {
    const other = FULL_MAP.test(key) && key !== 'full_latest' ? reference.get('osdmap', key) : undefined
    assert.ok(other === undefined || other.equals(value), `${what}: osdmap ${key}`)
  }
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)

// Undefined when the newest has trimmed what the store would need.
const caughtUp = (store: StoreView, reference: StoreView, what: string): StoreView => {
  const last = store.u64('paxos', 'last_committed')
  if (last + 1n < reference.u64('paxos', 'first_committed')) return reference
  let next = store
  for (let v = last + 1n; v <= reference.u64('paxos', 'last_committed'); v++) {
    const value = reference.get('paxos', v.toString())
    assert.ok(value !== undefined, `${what}: the newest lacks paxos ${v}`)
    const transaction = decodeFrom(decodeTransaction, value)
    assert.ok(E.isRight(transaction), `${what}: paxos ${v} is no transaction`)
    next = next.apply(transactionOf(transaction.right.ops))
  }
  return next
}

// Of Paxos itself only what is committed; promises are each monitor's own.
const contentOf = (store: StoreView): ReadonlyMap<string, string> =>
  new Map(
    SYNC_PREFIXES.filter((prefix) => prefix !== 'paxos').flatMap((prefix) =>
      [...store.range(prefix)]
        .filter(([key]) => prefix !== 'osdmap' || !FULL_MAP.test(key))
        .map(([key, value]) => [`${prefix} ${key}`, value.toString('hex')] as const),
    ),
  )
