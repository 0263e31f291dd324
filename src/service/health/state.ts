/** Committed state and pending change of the health service. */
import type { Committed } from '../committed.ts'

export interface HealthState extends Committed {
  readonly _service: 'health'
}

export interface HealthPending {
  readonly _service: 'health'
}
