/** What versions of the config-key store changed. */
import * as E from 'fp-ts/lib/Either.js'
import { invariant } from '../../base/assert.ts'
import { decodeWhole } from '../../codec/reader.ts'
import type { StoreView } from '../../store/view.ts'
import { decodeDelta } from './delta.ts'
import type { KvChanges } from './state.ts'

/** The last change of every key below `prefix` in the versions `from` to `to`, all of which must be in the store. */
export const changedBetween = (store: StoreView, prefix: string, from: bigint, to: bigint): KvChanges => {
  const changes = new Map<string, Buffer | undefined>()
  for (let version = from; version <= to; version++)
    for (const [key, value] of deltaOf(store, version)) if (key.startsWith(prefix)) changes.set(key, value)
  return changes
}

/** Whether a key below `prefix` may have changed after version `since`. */
export const isChangedSince = (store: StoreView, prefix: string, since: bigint): boolean => {
  const first = store.u64('kv', 'first_committed')
  return (
    since + 1n < first ||
    changedBetween(store, prefix, since + 1n, store.u64('kv', 'last_committed')).size > 0
  )
}

const deltaOf = (store: StoreView, version: bigint): KvChanges => {
  const bytes = store.get('kv', version.toString())
  invariant(bytes !== undefined, `kv version ${version} is committed and not in the store`)
  const delta = decodeWhole(decodeDelta, bytes)
  invariant(E.isRight(delta), `kv version ${version} in the store cannot be decoded`)
  return delta.right
}
