/** Copying a store from one monitor to another: what each side remembers. */
import type { EntityAddrvec } from '../../codec/type/entity-addr.ts'
import { eraseRange, type Op } from '../../store/transaction.ts'

export interface SyncState {
  /** Own copying, when we are the one that is behind. */
  readonly requester:
    | {
        readonly provider: EntityAddrvec
        readonly full: boolean
        /** 0 until the provider has named it. */
        readonly cookie: bigint
        /** First Paxos version that the copied state does not contain yet. */
        readonly startVersion: bigint
      }
    | undefined
  /** Peers that copy from us, by cookie. */
  readonly providers: ReadonlyMap<bigint, SyncProvider>
  /** How many cookies this process has made. */
  readonly cookieCount: bigint
  /** A peer whose last version is below this has less than an interrupted copy already promised. */
  readonly lastCommittedFloor: bigint
}

export interface SyncProvider {
  readonly connection: number
  readonly full: boolean
  /** Last Paxos version that the peer has been sent. */
  readonly lastCommitted: bigint
  /** Where the copy of the other keys goes on; undefined at the beginning. */
  readonly lastKey: readonly [prefix: string, key: string] | undefined
  readonly timeoutMs: number
}

export const NO_SYNC: SyncState = {
  requester: undefined,
  providers: new Map(),
  cookieCount: 0n,
  lastCommittedFloor: 0n,
}

/** Prefixes that a full copy replaces. Source: ceph src/mon/Monitor.cc get_sync_targets_names and each service. */
export const SYNC_PREFIXES: readonly string[] = [
  'auth',
  'config',
  'health',
  'kv',
  'logm',
  'mds_health',
  'mds_metadata',
  'mdsmap',
  'mgr',
  'mgr_command_descs',
  'mgr_metadata',
  'mgrstat',
  'mon_config_key',
  'monmap',
  'osd_metadata',
  'osd_pg_creating',
  'osd_snap',
  'osdmap',
  'paxos',
]

// Every key of a prefix is below the prefix's end: keys are text, and no byte is above 0xff.
const PREFIX_END = '\udcff'

/** Empties what a full copy replaces. */
export const ERASE_SYNCED: readonly Op[] = SYNC_PREFIXES.map((prefix) => eraseRange(prefix, '', PREFIX_END))
