/** Committed state and pending change of the mgrstat service. */
import type { Committed } from '../committed.ts'

export interface MgrstatState extends Committed {
  readonly _service: 'mgrstat'
}

export interface MgrstatPending {
  readonly _service: 'mgrstat'
}
