/**
 * `kv:<prefix>`: everything under the prefix first, then what each new version changed there.
 *
 * Source: ceph src/mon/KVMonitor.cc KVMonitor::maybe_send_update.
 */
import type { MKVData } from '../../message/kv-data.ts'
import type { Session, Subscription, SubscriptionAnswer, World } from '../contract.ts'
import { changedBetween } from './changed.ts'
import { keysFrom } from './keys.ts'

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
      ? changedBetween(world.store, prefix, start, lastCommitted)
      : new Map(keysFrom(world.store, prefix)),
  }
  return { messages: [message], next: lastCommitted + 1n }
}
