/** Committed state and pending change of the mdsmap service. */
import type { Committed } from '../committed.ts'

export interface MdsmapState extends Committed {
  readonly _service: 'mdsmap'
}

export interface MdsmapPending {
  readonly _service: 'mdsmap'
}
