/** Committed state and pending change of the kv service. */
import type { Committed } from '../committed.ts'

/** Prefix of the keys in the store, without anything of the service's own name. */
export const KV_PREFIX = 'mon_config_key'

/** The keys themselves are read from the store. */
export type KvState = Committed

/** Key to its new value, undefined to remove it. */
export type KvChanges = ReadonlyMap<string, Buffer | undefined>

export interface KvPending {
  readonly changes: KvChanges
}

export const INITIAL_KV_STATE: KvState = { firstCommitted: 0n, lastCommitted: 0n }

/** `pending` with more changes; later ones win. */
export const withChanges = (
  pending: KvPending,
  changes: Iterable<readonly [key: string, value: Buffer | undefined]>,
): KvPending => ({ changes: new Map([...pending.changes, ...changes]) })
