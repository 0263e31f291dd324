/** Committed state and pending change of the mdsmap service. */
import { INITIAL_FS_MAP, type FsMap } from '../../map/fs-map/fs-map.ts'
import type { Committed } from '../committed.ts'

export interface MdsmapState extends Committed {
  readonly map: FsMap
}

export interface MdsmapPending {
  readonly map: FsMap
}

export const INITIAL_MDSMAP_STATE: MdsmapState = {
  firstCommitted: 0n,
  lastCommitted: 0n,
  map: { ...INITIAL_FS_MAP, epoch: 0 },
}
