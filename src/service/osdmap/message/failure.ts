/** OSDs report one another. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::preprocess_failure, prepare_failure, force_failure. */
import { withEntry } from '../../../base/ordered.ts'
import { ENTITY_TYPE } from '../../../codec/type/entity-name.ts'
import { sameAddrvec } from '../../../codec/type/entity-addr.ts'
import { printLocation } from '../../../map/crush/location.ts'
import { OSD_STATE } from '../../../map/osd-map/constant.ts'
import { osdIsDown, osdIsUp, osdOf } from '../../../map/osd-map/osd-map.ts'
import { type MOSDFailure, OSD_FAILURE } from '../../../message/osd-failure.ts'
import type { QueryResult, Request, ServicePendings, UpdateResult, World } from '../../contract.ts'
import { checkFailure } from '../failure.ts'
import { withFailureReport, withoutFailureReport } from '../leader-notes.ts'
import { canMarkDown } from '../may-mark.ts'
import { withInc, withNotes } from '../pending.ts'
import { ignored, type MessageHandler, NEEDS_UPDATE } from './handler.ts'
import { answeredWithMaps, clusterLog, isKnownSender, isOurs, mayActAsOsd } from './sender.ts'

const isSet = (m: MOSDFailure, flag: number): boolean => (m.flags & flag) !== 0

const query = (world: World, request: Request, m: MOSDFailure): QueryResult => {
  const { map } = world.committed.osdmap
  const { session } = request
  if (!mayActAsOsd(session) || !isOurs(world, m.fsid)) return ignored(request)
  const newerMaps = (): QueryResult => answeredWithMaps(request, m.epoch + 1, [])
  if (session.peerType === ENTITY_TYPE.osd) {
    const reporter = Number(session.num)
    const isFailed = isSet(m, OSD_FAILURE.FAILED)
    if (!isKnownSender(map, reporter, request) || (osdIsDown(map, reporter) && isFailed)) return newerMaps()
  }
  const isStale =
    !osdIsUp(map, m.targetOsd) ||
    !sameAddrvec(osdOf(map, m.targetOsd).clientAddrs, m.targetAddrs) ||
    osdOf(map, m.targetOsd).info.upFrom > m.epoch
  if (isStale) return m.epoch < map.epoch ? newerMaps() : ignored(request)
  const nothing = { newState: new Map<number, number>(), newUpClient: new Map() }
  return canMarkDown(world.options, map, nothing, m.targetOsd) ? NEEDS_UPDATE : ignored(request)
}

const update = (world: World, pendings: ServicePendings, request: Request, m: MOSDFailure): UpdateResult => {
  const target = m.targetOsd
  const reporter = Number(request.session.num)
  const done = { _tag: 'NoReply', request } as const
  const { notes } = pendings.osdmap
  if (!isSet(m, OSD_FAILURE.FAILED))
    return {
      _tag: 'Answered',
      effects: [clusterLog('debug', `osd.${target} failure report canceled by osd.${reporter}`), done],
      pendings: { osdmap: withNotes(pendings.osdmap, withoutFailureReport(notes, target, reporter)) },
    }
  if (isSet(m, OSD_FAILURE.IMMEDIATE)) return refusedConnection(world, pendings, request, target, reporter)
  const sinceMs = world.now - m.failedForSeconds * 1000
  const noted = withNotes(pendings.osdmap, withFailureReport(notes, target, reporter, sinceMs))
  const report = clusterLog('debug', `osd.${target} reported failed by osd.${reporter}`)
  const failed = checkFailure(world, noted, target)
  return failed === undefined
    ? { _tag: 'Answered', effects: [report, done], pendings: { osdmap: noted } }
    : {
        _tag: 'Prepared',
        pendings: { osdmap: failed.pending },
        effects: [report, ...failed.effects, done],
        afterCommit: [],
      }
}

// Nobody listens at its address: it is down for certain, and dead.
const refusedConnection = (
  world: World,
  pendings: ServicePendings,
  request: Request,
  target: number,
  reporter: number,
): UpdateResult => {
  const { map } = world.committed.osdmap
  const { inc } = pendings.osdmap
  const xinfo = inc.newXinfo.get(target) ?? osdOf(map, target).xinfo
  const osdmap = withInc(pendings.osdmap, {
    newState: withEntry(inc.newState, target, OSD_STATE.UP),
    newXinfo: withEntry(inc.newXinfo, target, { ...xinfo, deadEpoch: inc.epoch }),
  })
  return {
    _tag: 'Prepared',
    pendings: { osdmap },
    effects: [
      clusterLog('debug', `osd.${target} reported immediately failed by osd.${reporter}`),
      clusterLog(
        'info',
        `osd.${target} failed (${printLocation(map.crush, target)}) (connection refused reported by osd.${reporter})`,
      ),
      { _tag: 'NoReply', request },
    ],
    afterCommit: [],
  }
}

export const osdFailure: MessageHandler = {
  query: (world, request) =>
    request.message._tag === 'MOSDFailure' ? query(world, request, request.message) : ignored(request),
  update: (world, pendings, request) =>
    request.message._tag === 'MOSDFailure'
      ? update(world, pendings, request, request.message)
      : ignored(request),
}
