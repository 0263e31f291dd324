/**
 * What the leader finds wrong with the quorum.
 *
 * Source: ceph src/mon/HealthMonitor.cc check_for_mon_down, check_for_clock_skew, check_if_msgr2_enabled.
 */
import { printAddrvec, msgr2Addr } from '../../codec/type/entity-addr.ts'
import { printGeneral } from '../../base/json.ts'
import { HEALTH, type HealthCheck, type HealthCheckMap } from '../../map/health.ts'
import { byBytes, sortedEntries } from '../../base/ordered.ts'
import { addrsOfRank } from '../../map/mon-map/rank.ts'
import type { World } from '../contract.ts'

type Check = readonly [code: string, check: HealthCheck]

export const leaderHealth = (world: World): HealthCheckMap =>
  new Map([...monDown(world), ...clockSkew(world), ...msgr2NotEnabled(world)])

const warn = (code: string, summary: string, detail: readonly string[], count: number): Check => [
  code,
  { severity: HEALTH.WARN, summary, detail, count: BigInt(count) },
]

const monDown = ({ monmap, quorum }: World): readonly Check[] => {
  const down = [...monmap.ranks.keys()].filter((rank) => !quorum.ranks.includes(rank))
  if (down.length === 0) return []
  const names = quorum.ranks.map((rank) => monmap.ranks[rank]).join(',')
  const summary = `${down.length}/${monmap.ranks.length} mons down, quorum ${names}`
  const detail = down.map((rank) => {
    const addrs = printAddrvec(addrsOfRank(monmap, rank))
    return `mon.${monmap.ranks[rank]} (rank ${rank}) addr ${addrs} is down (out of quorum)`
  })
  return [warn('MON_DOWN', summary, detail, down.length)]
}

const clockSkew = ({ monmap, clocks, options }: World): readonly Check[] => {
  const allowed = options.float('mon_clock_drift_allowed')
  const skewed = [...clocks.skews].filter(([, skew]) => Math.abs(skew) > allowed)
  if (skewed.length === 0) return []
  const name = (rank: number): string => `mon.${monmap.ranks[rank] ?? rank}`
  const summary = `clock skew detected on ${skewed.map(([rank]) => name(rank)).join(', ')}`
  const detail = skewed.map(([rank, skew]) => {
    const latency = printGeneral(clocks.latencies.get(rank) ?? 0)
    return `${name(rank)} ${describeSkew(Math.abs(skew), allowed)} (latency ${latency}s)`
  })
  return [warn('MON_CLOCK_SKEW', summary, detail, detail.length)]
}

/** Units: seconds. Source: ceph src/mon/Monitor.cc Monitor::timecheck_status. */
export const describeSkew = (skew: number, allowed: number): string =>
  `clock skew ${printGeneral(skew)}s > max ${printGeneral(allowed)}s`

const msgr2NotEnabled = ({ monmap, options }: World): readonly Check[] => {
  if (!options.bool('mon_warn_on_msgr2_not_enabled') || !options.bool('ms_bind_msgr2')) return []
  const without = sortedEntries(monmap.mons, byBytes)
    .map(([, mon]) => mon)
    .filter((mon) => msgr2Addr(mon.publicAddrs) === undefined)
  if (without.length === 0) return []
  const detail = without.map(
    (mon) => `mon.${mon.name} is not bound to a msgr2 port, only ${printAddrvec(mon.publicAddrs)}`,
  )
  return [
    warn('MON_MSGR2_NOT_ENABLED', `${detail.length} monitors have not enabled msgr2`, detail, detail.length),
  ]
}
