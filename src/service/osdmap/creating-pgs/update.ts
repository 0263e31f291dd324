/**
 * Which placement groups are to be created, one epoch on.
 *
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::update_pending_pgs, scan_for_creating_pgs;
 *         src/osd/osd_types.cc PastIntervals::check_new_interval.
 */
import { known } from '../../../base/assert.ts'
import { byBigint, sortedEntries } from '../../../base/ordered.ts'
import { pgKey, pgOfKey, type PgKey, poolOfPgKey } from '../../../codec/type/pg-key.ts'
import { POOL_TYPE } from '../../../map/osd-map/constant.ts'
import { CRUSH_ITEM_NONE } from '../../../map/crush/crush-map.ts'
import type { Incremental } from '../../../map/osd-map/incremental.ts'
import type { OsdMap } from '../../../map/osd-map/osd-map.ts'
import type { Pool } from '../../../map/osd-map/pool.ts'
import type { World } from '../../contract.ts'
import { placementOf, type Placement } from '../../../map/osd-map/placement.ts'
import type { CreatingPg, CreatingPgs, QueuedPool } from './creating-pgs.ts'
import { addPastInterval, NO_PAST_INTERVALS, type PgShard } from './past-intervals.ts'
import { newPgHistory } from './pg-history.ts'

export interface CreatingPgsChange {
  readonly creating: CreatingPgs
  /** Groups that OSDs have reported since. */
  readonly created: ReadonlySet<PgKey>
  readonly inc: Incremental
  /** The map before and after `inc`. */
  readonly map: OsdMap
  readonly next: OsdMap
}

/** What is to be created once `inc` is committed. */
export const updateCreatingPgs = (world: World, change: CreatingPgsChange): CreatingPgs => {
  const scanned = scan(change)
  const existing = {
    ...scanned,
    pgs: new Map([...scanned.pgs].filter(([pg]) => pgExists(change.next, pg))),
  }
  const max = Math.max(1, world.options.int('mon_osd_max_creating_pgs'))
  return followPlacement(drainQueue(existing, change.inc.epoch, max), change)
}

const pgExists = (map: OsdMap, pg: PgKey): boolean => {
  const { pool, seed } = pgOfKey(pg)
  return seed < (map.pools.get(pool)?.pgNum ?? 0)
}

const scan = ({ creating, created, inc, map }: CreatingPgsChange): CreatingPgs => {
  if (creating.lastScanEpoch >= inc.epoch) return creating
  const queue = new Map(creating.queue)
  const createdPools = new Set(creating.createdPools)
  for (const pools of [map.pools, inc.newPools])
    for (const [id, pool] of sortedEntries(pools, byBigint)) {
      if (createdPools.has(id) || inc.oldPools.has(id) || map.crush.rules[pool.crushRule] === undefined)
        continue
      if (creating.lastScanEpoch !== 0 && pool.lastChange <= creating.lastScanEpoch) continue
      queue.set(id, { created: pool.lastChange, modified: inc.modified, start: 0n, end: BigInt(pool.pgNum) })
      createdPools.add(id)
    }
  for (const id of inc.oldPools) {
    queue.delete(id)
    createdPools.delete(id)
  }
  for (const pg of created) createdPools.add(poolOfPgKey(pg))
  const pgs = [...creating.pgs].filter(([pg]) => !created.has(pg) && !inc.oldPools.has(poolOfPgKey(pg)))
  return { lastScanEpoch: map.epoch, pgs: new Map(pgs), queue, createdPools }
}

// The current epoch counts as the epoch of creation, so that OSDs need no history from before it.
const drainQueue = (creating: CreatingPgs, epoch: number, max: number): CreatingPgs => {
  const pgs = new Map(creating.pgs)
  const queue = new Map<bigint, QueuedPool>()
  for (const [pool, waiting] of sortedEntries(creating.queue, byBigint)) {
    const room = BigInt(Math.max(0, max - pgs.size))
    const left = waiting.end - waiting.start
    const end = waiting.start + (left < room ? left : room)
    for (let seed = waiting.start; seed < end; seed++)
      pgs.set(pgKey({ pool, seed: Number(seed) }), {
        createEpoch: epoch,
        createStamp: waiting.modified,
        up: [],
        upPrimary: -1,
        acting: [],
        actingPrimary: -1,
        history: newPgHistory(0, { sec: 0, nsec: 0 }),
        pastIntervals: NO_PAST_INTERVALS,
      })
    if (end < waiting.end) queue.set(pool, { ...waiting, start: end })
  }
  return { ...creating, pgs, queue }
}

const followPlacement = (creating: CreatingPgs, change: CreatingPgsChange): CreatingPgs => {
  const pgs = new Map<PgKey, CreatingPg>()
  for (const [key, pg] of creating.pgs) {
    const placement = placementOf(change.next, key)
    pgs.set(
      key,
      pg.history.epochCreated === 0
        ? { ...pg, ...placement, history: newPgHistory(pg.createEpoch, pg.createStamp) }
        : nextInterval(change, key, pg, placement),
    )
  }
  return { ...creating, pgs }
}

const sameOsds = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((osd, i) => osd === b[i])

// Splits and merges of groups that nobody has created yet count as changes of the whole pool.
const poolChanged = (before: Pool, after: Pool): boolean =>
  before.size !== after.size ||
  before.minSize !== after.minSize ||
  before.pgNum !== after.pgNum ||
  before.pgNumPending !== after.pgNumPending

const nextInterval = (
  { map, next, inc }: CreatingPgsChange,
  key: PgKey,
  pg: CreatingPg,
  placement: Placement,
): CreatingPg => {
  const before = map.pools.get(poolOfPgKey(key))
  const after = known(next.pools.get(poolOfPgKey(key)), 'the pool of a group to be created')
  if (before === undefined) return pg
  const samePlacement =
    pg.actingPrimary === placement.actingPrimary &&
    pg.upPrimary === placement.upPrimary &&
    sameOsds(pg.acting, placement.acting) &&
    sameOsds(pg.up, placement.up)
  if (samePlacement && !poolChanged(before, after)) return pg
  const interval = {
    first: pg.history.sameIntervalSince,
    last: next.epoch - 1,
    acting: shardsOf(before, pg.acting),
  }
  const history = {
    ...pg.history,
    sameIntervalSince: inc.epoch,
    sameUpSince: sameOsds(pg.up, placement.up) ? pg.history.sameUpSince : inc.epoch,
    samePrimarySince: pg.actingPrimary === placement.actingPrimary ? pg.history.samePrimarySince : inc.epoch,
    lastEpochSplit: after.pgNum > before.pgNum ? inc.epoch : pg.history.lastEpochSplit,
  }
  const pastIntervals = addPastInterval(pg.pastIntervals, interval, maybeWentRw(map, before, pg, interval))
  return { ...pg, ...placement, history, pastIntervals }
}

const shardsOf = (pool: Pool, acting: readonly number[]): readonly PgShard[] =>
  acting.flatMap((osd, i) =>
    osd === CRUSH_ITEM_NONE ? [] : [{ osd, shard: pool.type === POOL_TYPE.erasure ? i : -1 }],
  )

// Whether the group may have served writes during the interval that ends.
const maybeWentRw = (
  map: OsdMap,
  pool: Pool,
  pg: CreatingPg,
  interval: { readonly first: number; readonly last: number; readonly acting: readonly PgShard[] },
): boolean => {
  if (interval.acting.length === 0 || pg.actingPrimary === -1) return false
  if (interval.acting.length < pool.minSize) return false
  const info = map.osds[pg.actingPrimary]?.info
  if (info !== undefined && info.upThru >= interval.first && info.upFrom <= interval.first) return true
  const { lastEpochClean } = pg.history
  return lastEpochClean >= interval.first && lastEpochClean <= interval.last
}
