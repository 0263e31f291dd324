/** Committed state and pending change of the log service. */
import type { Committed } from '../committed.ts'

export interface LogState extends Committed {
  readonly _service: 'log'
}

export interface LogPending {
  readonly _service: 'log'
}
