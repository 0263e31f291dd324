/** Committed state and pending change of the auth service. */
import type { Committed } from '../committed.ts'

export interface AuthState extends Committed {
  readonly _service: 'auth'
}

export interface AuthPending {
  readonly _service: 'auth'
}
