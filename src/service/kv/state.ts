/** Committed state and pending change of the kv service. */
import type { Committed } from '../committed.ts'

export interface KvState extends Committed {
  readonly _service: 'kv'
}

export interface KvPending {
  readonly _service: 'kv'
}
