/**
 * Placement groups that a subscribing OSD shall create, because it is their acting primary.
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::check_pg_creates_sub, send_pg_creates, update_creating_pgs.
 */
import { ENTITY_TYPE } from '../../codec/type/entity-name.ts'
import { byPgKey, pgOfKey } from '../../codec/type/pg-key.ts'
import { encoded } from '../../codec/writer.ts'
import { POOL_TYPE } from '../../map/osd-map/constant.ts'
import { osdIsUp } from '../../map/osd-map/osd-map.ts'
import { placementOf } from '../../map/osd-map/placement.ts'
import type { PgToCreate } from '../../message/osd-pg-create.ts'
import { sortedEntries } from '../../base/ordered.ts'
import type { Session, Subscription, SubscriptionAnswer, World } from '../contract.ts'
import { encodePastIntervals } from './creating-pgs/past-intervals.ts'
import { encodePgHistory } from './creating-pgs/pg-history.ts'

/** `osd_pg_creates`: every group whose primary the OSD is and that has changed since epoch `start`. */
export const subscribePgCreates = (
  world: World,
  session: Session,
  { start }: Subscription,
): SubscriptionAnswer | undefined => {
  const { map, creatingPgs } = world.committed.osdmap
  const osd = Number(session.num)
  if (session.peerType !== ENTITY_TYPE.osd || !osdIsUp(map, osd)) return undefined
  const pgs = sortedEntries(creatingPgs.pgs, byPgKey).flatMap(([key, pg]): readonly PgToCreate[] => {
    const { pool: poolId, seed } = pgOfKey(key)
    const pool = map.pools.get(poolId)
    const { acting, actingPrimary } = placementOf(map, key)
    if (pool === undefined || seed >= pool.pgNum || actingPrimary !== osd) return []
    // The group's interval is as old as what the OSD has been told of it.
    if (BigInt(pg.history.sameIntervalSince) < start) return []
    return [
      {
        pg: { pool: poolId, seed, shard: pool.type === POOL_TYPE.erasure ? acting.indexOf(osd) : -1 },
        createdEpoch: pg.createEpoch,
        createdStamp: pg.createStamp,
        history: encoded((w) => encodePgHistory(w, pg.history)),
        pastIntervals: encoded((w) => encodePastIntervals(w, pg.pastIntervals)),
      },
    ]
  })
  if (pgs.length === 0) return undefined
  return {
    messages: [{ _tag: 'MOSDPGCreate2', epoch: map.epoch, pgs }],
    next: BigInt(map.epoch) + 1n,
  }
}
