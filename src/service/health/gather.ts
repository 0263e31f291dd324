/**
 * Every check that stands in the store: each service wrote its own with its map, the health service the rest. So all
 * monitors say the same.
 *
 * Source: ceph src/mon/HealthMonitor.cc gather_all_health_checks.
 */
import * as E from 'fp-ts/lib/Either.js'
import { decodeFrom } from '../../codec/reader.ts'
import { decodeHealthCheckMap, type HealthCheckMap, NO_HEALTH_CHECKS } from '../../map/health.ts'
import type { StoreView } from '../../store/view.ts'
import { SERVICE_ORDER, type ServiceName, type World } from '../contract.ts'
import { type Health, mergeHealth } from './status.ts'

export const gatherHealth = ({ store }: Pick<World, 'store'>): HealthCheckMap =>
  mergeHealth(SERVICE_ORDER.map((name) => storedHealth(store, name)))

/** What stands, and what of it is muted. */
export const healthOf = (world: World): Health => ({
  checks: gatherHealth(world),
  mutes: world.committed.health.mutes,
})

/** What one service has committed. */
export const storedHealth = (store: StoreView, name: ServiceName): HealthCheckMap => {
  const bytes = store.get('health', name)
  const checks = bytes === undefined ? undefined : decodeFrom(decodeHealthCheckMap, bytes)
  return checks !== undefined && E.isRight(checks) ? checks.right : NO_HEALTH_CHECKS
}
