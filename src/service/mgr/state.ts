/** Committed state and pending change of the mgr service. */
import type { Committed } from '../committed.ts'

export interface MgrState extends Committed {
  readonly _service: 'mgr'
}

export interface MgrPending {
  readonly _service: 'mgr'
}
