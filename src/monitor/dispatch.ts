/**
 * Messages to their handlers, after the checks that do not depend on what the message says.
 *
 * Clients may talk to a monitor outside a quorum for a while; after that they are turned away, so that they find
 * one that is in it. Messages that only monitors send are taken from monitors only.
 *
 * Source: ceph src/mon/Monitor.cc _ms_dispatch, dispatch_op, waitlist_or_zap_client.
 */
import { isCapable } from '../auth/mon-cap.ts'
import { ENTITY_TYPE, printEntityName } from '../codec/type/entity-name.ts'
import { monMapBytes } from '../map/mon-map/mon-map.ts'
import type { Message } from '../message/message.ts'
import { SYNC_OP } from '../message/mon-sync.ts'
import type { Request, ServiceName } from '../service/contract.ts'
import { handleProbe } from './bootstrap.ts'
import { handleCommand } from './command.ts'
import { handleElection } from './election-link.ts'
import { handleForward, handleRoute } from './forward.ts'
import { handlePaxos } from './paxos-link.ts'
import { handleMonPing } from './ping.ts'
import { isReadable } from './proposal.ts'
import { dispatchToService, wait } from './request.ts'
import { closeSession } from './session.ts'
import { handleSubscribe } from './subscription.ts'
import { handleGetChunk, handleGetCookie } from './sync/provider.ts'
import { handleSyncAnswer } from './sync/requester.ts'
import { handleTell } from './tell.ts'
import { handleTimecheck } from './timecheck.ts'
import type { Turn } from './turn.ts'

/** Messages that belong to a service, besides commands. */
const SERVICE_OF: ReadonlyMap<Message['_tag'], ServiceName> = new Map<Message['_tag'], ServiceName>([
  ['MAuth', 'auth'],
  ['MMonGlobalID', 'auth'],
  ['MMonGetOSDMap', 'osdmap'],
  ['MPoolOp', 'osdmap'],
  ['MOSDBeacon', 'osdmap'],
  ['MOSDMarkMeDown', 'osdmap'],
  ['MOSDMarkMeDead', 'osdmap'],
  ['MOSDFull', 'osdmap'],
  ['MOSDFailure', 'osdmap'],
  ['MOSDBoot', 'osdmap'],
  ['MOSDAlive', 'osdmap'],
  ['MOSDPGTemp', 'osdmap'],
  ['MOSDPGCreated', 'osdmap'],
  ['MRemoveSnaps', 'osdmap'],
  ['MMonGetPurgedSnaps', 'osdmap'],
  ['MOSDPGReadyToMerge', 'osdmap'],
  ['MMDSBeacon', 'mdsmap'],
  ['MMDSLoadTargets', 'mdsmap'],
  ['MMgrBeacon', 'mgr'],
  ['MMonMgrReport', 'mgrstat'],
  ['MStatfs', 'mgrstat'],
  ['MGetPoolStats', 'mgrstat'],
  ['MLog', 'logm'],
  ['MGetConfig', 'config'],
])

/** Of these only the sender's being a monitor counts. */
const MON_SERVICE_OF: ReadonlyMap<Message['_tag'], ServiceName> = new Map<Message['_tag'], ServiceName>([
  ['MMonJoin', 'monmap'],
  ['MMonHealthChecks', 'health'],
])

/** A request, new or taken up again. `session.id` of a routed or own request is negative. */
export const dispatch = (turn: Turn, request: Request): void => {
  const { session, message } = request
  const fromMon = session.peerType === ENTITY_TYPE.mon
  if (!session.isRouted && session.id >= 0 && !turn.state.sessions.has(session.id)) return
  if (!fromMon && turn.state.phase === 'synchronizing' && message._tag !== 'MPing') {
    wait(turn, { _tag: 'Quorum' }, request)
    return
  }
  if (handleAnybody(turn, request)) return
  const service = SERVICE_OF.get(message._tag)
  if (service !== undefined) {
    dispatchToService(turn, service, request)
    return
  }
  if (message._tag === 'MMonGetVersion') {
    if (mayRead(request)) handleGetVersion(turn, request)
    return
  }
  if (fromMon) dispatchMon(turn, request)
  else turn.log(1, `dropping ${message._tag} from ${printEntityName(session.identity.entityName)}`)
}

const mayRead = ({ session }: Request): boolean =>
  isCapable(session.identity.caps, {
    service: 'mon',
    opR: true,
    entity: session.identity.entityName,
    address: session.socketAddr,
  })

/** Messages that need no capability, or check their own. True when it was one. */
const handleAnybody = (turn: Turn, request: Request): boolean => {
  const { session, message } = request
  switch (message._tag) {
    case 'MPing':
    case 'MCommand':
      handleTell(turn, request)
      return true
    case 'MMonGetMap':
      turn.send(session.id, { _tag: 'MMonMap', monmapBytes: monMapBytes(turn.state.monmap) }, request.tid)
      return true
    default:
  }
  if (mustReconnect(turn, request)) return true
  switch (message._tag) {
    case 'MMonSubscribe':
      handleSubscribe(turn, session.id, message)
      return true
    case 'MMonCommand':
      handleCommand(turn, request, message)
      return true
    default:
      return false
  }
}

/**
 * A client that may be one of those that reclaim their id without proof is made to show it: it has to reconnect.
 *
 * Source: option auth_expose_insecure_global_id_reclaim.
 */
const mustReconnect = (turn: Turn, { session }: Request): boolean => {
  if (session.identity.globalIdStatus !== 'NEW_NOT_EXPOSED') return false
  if (!turn.state.config.options.bool('auth_expose_insecure_global_id_reclaim')) return false
  turn.emit({
    _tag: 'CloseConnection',
    connection: session.id,
    reason: 'may omit its old ticket; must reconnect',
  })
  closeSession(turn, session.id)
  return true
}

const VERSIONED: ReadonlyMap<string, ServiceName> = new Map([
  ['mdsmap', 'mdsmap'],
  ['fsmap', 'mdsmap'],
  ['osdmap', 'osdmap'],
  ['monmap', 'monmap'],
])

const handleGetVersion = (turn: Turn, request: Request): void => {
  const { message, session, tid } = request
  if (message._tag !== 'MMonGetVersion') return
  const service = VERSIONED.get(message.what)
  if (service === undefined) {
    turn.log(0, `invalid map type ${message.what}`)
    return
  }
  if (!isReadable(turn, service)) {
    wait(turn, { _tag: 'Readable', service, version: 0n }, request)
    return
  }
  const { lastCommitted, firstCommitted } = turn.state.services[service]
  turn.send(
    session.id,
    {
      _tag: 'MMonGetVersionReply',
      handle: message.handle,
      version: lastCommitted,
      oldestVersion: firstCommitted,
    },
    tid,
  )
}

/** What only monitors say to each other. */
const dispatchMon = (turn: Turn, request: Request): void => {
  const { session, message } = request
  const service = MON_SERVICE_OF.get(message._tag)
  if (service !== undefined) {
    dispatchToService(turn, service, request)
    return
  }
  switch (message._tag) {
    case 'MMonProbe':
      handleProbe(turn, session.id, message)
      return
    case 'MMonElection':
      handleElection(turn, session.id, message)
      return
    case 'MMonPaxos':
      handlePaxos(turn, session.id, message)
      return
    case 'MMonPing':
      handleMonPing(turn, session.id, message)
      return
    case 'MTimeCheck2':
      handleTimecheck(turn, session.id, message)
      return
    case 'MForward': {
      const forwarded = handleForward(turn, session.id, message)
      if (forwarded !== undefined) turn.defer({ _tag: 'Dispatch', request: forwarded })
      return
    }
    case 'MRoute':
      handleRoute(turn, message)
      return
    case 'MMonSync':
      if (message.op === SYNC_OP.GET_COOKIE_FULL || message.op === SYNC_OP.GET_COOKIE_RECENT)
        handleGetCookie(turn, session.id, message)
      else if (message.op === SYNC_OP.GET_CHUNK) handleGetChunk(turn, session.id, message)
      else handleSyncAnswer(turn, session.id, message)
      return
    default:
      turn.log(1, `dropping unexpected ${message._tag} from rank ${session.num}`)
  }
}
