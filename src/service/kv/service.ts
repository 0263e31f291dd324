/**
 * KVMonitor: a store of keys and values for everybody, `config-key`. The configuration database keeps its data here.
 *
 * Keys: kv/N = what version N changed; mon_config_key/KEY = value.
 * Limits: KV_VERSIONS_KEPT versions can be followed incrementally; mon_config_key_max_entry_size bytes a value.
 * Source: ceph src/mon/KVMonitor.cc.
 */
import { byBytes, sortedEntries } from '../../base/ordered.ts'
import { erase, put, type Op } from '../../store/transaction.ts'
import type { PaxosService, World } from '../contract.ts'
import { putLastCommitted } from '../encode.ts'
import { configKeyDump } from './command/dump.ts'
import { configKeyExists } from './command/exists.ts'
import { configKeyGet } from './command/get.ts'
import { configKeyLs } from './command/ls.ts'
import { configKeyRm } from './command/rm.ts'
import { configKeySet } from './command/set.ts'
import { deltaBytes } from './delta.ts'
import { INITIAL_KV_STATE, KV_PREFIX, type KvPending, type KvState } from './state.ts'
import { KV_SUBSCRIPTION, subscribeKv } from './subscribe.ts'
import { NO_MESSAGES } from '../no-messages.ts'

export const KV_VERSIONS_KEPT = 50n

const updateFromPaxos = ({ store }: World, state: KvState): KvState => {
  const lastCommitted = store.u64('kv', 'last_committed')
  const firstCommitted = store.u64('kv', 'first_committed')
  return lastCommitted === state.lastCommitted && firstCommitted === state.firstCommitted
    ? state
    : { firstCommitted, lastCommitted }
}

const encodePending = (world: World, { changes }: KvPending): readonly Op[] => {
  const version = world.committed.kv.lastCommitted + 1n
  return [
    ...putLastCommitted(world, 'kv', version),
    put('kv', version.toString(), deltaBytes(changes)),
    ...sortedEntries(changes, byBytes).map(([key, value]) =>
      value === undefined ? erase(KV_PREFIX, key) : put(KV_PREFIX, key, value),
    ),
  ]
}

const NOTHING_PENDING: KvPending = { changes: new Map() }

export const kvService: PaxosService<'kv'> = {
  name: 'kv',
  initial: INITIAL_KV_STATE,
  updateFromPaxos,
  createInitial: () => NOTHING_PENDING,
  createPending: () => NOTHING_PENDING,
  encodePending,
  ...NO_MESSAGES,
  commands: new Map([
    ['config-key get', configKeyGet],
    ['config-key exists', configKeyExists],
    ['config-key ls', configKeyLs],
    ['config-key list', configKeyLs],
    ['config-key dump', configKeyDump],
    ['config-key set', configKeySet],
    ['config-key put', configKeySet],
    ['config-key rm', configKeyRm],
    ['config-key del', configKeyRm],
  ]),
  trimTo: ({ committed }) =>
    committed.kv.lastCommitted > KV_VERSIONS_KEPT ? committed.kv.lastCommitted - KV_VERSIONS_KEPT : 0n,
  subscriptions: [KV_SUBSCRIPTION],
  subscribe: subscribeKv,
}
