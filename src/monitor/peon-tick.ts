/**
 * What a peon tells the leader now and then: what it finds wrong with itself, and that it runs out of global ids.
 *
 * Source: ceph src/mon/HealthMonitor.cc check_member_health, src/mon/AuthMonitor.cc AuthMonitor::tick.
 */
import { shouldIncreaseMax } from '../auth/global-id.ts'
import { sameChecks } from '../service/health/codec.ts'
import { memberHealth } from '../service/health/member.ts'
import { NO_HEALTH_CHECKS } from '../map/health.ts'
import { sendToRank } from './peer.ts'
import type { Turn } from './turn.ts'
import { worldOf } from './world.ts'

export const tickPeon = (turn: Turn): void => {
  const { phase, quorum, rank, services, globalIds } = turn.state
  if (phase !== 'peon') return
  const world = worldOf(turn)
  const healthChecks = memberHealth(world)
  const committed = services.health.quorumChecks.get(rank) ?? NO_HEALTH_CHECKS
  if (!sameChecks(healthChecks, committed))
    sendToRank(turn, quorum.leader, { _tag: 'MMonHealthChecks', version: 1n, healthChecks })
  if (shouldIncreaseMax(globalIds, BigInt(world.options.int('mon_globalid_prealloc'))))
    sendToRank(turn, quorum.leader, { _tag: 'MMonGlobalID', version: 0n, oldMaxId: globalIds.max })
}
