/**
 * What a pool, or a sum of pools, holds.
 *
 * Grammar: versioned 7/5 { object_stat_collection_t, i64 log_size, i64 ondisk_log_size, i32 up, i32 acting,
 *          store_statfs_t, u32 num_store_stats }.
 * Source: ceph src/osd/osd_types.cc pool_stat_t.
 */
import type { Reader } from '../../codec/reader.ts'
import type { Writer } from '../../codec/writer.ts'
import {
  decodeObjectStatCollection,
  encodeObjectStatCollection,
  NO_OBJECTS,
  type ObjectStatSum,
} from './object-stat-sum.ts'
import { decodeStoreStatfs, encodeStoreStatfs, NO_STORE, type StoreStatfs } from './store-statfs.ts'

export interface PoolStat {
  readonly stats: ObjectStatSum
  readonly logSize: bigint
  readonly ondiskLogSize: bigint
  readonly up: number
  readonly acting: number
  readonly storeStats: StoreStatfs
  readonly numStoreStats: number
}

export const NO_POOL_STAT: PoolStat = {
  stats: NO_OBJECTS,
  logSize: 0n,
  ondiskLogSize: 0n,
  up: 0,
  acting: 0,
  storeStats: NO_STORE,
  numStoreStats: 0,
}

const STRUCT_V = 7

export const decodePoolStat = (r: Reader): PoolStat =>
  r.versioned(STRUCT_V, (structV) => {
    if (!r.failed && structV < STRUCT_V) r.bad(`pool_stat_t version ${structV}`)
    return {
      stats: decodeObjectStatCollection(r),
      logSize: r.i64(),
      ondiskLogSize: r.i64(),
      up: r.i32(),
      acting: r.i32(),
      storeStats: decodeStoreStatfs(r),
      numStoreStats: r.u32(),
    }
  })

export const encodePoolStat = (w: Writer, stat: PoolStat): void =>
  w.versioned(STRUCT_V, 5, () => {
    encodeObjectStatCollection(w, stat.stats)
    w.i64(stat.logSize)
    w.i64(stat.ondiskLogSize)
    w.i32(stat.up)
    w.i32(stat.acting)
    encodeStoreStatfs(w, stat.storeStats)
    w.u32(stat.numStoreStats)
  })
