/** Committed state and pending change of the monmap service. */
import type { Committed } from '../committed.ts'

export interface MonmapState extends Committed {
  readonly _service: 'monmap'
}

export interface MonmapPending {
  readonly _service: 'monmap'
}
