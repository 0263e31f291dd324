/** Committed state and pending change of the mgrstat service. */
import { EMPTY_PG_MAP_DIGEST, type PgMapDigest } from '../../map/pg-map-digest/pg-map-digest.ts'
import type { ProgressEvents } from '../../map/progress-event.ts'
import { EMPTY_SERVICE_MAP, type ServiceMap } from '../../map/service-map.ts'
import type { Committed } from '../committed.ts'

export interface MgrstatState extends Committed {
  readonly digest: PgMapDigest
  readonly serviceMap: ServiceMap
  readonly progressEvents: ProgressEvents
}

export interface MgrstatPending {
  readonly version: bigint
  readonly digest: PgMapDigest
  readonly serviceMap: ServiceMap
  readonly progressEvents: ProgressEvents
}

export const INITIAL_MGRSTAT_STATE: MgrstatState = {
  firstCommitted: 0n,
  lastCommitted: 0n,
  digest: EMPTY_PG_MAP_DIGEST,
  serviceMap: EMPTY_SERVICE_MAP,
  progressEvents: new Map(),
}
