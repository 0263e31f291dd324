/** Committed state and pending change of the config service. */
import type { Committed } from '../committed.ts'

export interface ConfigState extends Committed {
  readonly _service: 'config'
}

export interface ConfigPending {
  readonly _service: 'config'
}
