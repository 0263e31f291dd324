/**
 * What is wrong with the cluster's keys, and with the way in which clients keep their ids.
 *
 * Source: ceph src/mon/AuthMonitor.cc encode_pending; src/mon/HealthMonitor.cc check_member_health.
 */
import { capsProblem } from '../../auth/caps-syntax.ts'
import { capsText } from '../../auth/entity-auth.ts'
import { applyKeyServerIncrementals, entriesInOrder } from '../../auth/key-server-data.ts'
import { byBytes } from '../../base/ordered.ts'
import { printAddrvec } from '../../codec/type/entity-addr.ts'
import { printEntityName } from '../../codec/type/entity-name.ts'
import { HEALTH, type HealthCheck, type HealthCheckMap, NO_HEALTH_CHECKS } from '../../map/health.ts'
import type { World } from '../contract.ts'
import type { AuthPending } from './state.ts'

/** AUTH_BAD_CAPS: entities whose capabilities nobody will understand, once `pending` is committed. */
export const badCapsHealth = (world: World, pending: AuthPending): HealthCheckMap => {
  const validatesAll = world.options.bool('mon_auth_validate_all_caps')
  const changes = pending.changes.flatMap((c) => (c._tag === 'Keys' ? c.change : []))
  const keys = applyKeyServerIncrementals(world.committed.auth.keys, changes)
  const bad = entriesInOrder(keys.secrets)
    .map(({ name, auth }) => ({
      entity: printEntityName(name),
      problems: [...auth.caps].flatMap(([service, caps]) => problemOf(service, caps, validatesAll) ?? []),
    }))
    .filter(({ problems }) => problems.length > 0)
    .sort((a, b) => byBytes(a.entity, b.entity))
  if (bad.length === 0) return NO_HEALTH_CHECKS
  const check: HealthCheck = {
    severity: HEALTH.ERR,
    summary: `${bad.length} auth entities have invalid capabilities`,
    detail: bad.flatMap(({ entity, problems }) => problems.map((problem) => `${entity} ${problem}`)),
    count: BigInt(bad.length),
  }
  return new Map([['AUTH_BAD_CAPS', check]])
}

const problemOf = (service: string, caps: Buffer, validatesAll: boolean): string | undefined => {
  const text = capsText(caps)
  return text === undefined ? 'corrupt capability encoding' : capsProblem(service, text, validatesAll)
}

/**
 * AUTH_INSECURE_GLOBAL_ID_RECLAIM and …_ALLOWED: what this monitor's own sessions and options say. The words in
 * percent signs are filled in when the checks of all monitors are put together.
 */
export const reclaimHealth = (world: World): HealthCheckMap => {
  const { options } = world
  if (!options.bool('auth_allow_insecure_global_id_reclaim')) return NO_HEALTH_CHECKS
  const checks = new Map<string, HealthCheck>()
  const detail = options.bool('mon_warn_on_insecure_global_id_reclaim') ? insecureSessions(world) : []
  if (detail.length > 0)
    checks.set('AUTH_INSECURE_GLOBAL_ID_RECLAIM', {
      severity: HEALTH.WARN,
      summary: 'client%plurals% %isorare% using insecure global_id reclaim',
      detail,
      count: BigInt(detail.length),
    })
  if (options.bool('mon_warn_on_insecure_global_id_reclaim_allowed'))
    checks.set('AUTH_INSECURE_GLOBAL_ID_RECLAIM_ALLOWED', {
      severity: HEALTH.WARN,
      summary: 'mon%plurals% %isorare% allowing insecure global_id reclaim',
      detail: [`mon.${world.self.name} has auth_allow_insecure_global_id_reclaim set to true`],
      count: 1n,
    })
  return checks
}

const insecureSessions = (world: World): readonly string[] => {
  const max = world.options.int('mon_health_max_detail')
  const lines = [...world.sessions]
    .filter(({ identity }) => identity.globalIdStatus === 'RECLAIM_INSECURE')
    .map(
      ({ identity, addrs }) =>
        `${printEntityName(identity.entityName)} at ${printAddrvec(addrs)} is using insecure global_id reclaim`,
    )
  return lines.length < max ? lines : [...lines.slice(0, max), '...']
}
