/**
 * What has to be looked at now and then: sessions, services, trimming.
 *
 * Source: ceph src/mon/Monitor.cc Monitor::tick.
 */
import { ENTITY_TYPE } from '../codec/type/entity-name.ts'
import { SERVICE_ORDER } from '../service/contract.ts'
import { SERVICES } from '../service/registry.ts'
import { logDelayedHealth } from './health-log.ts'
import { isWriteable, maybeTrim } from './proposal.ts'
import { tickPeon } from './peon-tick.ts'
import { tickRefusals } from './refusal-log.ts'
import { applyUpdate } from './request.ts'
import { closeSession, expireSessions } from './session.ts'
import { trimProviders } from './sync/provider.ts'
import type { Turn } from './turn.ts'
import { worldOf } from './world.ts'

export const tick = (turn: Turn): void => {
  const { options } = turn.state.config
  turn.emit({ _tag: 'StartTimer', timer: 'tick', ms: options.ms('mon_tick_interval') })
  // For the next tick: nobody waits for the answer.
  turn.emit({ _tag: 'MeasureDisk' })
  if (turn.state.phase === 'leader') logDelayedHealth(turn)
  if (isWriteable(turn)) {
    tickServices(turn)
    maybeTrim(turn)
  }
  tickPeon(turn)
  expireSessions(turn)
  sendClientsElsewhere(turn)
  trimProviders(turn)
  tickRefusals(turn)
}

const tickServices = (turn: Turn): void => {
  for (const name of SERVICE_ORDER) {
    const { pendings } = turn.state
    const result = pendings === undefined ? undefined : SERVICES[name].tick?.(worldOf(turn), pendings)
    if (result !== undefined) applyUpdate(turn, undefined, result)
  }
}

// Twice the lease: a quorum that still stands has had time to take us back.
const PATIENCE_LEASES = 2

/** Out of quorum for too long: clients are better served by another monitor. */
const sendClientsElsewhere = (turn: Turn): void => {
  const { exitedQuorumMs, config, sessions } = turn.state
  if (exitedQuorumMs === 0 || turn.now <= exitedQuorumMs + PATIENCE_LEASES * config.options.ms('mon_lease'))
    return
  for (const [connection, session] of sessions) {
    if (session.peerType === ENTITY_TYPE.mon) continue
    turn.emit({ _tag: 'CloseConnection', connection, reason: 'out of quorum for too long' })
    closeSession(turn, connection)
  }
}
