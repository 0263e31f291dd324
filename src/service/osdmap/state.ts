/** Committed state and pending change of the osdmap service. */
import type { Committed } from '../committed.ts'

export interface OsdmapState extends Committed {
  readonly _service: 'osdmap'
}

export interface OsdmapPending {
  readonly _service: 'osdmap'
}
