/**
 * Proposes changes of the database: the values go into the kv service's pending value, so that both services commit
 * together.
 *
 * Source: ceph src/mon/ConfigMonitor.cc ConfigMonitor::prepare_command (after its label update).
 */
import { utimeOfMs } from '../../codec/type/utime.ts'
import type { CommandReply, Request, ServicePendings, UpdateResult, World } from '../contract.ts'
import { withChanges } from '../kv/state.ts'
import { answered, prepared } from '../reply.ts'
import { changesetEntries } from './changeset.ts'
import type { ConfigChanges } from './state.ts'

/** The changes that change anything. */
const effective = (current: ReadonlyMap<string, string>, changes: ConfigChanges): ConfigChanges =>
  new Map([...changes].filter(([key, value]) => current.get(key) !== value))

/** Pending values of both services with `changes`; undefined when they change nothing. */
export const pendingsWith = (
  world: World,
  pendings: ServicePendings,
  changes: ConfigChanges,
  description: string,
): Partial<ServicePendings> | undefined => {
  const { lastCommitted, current } = world.committed.config
  const real = effective(current, changes)
  if (real.size === 0) return undefined
  const entries = changesetEntries(lastCommitted + 1n, utimeOfMs(world.now), description, current, real)
  return { config: { changes: real, description }, kv: withChanges(pendings.kv, entries) }
}

/** Answers `reply` after the commit, or at once when nothing changes. A version holds one command's changes. */
export const prepareChanges = (
  world: World,
  pendings: ServicePendings,
  request: Request,
  changes: ConfigChanges,
  reply: CommandReply,
  description = '',
): UpdateResult => {
  if (pendings.config.changes.size > 0) return { _tag: 'RetryAfterCommit' }
  const changed = pendingsWith(world, pendings, changes, description)
  return changed === undefined ? answered(request, reply) : prepared(request, changed, reply)
}
