/**
 * Placement groups that no OSD has reported as created yet, and pools whose groups still wait for their turn
 * (creating_pgs_t). Stored at `osd_pg_creating/creating`, whole, with every osdmap proposal.
 *
 * Grammar: versioned 3/1 { u32 last_scan_epoch, map pg_t → pg_create_info, set i64 created_pools,
 *          map i64 → { u32 created, utime modified, u64 start, u64 end } }
 *          pg_create_info = versioned 1/1 { u32 epoch, utime, array i32 up, i32, array i32 acting, i32,
 *          pg_history_t, PastIntervals }
 * Source: ceph src/mon/CreatingPGs.h. Version 2 (before Octopus) is refused.
 */
import { byBigint } from '../../../base/ordered.ts'
import type { Reader } from '../../../codec/reader.ts'
import { byPgKey, decodePgKey, encodePgKey, type PgKey, poolOfPgKey } from '../../../codec/type/pg-key.ts'
import { decodeUtime, encodeUtime, type Utime } from '../../../codec/type/utime.ts'
import type { Writer } from '../../../codec/writer.ts'
import { decodePastIntervals, encodePastIntervals, type PastIntervals } from './past-intervals.ts'
import { decodePgHistory, encodePgHistory, type PgHistory } from './pg-history.ts'

export interface CreatingPg {
  readonly createEpoch: number
  readonly createStamp: Utime
  readonly up: readonly number[]
  readonly upPrimary: number
  readonly acting: readonly number[]
  readonly actingPrimary: number
  readonly history: PgHistory
  readonly pastIntervals: PastIntervals
}

/** Groups start ≤ seed < end of a pool wait. */
export interface QueuedPool {
  readonly created: number
  readonly modified: Utime
  readonly start: bigint
  readonly end: bigint
}

export interface CreatingPgs {
  readonly lastScanEpoch: number
  readonly pgs: ReadonlyMap<PgKey, CreatingPg>
  readonly queue: ReadonlyMap<bigint, QueuedPool>
  /** Pools of which at least one group has been put to creation. */
  readonly createdPools: ReadonlySet<bigint>
}

export const NO_CREATING_PGS: CreatingPgs = {
  lastScanEpoch: 0,
  pgs: new Map(),
  queue: new Map(),
  createdPools: new Set(),
}

const VERSION = 3

export const decodeCreatingPgs = (r: Reader): CreatingPgs =>
  r.versioned(VERSION, (structV) => {
    if (!r.failed && structV < VERSION) r.bad(`creating_pgs_t version ${structV}`)
    return {
      lastScanEpoch: r.u32(),
      pgs: r.map(decodePgKey, decodeCreatingPg),
      createdPools: r.set(r.i64),
      queue: r.map(r.i64, decodeQueuedPool),
    }
  })

export const encodeCreatingPgs = (w: Writer, creating: CreatingPgs): void =>
  w.versioned(VERSION, 1, () => {
    w.u32(creating.lastScanEpoch)
    w.map(creating.pgs, byPgKey, encodePgKey, encodeCreatingPg)
    w.set(creating.createdPools, byBigint, (out, pool) => {
      out.i64(pool)
    })
    w.map(
      creating.queue,
      byBigint,
      (out, pool) => {
        out.i64(pool)
      },
      encodeQueuedPool,
    )
  })

const decodeCreatingPg = (r: Reader): CreatingPg =>
  r.versioned(1, () => ({
    createEpoch: r.u32(),
    createStamp: decodeUtime(r),
    up: r.array(r.i32),
    upPrimary: r.i32(),
    acting: r.array(r.i32),
    actingPrimary: r.i32(),
    history: decodePgHistory(r),
    pastIntervals: decodePastIntervals(r),
  }))

const putI32 = (w: Writer, n: number): void => {
  w.i32(n)
}

const encodeCreatingPg = (w: Writer, pg: CreatingPg): void =>
  w.versioned(1, 1, () => {
    w.u32(pg.createEpoch)
    encodeUtime(w, pg.createStamp)
    w.array(pg.up, putI32)
    w.i32(pg.upPrimary)
    w.array(pg.acting, putI32)
    w.i32(pg.actingPrimary)
    encodePgHistory(w, pg.history)
    encodePastIntervals(w, pg.pastIntervals)
  })

const decodeQueuedPool = (r: Reader): QueuedPool => ({
  created: r.u32(),
  modified: decodeUtime(r),
  start: r.u64(),
  end: r.u64(),
})

const encodeQueuedPool = (w: Writer, pool: QueuedPool): void => {
  w.u32(pool.created)
  encodeUtime(w, pool.modified)
  w.u64(pool.start)
  w.u64(pool.end)
}

/** Whether a group of the pool is still to be created. Source: creating_pgs_t::still_creating_pool. */
export const stillCreatingPool = (creating: CreatingPgs, pool: bigint): boolean =>
  creating.queue.has(pool) || [...creating.pgs.keys()].some((pg) => poolOfPgKey(pg) === pool)
