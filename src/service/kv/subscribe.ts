/**
 * `kv:<prefix>`: everything under the prefix first, then what each new version changed there.
 *
 * Source: ceph src/mon/KVMonitor.cc KVMonitor::maybe_send_update.
 */
import * as E from 'fp-ts/lib/Either.js'
import { invariant } from '../../base/assert.ts'
import { decodeWhole } from '../../codec/reader.ts'
import type { MKVData } from '../../message/kv-data.ts'
import type { Session, Subscription, SubscriptionAnswer, World } from '../contract.ts'
import { decodeDelta } from './delta.ts'
import { keysFrom } from './keys.ts'
import type { KvChanges } from './state.ts'

/** Subscription names start with this; the rest is the prefix of the keys. */
export const KV_SUBSCRIPTION = 'kv:'

export const subscribeKv = (
  world: World,
  _session: Session,
  { what, start }: Subscription,
): SubscriptionAnswer | undefined => {
  const { firstCommitted, lastCommitted } = world.committed.kv
  if (start > lastCommitted) return undefined
  const prefix = what.slice(KV_SUBSCRIPTION.length)
  const incremental = start > 0n && start > firstCommitted
  const message: MKVData = {
    _tag: 'MKVData',
    version: lastCommitted,
    prefix,
    incremental,
    data: incremental
      ? changedBetween(world, prefix, start, lastCommitted)
      : new Map(keysFrom(world.store, prefix)),
  }
  return { messages: [message], next: lastCommitted + 1n }
}

const changedBetween = (world: World, prefix: string, from: bigint, to: bigint): KvChanges => {
  const changes = new Map<string, Buffer | undefined>()
  for (let version = from; version <= to; version++)
    for (const [key, value] of deltaOf(world, version)) if (key.startsWith(prefix)) changes.set(key, value)
  return changes
}

const deltaOf = (world: World, version: bigint): KvChanges => {
  const bytes = world.store.get('kv', version.toString())
  invariant(bytes !== undefined, `kv version ${version} is committed and not in the store`)
  const delta = decodeWhole(decodeDelta, bytes)
  invariant(E.isRight(delta), `kv version ${version} in the store cannot be decoded`)
  return delta.right
}
