/** Committed state and pending change of the auth service. */
import type { AuthChange } from '../../auth/auth-incremental.ts'
import { type AuthVersion, NO_AUTH_VERSION } from '../../auth/auth-version.ts'
import type { EntityName } from '../../codec/type/entity-name.ts'
import { entityNameKey } from '../../codec/type/entity-name.ts'
import type { Committed } from '../committed.ts'

/** All keys, and the maximum of the global ids, as of `lastCommitted`. */
export type AuthState = Committed & AuthVersion

export interface AuthPending {
  /** In the order in which they are committed. */
  readonly changes: readonly AuthChange[]
}

export const INITIAL_AUTH_STATE: AuthState = { firstCommitted: 0n, lastCommitted: 0n, ...NO_AUTH_VERSION }

export const NOTHING_PENDING: AuthPending = { changes: [] }

export const withChanges = (pending: AuthPending, changes: readonly AuthChange[]): AuthPending => ({
  changes: [...pending.changes, ...changes],
})

/** Whether `name` is about to be added. Source: ceph src/mon/AuthMonitor.cc entity_is_pending. */
export const isEntityPending = (pending: AuthPending, name: EntityName): boolean =>
  pending.changes.some(
    (c) => c._tag === 'Keys' && c.change.op === 'add' && entityNameKey(c.change.name) === entityNameKey(name),
  )
