/**
 * After a commit: every service reads what is new in the store, and subscribers hear of it.
 *
 * Source: ceph src/mon/Monitor.cc Monitor::refresh_from_paxos; src/mon/Paxos.cc Paxos::do_refresh.
 */
import * as E from 'fp-ts/lib/Either.js'
import { withCommittedMax } from '../auth/global-id.ts'
import { decodeFrom } from '../codec/reader.ts'
import { decodeMonMap } from '../map/mon-map/mon-map.ts'
import type { Written } from '../paxos/event.ts'
import {
  SERVICE_ORDER,
  type ServiceEffect,
  type ServiceName,
  type ServiceStates,
  type World,
} from '../service/contract.ts'
import { SERVICES } from '../service/registry.ts'
import { putU64 } from '../store/transaction.ts'
import { invariant } from '../base/assert.ts'
import { adoptOwnConfig } from './own-options.ts'
import { runServiceEffects } from './service-effect.ts'
import { pushSubscriptions } from './subscription.ts'
import { endCopy, isHalfCopied } from './sync/drop.ts'
import type { Turn } from './turn.ts'
import { worldOf } from './world.ts'

const refreshOne = <N extends ServiceName>(world: World, name: N): ServiceStates[N] => {
  const service = SERVICES[name]
  return service.updateFromPaxos(world, world.committed[name])
}

const effectsOf = <N extends ServiceName>(
  world: World,
  name: N,
  before: ServiceStates[N],
): readonly ServiceEffect[] => SERVICES[name].afterRefresh?.(world, before) ?? []

/** Reads every service from the store; tells which have changed. */
export const refreshServices = (turn: Turn): ReadonlySet<ServiceName> => {
  const changed = new Set<ServiceName>()
  for (const name of SERVICE_ORDER) {
    const before = turn.state.services[name]
    const after = refreshOne(worldOf(turn), name)
    if (after === before) continue
    changed.add(name)
    turn.update({ services: { ...turn.state.services, [name]: after } })
    turn.log(10, `updated ${name} to ${after.lastCommitted}`)
    if (name === 'monmap') adoptCommittedMonmap(turn)
    writeLocally(turn, name)
    runServiceEffects(turn, effectsOf(worldOf(turn), name, before))
  }
  if (changed.has('config')) adoptOwnConfig(turn)
  return changed
}

// What a service notes in this monitor's store alone; lost with the power, it is written again.
const writeLocally = (turn: Turn, name: ServiceName): void => {
  const ops = SERVICES[name].localOps?.(worldOf(turn)) ?? []
  if (ops.length > 0) turn.commit(ops, false)
}

const adoptCommittedMonmap = (turn: Turn): void => {
  const { services, store, monmap } = turn.state
  const bytes = store.get('monmap', services.monmap.lastCommitted.toString())
  if (bytes === undefined) return
  const decoded = decodeFrom(decodeMonMap, bytes)
  invariant(E.isRight(decoded), `monmap ${services.monmap.lastCommitted} in the store cannot be decoded`)
  if (decoded.right.epoch > monmap.epoch) turn.update({ monmap: decoded.right })
}

/** The Refresh that Paxos asked for. A new monmap ends the quorum: everybody probes again under the new one. */
export const runRefresh = (
  turn: Turn,
  then: ({ readonly _tag: 'RefreshDone' } & Written) | undefined,
): void => {
  const epochBefore = turn.state.monmap.epoch
  const changed = refreshServices(turn)
  if (changed.has('auth')) noteMaxGlobalId(turn)
  if (changed.size > 0) pushSubscriptions(turn, changed)
  noteJoined(turn)
  noteHistory(turn)
  if (then !== undefined) turn.defer({ _tag: 'Paxos', event: { ...then, now: turn.now } })
  if (turn.state.monmap.epoch > epochBefore)
    turn.defer({ _tag: 'Bootstrap', reason: `monmap epoch ${turn.state.monmap.epoch} was committed` })
}

/** Ids may be given out below the committed maximum. */
export const noteMaxGlobalId = (turn: Turn): void => {
  const { globalIds, services } = turn.state
  turn.update({ globalIds: withCommittedMax(globalIds, services.auth.maxGlobalId) })
}

/** From the first committed monmap that names us we are a member for good. */
const noteJoined = (turn: Turn): void => {
  const { hasEverJoined, monmap, config } = turn.state
  if (hasEverJoined || monmap.epoch === 0 || !monmap.mons.has(config.name)) return
  turn.update({ hasEverJoined: true })
  turn.commit([putU64('monitor', 'joined', 1n)], true)
}

// A copy may turn out not to be needed: the quorum told this monitor everything. What it accepts from now on must not
// be dropped at its next start.
const noteHistory = (turn: Turn): void => {
  const { paxos, store } = turn.state
  if (paxos.stored.lastCommitted > 0n && isHalfCopied(store)) endCopy(turn)
}
