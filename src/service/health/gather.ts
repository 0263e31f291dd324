/**
 * Every check that stands in the store: each service wrote its own with its map, the health service the rest. So all
 * monitors say the same.
 *
 * Source: ceph src/mon/HealthMonitor.cc gather_all_health_checks.
 */
import * as E from 'fp-ts/lib/Either.js'
import { decodeFrom } from '../../codec/reader.ts'
import { decodeHealthCheckMap, type HealthCheckMap, NO_HEALTH_CHECKS } from '../../map/health.ts'
import { SERVICE_ORDER, type ServiceName, type World } from '../contract.ts'
import { mergeHealth } from './status.ts'

export const gatherHealth = (world: World): HealthCheckMap =>
  mergeHealth(SERVICE_ORDER.map((name) => storedHealth(world, name)))

const storedHealth = ({ store }: World, name: ServiceName): HealthCheckMap => {
  const bytes = store.get('health', name)
  const checks = bytes === undefined ? undefined : decodeFrom(decodeHealthCheckMap, bytes)
  return checks !== undefined && E.isRight(checks) ? checks.right : NO_HEALTH_CHECKS
}
