/** Committed state and pending change of the monmap service. */
import type { MonMap } from '../../map/mon-map/mon-map.ts'
import { EMPTY_MON_MAP } from '../../map/mon-map/mon-map.ts'
import type { MonMetadata } from '../../map/mon-metadata.ts'
import type { Committed } from '../committed.ts'

export interface MonmapState extends Committed {
  readonly map: MonMap
  /** What every monitor said about itself when it last joined a quorum. */
  readonly metadata: MonMetadata
}

export interface MonmapPending {
  /** The map of the next epoch. */
  readonly map: MonMap
  /** Whether somebody asked for a change already; a map is changed once an epoch. */
  readonly isChanged: boolean
}

export const INITIAL_MONMAP_STATE: MonmapState = {
  firstCommitted: 0n,
  lastCommitted: 0n,
  map: EMPTY_MON_MAP,
  metadata: new Map(),
}
