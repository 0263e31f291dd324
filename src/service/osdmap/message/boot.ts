/**
 * An OSD has started and wants to be up.
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::preprocess_boot, prepare_boot.
 */
import { withEntry } from '../../../base/ordered.ts'
import { isBlankAddr, printAddrvec } from '../../../codec/type/entity-addr.ts'
import { encodeStringMap } from '../../../codec/type/string-map.ts'
import { UUID_ZERO } from '../../../codec/type/uuid.ts'
import { encoded } from '../../../codec/writer.ts'
import { FEATURE, type FeatureName } from '../../../map/feature.ts'
import { OSD_STATE, OSD_WEIGHT_IN, OSDMAP_FLAG } from '../../../map/osd-map/constant.ts'
import type { OsdXinfo } from '../../../map/osd-map/osd-info.ts'
import { NO_OSD, osdExists, osdIsUp, osdOf, type OsdMap } from '../../../map/osd-map/osd-map.ts'
import { RELEASE } from '../../../map/release.ts'
import type { MOSDBoot } from '../../../message/osd-boot.ts'
import type { QueryResult, Request, ServicePendings, UpdateResult, World } from '../../contract.ts'
import { canMarkIn, canMarkUp } from '../may-mark.ts'
import { withInc } from '../pending.ts'
import type { OsdmapPending } from '../state.ts'
import { ignored, type MessageHandler, NEEDS_UPDATE } from './handler.ts'
import {
  answeredWithMaps,
  clusterLog,
  isKnownSender,
  isOurs,
  osdOfRequest,
  proposedWithMaps,
  sameLegacyAddrs,
} from './sender.ts'

const REQUIRED: readonly FeatureName[] = [
  'SERVER_LUMINOUS',
  'SERVER_JEWEL',
  'SERVER_KRAKEN',
  'OSD_RECOVERY_DELETES',
]

// Why an OSD may not boot into this map.
const disallowed = (map: OsdMap, features: bigint): string | undefined => {
  const has = (name: FeatureName): boolean => (features & FEATURE[name]) === FEATURE[name]
  const missing = REQUIRED.filter((name) => !has(name))
  if (missing.length > 0)
    return `because the osd lacks ${missing.map((name) => `CEPH_FEATURE_${name}`).join(';')}`
  if (has('SERVER_OCTOPUS') && map.requireOsdRelease < RELEASE.mimic)
    return 'because require_osd_release < mimic'
  if (has('SERVER_PACIFIC') && map.requireOsdRelease < RELEASE.nautilus)
    return 'because require_osd_release < nautilus'
  if ((map.flags & OSDMAP_FLAG.PGLOG_HARDLIMIT) !== 0 && !has('OSD_PGLOG_HARDLIMIT'))
    return "because 'pglog_hardlimit' osdmap flag is set and OSD lacks the OSD_PGLOG_HARDLIMIT feature"
  if (map.stretchMode.enabled && !has('STRETCH_MODE'))
    return 'because stretch mode is on and OSD lacks support'
  return undefined
}

const nextEpoch = (m: MOSDBoot): number => m.superblock.currentEpoch + 1

const query = (world: World, request: Request, m: MOSDBoot): QueryResult => {
  const { map } = world.committed.osdmap
  const osd = osdOfRequest(request)
  const { addrs } = request.session
  if (osd === undefined || !isOurs(world, m.superblock.clusterFsid)) return ignored(request)
  if (addrs.length === 0 || addrs.every(isBlankAddr)) return ignored(request)
  const refusal = disallowed(map, m.osdFeatures)
  if (refusal !== undefined) {
    const text = `disallowing boot of OSD osd.${osd} ${printAddrvec(addrs)} ${refusal}`
    return { _tag: 'Answered', effects: [clusterLog('info', text), { _tag: 'NoReply', request }] }
  }
  if (isSameBoot(map, osd, request, m)) return answeredWithMaps(request, nextEpoch(m))
  if (!osdExists(map, osd))
    return canMarkUp(map, osd) ? NEEDS_UPDATE : answeredWithMaps(request, nextEpoch(m))
  const { uuid, info } = osdOf(map, osd)
  if (uuid !== UUID_ZERO && uuid !== m.superblock.osdFsid) return ignored(request)
  const isOldNews = BigInt(info.upFrom) > m.version && isKnownSender(map, osd, request)
  return isOldNews || !canMarkUp(map, osd) ? answeredWithMaps(request, nextEpoch(m)) : NEEDS_UPDATE
}

const isSameBoot = (map: OsdMap, osd: number, request: Request, m: MOSDBoot): boolean =>
  osdIsUp(map, osd) &&
  isKnownSender(map, osd, request) &&
  sameLegacyAddrs(osdOf(map, osd).clusterAddrs, m.clusterAddrs)

const update = (world: World, pendings: ServicePendings, request: Request, m: MOSDBoot): UpdateResult => {
  const { map } = world.committed.osdmap
  const pending = pendings.osdmap
  const osd = osdOfRequest(request)
  // max_osd grows when an OSD is created, which comes first.
  if (osd === undefined || osd >= map.osds.length) return ignored(request)
  if (isSameBoot(map, osd, request, m)) return answeredWithMaps(request, nextEpoch(m))
  if (osdIsUp(map, osd)) return downFirst(pending, osd)
  if (pending.inc.newUpClient.has(osd)) return { _tag: 'RetryAfterCommit' }
  const booted = withBoot(world, pending, osd, request, m)
  const text = `osd.${osd} ${printAddrvec(request.session.addrs)} boot`
  return proposedWithMaps(request, { osdmap: booted }, nextEpoch(m), [], [clusterLog('info', text)])
}

// The map has it up elsewhere: that instance goes first. The OSD repeats its boot until it finds itself up.
const downFirst = (pending: OsdmapPending, osd: number): UpdateResult => ({
  _tag: 'Prepared',
  pendings: {
    osdmap: withInc(pending, { newState: withEntry(pending.inc.newState, osd, OSD_STATE.UP) }),
  },
  effects: [],
  afterCommit: [],
})

const withBoot = (
  world: World,
  pending: OsdmapPending,
  osd: number,
  request: Request,
  m: MOSDBoot,
): OsdmapPending => {
  const { map } = world.committed.osdmap
  const { inc } = pending
  const slot = map.osds[osd] ?? NO_OSD
  const exists = osdExists(map, osd)
  const { superblock } = m
  const lost = superblock.newestMap === 0 && exists && slot.info.upFrom > slot.info.lostAt
  const clean = cleanInterval(slot.info, superblock)
  const xinfo = bootXinfo(world, inc.newXinfo.get(osd) ?? slot.xinfo, m)
  const marked = marksIn(world, pending, osd)
  const weight = xinfo.oldWeight > 0 ? xinfo.oldWeight : OSD_WEIGHT_IN
  return {
    ...withInc(pending, {
      newUpClient: withEntry(inc.newUpClient, osd, request.session.addrs),
      newUpCluster: withEntry(inc.newUpCluster, osd, m.clusterAddrs),
      newHbBackUp: withEntry(inc.newHbBackUp, osd, m.hbBackAddrs),
      newHbFrontUp: withEntry(inc.newHbFrontUp, osd, m.hbFrontAddrs),
      newXinfo: withEntry(inc.newXinfo, osd, marked ? { ...xinfo, oldWeight: 0 } : xinfo),
      ...(!exists || slot.uuid !== superblock.osdFsid
        ? { newUuid: withEntry(inc.newUuid, osd, superblock.osdFsid) }
        : {}),
      ...(lost ? { newLost: withEntry(inc.newLost, osd, map.epoch) } : {}),
      ...(clean ? { newLastCleanInterval: withEntry(inc.newLastCleanInterval, osd, clean) } : {}),
      ...(marked ? { newWeight: withEntry(inc.newWeight, osd, weight) } : {}),
    }),
    metadata: withEntry(
      pending.metadata,
      osd,
      encoded((w) => encodeStringMap(w, m.metadata)),
    ),
  }
}

const cleanInterval = (
  { lastCleanBegin, lastCleanEnd }: { readonly lastCleanBegin: number; readonly lastCleanEnd: number },
  { mounted, cleanThru }: MOSDBoot['superblock'],
): readonly [number, number] | undefined =>
  mounted > lastCleanBegin || (mounted === lastCleanBegin && cleanThru > lastCleanEnd)
    ? [mounted, cleanThru]
    : undefined

// An OSD that comes back by itself was only slow: the longer it was away, the more patient we are with it.
const bootXinfo = (world: World, xinfo: OsdXinfo, m: MOSDBoot): OsdXinfo => {
  const { options } = world
  const weight = options.float('mon_osd_laggy_weight')
  const features = m.osdFeatures
  if (m.bootEpoch === 0)
    return {
      ...xinfo,
      features,
      laggyProbability: Math.fround(xinfo.laggyProbability * (1 - weight)),
      laggyIntervalSec: Math.trunc(xinfo.laggyIntervalSec * (1 - weight)),
    }
  const maxSec = options.int('mon_osd_laggy_max_interval')
  const awaySec = Math.floor(world.now / 1000) - xinfo.downStamp.sec
  const intervalSec = maxSec > 0 ? Math.min(awaySec, maxSec) : awaySec
  return {
    ...xinfo,
    features,
    laggyProbability: Math.fround(weight + xinfo.laggyProbability * (1 - weight)),
    laggyIntervalSec:
      xinfo.downStamp.sec === 0
        ? xinfo.laggyIntervalSec
        : Math.trunc(intervalSec * weight + xinfo.laggyIntervalSec * (1 - weight)),
  }
}

const marksIn = (world: World, pending: OsdmapPending, osd: number): boolean => {
  const { map } = world.committed.osdmap
  const { options } = world
  const committed = osdExists(map, osd) ? osdOf(map, osd).state : OSD_STATE.NEW
  const state = committed ^ (pending.inc.newState.get(osd) ?? 0)
  const wanted =
    (options.bool('mon_osd_auto_mark_auto_out_in') && (state & OSD_STATE.AUTOOUT) !== 0) ||
    (options.bool('mon_osd_auto_mark_new_in') && (state & OSD_STATE.NEW) !== 0) ||
    options.bool('mon_osd_auto_mark_in')
  return wanted && canMarkIn(map, osd)
}

export const osdBoot: MessageHandler = {
  query: (world, request) =>
    request.message._tag === 'MOSDBoot' ? query(world, request, request.message) : ignored(request),
  update: (world, pendings, request) =>
    request.message._tag === 'MOSDBoot'
      ? update(world, pendings, request, request.message)
      : ignored(request),
}
