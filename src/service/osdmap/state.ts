/** Committed state and pending change of the osdmap service. */
import type { PgKey } from '../../codec/type/pg-key.ts'
import { defaultCrushMap } from '../../map/crush/default-map.ts'
import type { Incremental } from '../../map/osd-map/incremental.ts'
import { emptyOsdMap, type OsdMap } from '../../map/osd-map/osd-map.ts'
import type { Committed } from '../committed.ts'
import type { LeaderNotes } from './leader-notes.ts'
import { type CreatingPgs, NO_CREATING_PGS } from './creating-pgs/creating-pgs.ts'

export interface OsdmapState extends Committed {
  readonly _service: 'osdmap'
  /** The map of epoch lastCommitted. */
  readonly map: OsdMap
  readonly creatingPgs: CreatingPgs
}

export interface OsdmapPending {
  readonly _service: 'osdmap'
  /** Leads to the next epoch. */
  readonly inc: Incremental
  /** OSD → what it said of itself at boot; undefined erases what is stored. */
  readonly metadata: ReadonlyMap<number, Buffer | undefined>
  /** Groups that their OSDs have reported as created. */
  readonly createdPgs: ReadonlySet<PgKey>
  /** Pool → snapshot ids that were spent on removing snapshots and never were snapshots. */
  readonly pseudoPurgedSnaps: ReadonlyMap<bigint, ReadonlySet<bigint>>
  /** Not proposed. */
  readonly notes: LeaderNotes
}

/** Before anything is committed. */
export const INITIAL_OSDMAP_STATE: OsdmapState = {
  _service: 'osdmap',
  firstCommitted: 0n,
  lastCommitted: 0n,
  map: emptyOsdMap(defaultCrushMap()),
  creatingPgs: NO_CREATING_PGS,
}
