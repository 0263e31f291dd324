/**
 * What a monitor finds wrong with itself. Each tells the leader, who puts the checks of all of them together.
 *
 * Source: ceph src/mon/HealthMonitor.cc check_member_health, encode_pending.
 */
import { byBytes, byNumber, sortedEntries } from '../../base/ordered.ts'
import { HEALTH, type HealthCheck, type HealthCheckMap } from '../../map/health.ts'
import type { MonMap } from '../../map/mon-map/mon-map.ts'
import { reclaimHealth } from '../auth/health.ts'
import type { World } from '../contract.ts'
import { diskHealth } from './disk.ts'
import { mergeHealth } from './status.ts'

/** The checks of this monitor alone; summaries have words in percent signs for how many monitors say so. */
export const memberHealth = (world: World): HealthCheckMap =>
  new Map([...diskHealth(world), ...noDownOutInterval(world), ...reclaimHealth(world)])

const noDownOutInterval = ({ options, self }: World): readonly (readonly [string, HealthCheck])[] =>
  options.bool('mon_warn_on_osd_down_out_interval_zero') && options.int('mon_osd_down_out_interval') === 0
    ? [
        [
          'OSD_NO_DOWN_OUT_INTERVAL',
          {
            severity: HEALTH.WARN,
            summary: 'mon%plurals% %names% %hasorhave% mon_osd_down_out_interval set to 0',
            detail: [`mon.${self.name} has mon_osd_down_out_interval set to 0`],
            count: 1n,
          },
        ],
      ]
    : []

/** The checks of all monitors as one, with the words filled in. */
export const quorumHealth = (checks: ReadonlyMap<number, HealthCheckMap>, monmap: MonMap): HealthCheckMap => {
  const inRankOrder = sortedEntries(checks, byNumber)
  return new Map(
    [...mergeHealth(inRankOrder.map(([, of]) => of))].map(([code, check]) => {
      const names = inRankOrder.filter(([, of]) => of.has(code)).map(([rank]) => monmap.ranks[rank] ?? '')
      return [code, { ...check, summary: spelt(check.summary, names.sort(byBytes)) }] as const
    }),
  )
}

const spelt = (summary: string, names: readonly string[]): string => {
  const many = names.length > 1
  return summary
    .replaceAll('%hasorhave%', many ? 'have' : 'has')
    .replaceAll('%names%', () => names.join(','))
    .replaceAll('%plurals%', many ? 's' : '')
    .replaceAll('%isorare%', many ? 'are' : 'is')
}
