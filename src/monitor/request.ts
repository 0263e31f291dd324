/**
 * The way of a request through a service: wait until it can be read, preprocess, forward to the leader, wait until
 * something can be written, prepare. Whoever waits is data in the state and is dispatched again when the condition
 * holds; an election sends everybody back to the start, and forgets what peons had forwarded (they send it again).
 *
 * Limits: WAITERS_MAX requests wait; one more ends its client's session, so that it turns to another monitor. What
 *         they hold in memory is limited in request-bytes.ts.
 *
 * Source: ceph src/mon/PaxosService.cc PaxosService::dispatch.
 */
import { SERVICES } from '../service/registry.ts'
import type {
  QueryResult,
  Request,
  ServiceName,
  ServicePendings,
  UpdateResult,
  World,
} from '../service/contract.ts'
import { ERRNO } from '../service/errno.ts'
import { answer, answered, failed } from '../service/reply.ts'
import { forwardToLeader } from './forward.ts'
import { isReadable, isWriteable, markDirty } from './proposal.ts'
import { makeRoom } from './request-bytes.ts'
import { runServiceEffects } from './service-effect.ts'
import type { Condition } from './state.ts'
import type { Turn } from './turn.ts'
import { worldOf } from './world.ts'

export const WAITERS_MAX = 50_000

export const wait = (turn: Turn, until: Condition, request: Request): void => {
  if (turn.state.waiters.length >= WAITERS_MAX) {
    turn.log(0, `more than ${WAITERS_MAX} requests are waiting; closing the session of the newest`)
    if (!request.session.isRouted)
      turn.emit({
        _tag: 'CloseConnection',
        connection: request.session.id,
        reason: 'too many waiting requests',
      })
    return
  }
  if (!makeRoom(turn, request)) return
  turn.update({ waiters: [...turn.state.waiters, { until, request, sinceMs: turn.now }] })
}

const queryOf = (world: World, service: ServiceName, request: Request): QueryResult => {
  const { command } = request
  if (command === undefined) return SERVICES[service].preprocessQuery(world, request)
  const handler = SERVICES[service].commands.get(command.prefix)
  if (handler === undefined) {
    const reply = failed(ERRNO.ENOTSUP, `command '${command.prefix}' is not implemented by this monitor yet`)
    return { _tag: 'Answered', effects: [answer(request, reply)] }
  }
  const reply = handler.query?.(world, request, command)
  return reply === undefined
    ? { _tag: 'NeedsUpdate' }
    : { _tag: 'Answered', effects: [answer(request, reply)] }
}

const updateOf = (
  world: World,
  service: ServiceName,
  pendings: ServicePendings,
  request: Request,
): UpdateResult => {
  const { command } = request
  if (command === undefined) return SERVICES[service].prepareUpdate(world, pendings, request)
  const update = SERVICES[service].commands.get(command.prefix)?.update
  return update === undefined
    ? answered(request, failed(ERRNO.EINVAL, 'unrecognized command'))
    : update(world, pendings, request, command)
}

/** Version of the service that the sender has seen, from the message's Paxos prefix. */
const versionSeen = (request: Request): bigint =>
  'version' in request.message && typeof request.message.version === 'bigint' ? request.message.version : 0n

/** What a request is called in the log. */
const nameOf = ({ command, message }: Request): string => command?.prefix ?? message._tag

/** Takes a request as far as it can go now. */
export const dispatchToService = (turn: Turn, service: ServiceName, request: Request): void => {
  const { phase } = turn.state
  turn.log(10, `dispatch to ${service}: ${nameOf(request)}`)
  if (phase !== 'leader' && phase !== 'peon') {
    wait(turn, { _tag: 'Quorum' }, request)
    return
  }
  if (!isReadable(turn, service, versionSeen(request))) {
    wait(turn, { _tag: 'Readable', service, version: versionSeen(request) }, request)
    return
  }
  const query = queryOf(worldOf(turn), service, request)
  const outcome = query._tag === 'Answered' ? 'is answered' : 'needs an update'
  turn.log(10, `preprocess ${service}: ${nameOf(request)} ${outcome}`)
  if (query._tag === 'Answered') {
    runServiceEffects(turn, query.effects)
    return
  }
  if (phase === 'peon') {
    forwardToLeader(turn, request)
    return
  }
  const { pendings } = turn.state
  if (pendings === undefined || !isWriteable(turn)) {
    wait(turn, { _tag: 'Writeable' }, request)
    return
  }
  const update = updateOf(worldOf(turn), service, pendings, request)
  const changed = update._tag === 'Prepared' ? Object.keys(update.pendings).join(',') : 'nothing'
  turn.log(10, `prepare ${service}: ${nameOf(request)} changes ${changed}`)
  applyUpdate(turn, request, update)
}

// What a leader only remembers is no reason to propose.
const keepPendings = (turn: Turn, pendings: Partial<ServicePendings> | undefined): void => {
  const now = turn.state.pendings
  if (now !== undefined && pendings !== undefined) turn.update({ pendings: { ...now, ...pendings } })
}

/** Keeps what an update prepared. `request` is undefined for a service's own ticks. */
export const applyUpdate = (turn: Turn, request: Request | undefined, result: UpdateResult): void => {
  switch (result._tag) {
    case 'Answered':
      keepPendings(turn, result.pendings)
      runServiceEffects(turn, result.effects)
      return
    case 'RetryAfterCommit':
      if (result.pendings !== undefined) markDirty(turn, result.pendings, [])
      if (request !== undefined)
        wait(turn, { _tag: 'Committed', version: turn.state.paxos.stored.lastCommitted }, request)
      return
    case 'Prepared':
      markDirty(turn, result.pendings, result.afterCommit)
      runServiceEffects(turn, result.effects)
  }
}
