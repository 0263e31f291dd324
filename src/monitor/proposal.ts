/**
 * From pending values to a Paxos proposal and back.
 *
 * Updates are prepared only while nothing is being proposed, so every proposal rests on the committed state; whatever
 * arrives meanwhile waits and goes into the next proposal together. When the leader is idle it proposes at once:
 * nobody waits for a timer, and the time a proposal takes is the batching window of the next one. With
 * `monclave_propose_when_idle = false` the original's timing is kept: paxos_min_wait, paxos_propose_interval.
 *
 * Source: ceph src/mon/PaxosService.cc PaxosService::propose_pending, should_propose, maybe_trim.
 */
import { known } from '../base/assert.ts'
import {
  isProposable,
  isReadable as paxosReadable,
  isWriteable as paxosWriteable,
} from '../paxos/readable.ts'
import { trimOps as paxosTrimOps } from '../paxos/trim.ts'
import {
  SERVICE_ORDER,
  type ServiceEffect,
  type ServiceName,
  type ServicePendings,
  type World,
} from '../service/contract.ts'
import { SERVICES } from '../service/registry.ts'
import { erase, putU64, transactionBytes, transactionOf, type Op } from '../store/transaction.ts'
import { excuse, logMistake } from './contain.ts'
import { logProposedHealth } from './health-log.ts'
import { paxosOptions } from './paxos-options.ts'
import { runServiceEffects } from './service-effect.ts'
import type { Turn } from './turn.ts'
import { worldOf } from './world.ts'

/** Whether committed state of at least `version` may be shown to a client now. Source: PaxosService::is_readable. */
export const isReadable = (turn: Turn, service: ServiceName, version = 0n): boolean => {
  const { lastCommitted } = turn.state.services[service]
  return lastCommitted > 0n && version <= lastCommitted && paxosReadable(turn.state.paxos, turn.now)
}

/** Whether an update may be prepared now. */
export const isWriteable = (turn: Turn): boolean =>
  turn.state.phase === 'leader' &&
  turn.state.proposal === undefined &&
  turn.state.pendings !== undefined &&
  paxosWriteable(turn.state.paxos, turn.now)

export const markDirty = (
  turn: Turn,
  pendings: Partial<ServicePendings>,
  afterCommit: readonly ServiceEffect[],
): void => {
  const { state } = turn
  const changed = SERVICE_ORDER.filter((service) => pendings[service] !== undefined)
  turn.update({
    pendings: { ...known(state.pendings, 'pending values of an active leader'), ...pendings },
    dirty: new Set([...state.dirty, ...changed]),
    afterCommit: [...state.afterCommit, ...afterCommit],
  })
}

/** Proposes what is pending, or starts the timer after which that happens. Called at the end of every step. */
export const maybePropose = (turn: Turn): void => {
  const { state } = turn
  if ((state.dirty.size === 0 && !state.mustPropose) || !isWriteable(turn) || !isProposable(state.paxos))
    return
  const delayMs = proposeDelayMs(turn)
  if (delayMs <= 0) propose(turn)
  else if (!state.proposeTimerRunning) {
    turn.update({ proposeTimerRunning: true })
    turn.emit({ _tag: 'StartTimer', timer: 'propose', ms: delayMs })
  }
}

const proposeDelayMs = (turn: Turn): number => {
  const { state } = turn
  const { options } = state.config
  const young = [...state.dirty].some((service) => state.services[service].lastCommitted <= 1n)
  if (young || options.bool('monclave_propose_when_idle') || state.dirty.has('monmap')) return 0
  const sinceMs = turn.now - state.lastCommitMs
  const intervalMs = options.ms('paxos_propose_interval')
  return sinceMs > intervalMs ? options.ms('paxos_min_wait') : intervalMs - sinceMs
}

/**
 * Encodes every changed service and hands the transaction to Paxos. Pending values that cannot be encoded are a
 * mistake of ours; they are given up, with an excuse to who asked for them, rather than ending every leader in turn.
 */
export const propose = (turn: Turn): void => {
  const { state } = turn
  const services = SERVICE_ORDER.filter((service) => state.dirty.has(service))
  turn.log(10, `propose ${services.join(',')}`)
  let encodedOps: readonly Op[]
  try {
    encodedOps = encodeServices(turn, services)
  } catch (error) {
    logMistake(turn, `encoding pending ${services.join(',')}`, error)
    giveUpPending(turn)
    return
  }
  logProposedHealth(turn, encodedOps)
  const ops = [
    ...state.extraOps,
    ...encodedOps,
    ...paxosTrimOps(state.paxos, paxosOptions(state.config.options)),
  ]
  turn.update({
    proposal: { services: new Set(services), afterCommit: state.afterCommit },
    dirty: new Set(),
    afterCommit: [],
    extraOps: [],
    mustPropose: false,
    proposeTimerRunning: false,
  })
  if (state.proposeTimerRunning) turn.emit({ _tag: 'StopTimer', timer: 'propose' })
  const value = transactionBytes(transactionOf(ops))
  turn.defer({ _tag: 'Paxos', event: { _tag: 'Propose', value, now: turn.now } })
}

const encodeServices = (turn: Turn, services: readonly ServiceName[]): readonly Op[] => {
  const world = worldOf(turn)
  return services.flatMap((service) => {
    const serviceOps = encodeService(world, service, turn.state.pendings)
    turn.log(10, `encode ${service}: ${serviceOps.length} operations`)
    return serviceOps
  })
}

const giveUpPending = (turn: Turn): void => {
  const { afterCommit } = turn.state
  const requests = new Set(afterCommit.flatMap((effect) => ('request' in effect ? [effect.request] : [])))
  turn.update({ dirty: new Set(), afterCommit: [] })
  createPendings(turn)
  runServiceEffects(turn, [...requests].map(excuse))
}

const encodeService = <N extends ServiceName>(
  world: World,
  name: N,
  pendings: ServicePendings | undefined,
): readonly Op[] => {
  const service = SERVICES[name]
  return service.encodePending(world, known(pendings, 'pending values of an active leader')[name])
}

/** New pending values on top of what is committed. */
export const createPendings = (turn: Turn): void => {
  const world = worldOf(turn)
  turn.update({
    pendings: {
      mdsmap: SERVICES.mdsmap.createPending(world),
      monmap: SERVICES.monmap.createPending(world),
      osdmap: SERVICES.osdmap.createPending(world, turn.state.pendings?.osdmap),
      logm: SERVICES.logm.createPending(world),
      auth: SERVICES.auth.createPending(world),
      mgr: SERVICES.mgr.createPending(world),
      mgrstat: SERVICES.mgrstat.createPending(world),
      health: SERVICES.health.createPending(world),
      config: SERVICES.config.createPending(world),
      kv: SERVICES.kv.createPending(world),
    },
  })
}

/**
 * Erases old versions of services that have enough of them to make it worth while.
 *
 * Source: ceph src/mon/PaxosService.cc PaxosService::maybe_trim, trim.
 */
export const maybeTrim = (turn: Turn): void => {
  const world = worldOf(turn)
  const ops = SERVICE_ORDER.flatMap((name) => serviceTrimOps(world, turn.state.pendings, name))
  if (ops.length === 0) return
  turn.update({ extraOps: [...turn.state.extraOps, ...ops], mustPropose: true })
}

const serviceTrimOps = <N extends ServiceName>(
  world: World,
  pendings: ServicePendings | undefined,
  name: N,
): readonly Op[] => {
  const service = SERVICES[name]
  const { firstCommitted } = world.committed[name]
  const wanted = service.trimTo?.(world, pendings?.[name]) ?? 0n
  const minimum = BigInt(world.options.int('paxos_service_trim_min'))
  const maximum = BigInt(world.options.int('paxos_service_trim_max'))
  if (firstCommitted === 0n || wanted < firstCommitted + minimum) return []
  const to = wanted - firstCommitted > maximum ? firstCommitted + maximum : wanted
  const ops: Op[] = []
  for (let v = firstCommitted; v < to; v++) {
    ops.push(erase(name, v.toString()))
    if (world.store.has(name, `full_${v}`)) ops.push(erase(name, `full_${v}`))
  }
  return [
    ...ops,
    ...(service.trimExtra?.(world, firstCommitted, to) ?? []),
    putU64(name, 'first_committed', to),
  ]
}
