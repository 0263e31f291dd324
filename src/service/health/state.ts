/** Committed state and pending change of the health service. */
import type { HealthCheckMap, HealthMute } from '../../map/health.ts'
import { NO_HEALTH_CHECKS } from '../../map/health.ts'
import type { Committed } from '../committed.ts'

export interface HealthState extends Committed {
  /** What each monitor finds wrong with itself, by rank. */
  readonly quorumChecks: ReadonlyMap<number, HealthCheckMap>
  /** What the leader finds wrong with the quorum. */
  readonly leaderChecks: HealthCheckMap
  readonly mutes: ReadonlyMap<string, HealthMute>
}

export interface HealthPending {
  readonly version: bigint
  readonly quorumChecks: ReadonlyMap<number, HealthCheckMap>
  readonly leaderChecks: HealthCheckMap
  readonly mutes: ReadonlyMap<string, HealthMute>
}

export const INITIAL_HEALTH_STATE: HealthState = {
  firstCommitted: 0n,
  lastCommitted: 0n,
  quorumChecks: new Map(),
  leaderChecks: NO_HEALTH_CHECKS,
  mutes: new Map(),
}
