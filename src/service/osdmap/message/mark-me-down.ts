/** An OSD that stops says so. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::preprocess_mark_me_down, prepare_mark_me_down. */
import { withEntry } from '../../../base/ordered.ts'
import { ENTITY_TYPE } from '../../../codec/type/entity-name.ts'
import { sameAddrvec } from '../../../codec/type/entity-addr.ts'
import { OSD_STATE } from '../../../map/osd-map/constant.ts'
import { NO_OSD, osdIsDown, osdIsUp, osdOf } from '../../../map/osd-map/osd-map.ts'
import type { MOSDMarkMeDown } from '../../../message/osd-mark-me-down.ts'
import type { Request, ServiceEffect } from '../../contract.ts'
import { canMarkDown } from '../may-mark.ts'
import { withInc } from '../pending.ts'
import { ignored, type MessageHandler, NEEDS_UPDATE } from './handler.ts'
import { clusterLog, isOurs, mayActAsOsd } from './sender.ts'

// The answer is the same message, which does not ask for one.
const acknowledged = (request: Request, m: MOSDMarkMeDown): readonly ServiceEffect[] =>
  m.requestAck
    ? [{ _tag: 'Reply', request, message: { ...m, version: 0n, requestAck: false, downAndDead: false } }]
    : [{ _tag: 'NoReply', request }]

export const osdMarkMeDown: MessageHandler = {
  query: (world, request) => {
    const m = request.message
    if (m._tag !== 'MOSDMarkMeDown') return ignored(request)
    const answered = { _tag: 'Answered', effects: acknowledged(request, m) } as const
    const { session } = request
    if (!mayActAsOsd(session) || !isOurs(world, m.fsid) || session.peerType !== ENTITY_TYPE.osd)
      return answered
    const { map } = world.committed.osdmap
    const slot = map.osds[m.targetOsd] ?? NO_OSD
    if (!osdIsUp(map, m.targetOsd) || !sameAddrvec(slot.clientAddrs, m.targetAddrs)) return answered
    const inc = { newState: new Map<number, number>(), newUpClient: new Map() }
    return canMarkDown(world.options, map, inc, m.targetOsd) ? NEEDS_UPDATE : answered
  },
  update: (world, pendings, request) => {
    const m = request.message
    const { map } = world.committed.osdmap
    if (m._tag !== 'MOSDMarkMeDown' || osdIsDown(map, m.targetOsd)) return ignored(request)
    const { inc } = pendings.osdmap
    const { xinfo } = osdOf(map, m.targetOsd)
    const dead = m.downAndDead
      ? {
          newXinfo: withEntry(inc.newXinfo, m.targetOsd, {
            ...(inc.newXinfo.get(m.targetOsd) ?? xinfo),
            deadEpoch: m.epoch,
          }),
        }
      : {}
    const osdmap = withInc(pendings.osdmap, {
      newState: withEntry(inc.newState, m.targetOsd, OSD_STATE.UP),
      ...dead,
    })
    const text = `osd.${m.targetOsd} marked itself ${m.downAndDead ? 'down and dead' : 'down'}`
    return {
      _tag: 'Prepared',
      pendings: { osdmap },
      effects: [clusterLog('info', text)],
      afterCommit: acknowledged(request, m),
    }
  },
}

/** An OSD whose process is gone and that is down already. Source: OSDMonitor::prepare_mark_me_dead. */
export const osdMarkMeDead: MessageHandler = {
  query: (world, request) => {
    const m = request.message
    if (m._tag !== 'MOSDMarkMeDead' || !mayActAsOsd(request.session) || !isOurs(world, m.fsid))
      return ignored(request)
    const { map } = world.committed.osdmap
    const isDown = map.osds[m.targetOsd] !== undefined && osdIsDown(map, m.targetOsd)
    return isDown && request.session.peerType === ENTITY_TYPE.osd ? NEEDS_UPDATE : ignored(request)
  },
  update: (world, pendings, request) => {
    const m = request.message
    if (m._tag !== 'MOSDMarkMeDead') return ignored(request)
    const { inc } = pendings.osdmap
    const xinfo = inc.newXinfo.get(m.targetOsd) ?? osdOf(world.committed.osdmap.map, m.targetOsd).xinfo
    const osdmap = withInc(pendings.osdmap, {
      newXinfo: withEntry(inc.newXinfo, m.targetOsd, { ...xinfo, deadEpoch: m.epoch }),
    })
    return {
      _tag: 'Prepared',
      pendings: { osdmap },
      effects: [clusterLog('info', `osd.${m.targetOsd} marked itself dead as of e${m.epoch}`)],
      afterCommit: [{ _tag: 'NoReply', request }],
    }
  },
}
