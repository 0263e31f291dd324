/** Ids for new OSDs. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::_allocate_osd_id, do_osd_create, validate_osd_create. */
import * as E from 'fp-ts/lib/Either.js'
import { withEntry } from '../../base/ordered.ts'
import { setDeviceClass } from '../../map/crush/class-edit.ts'
import { OSD_STATE, OSD_WEIGHT_IN } from '../../map/osd-map/constant.ts'
import { osdExists, type OsdMap } from '../../map/osd-map/osd-map.ts'
import type { CommandReply, ServicePendings, World } from '../contract.ts'
import { ERRNO } from '../errno.ts'
import { failed } from '../reply.ts'
import { crushDraft, withCrush } from './crush-change.ts'
import { withInc } from './pending.ts'
import type { OsdmapPending } from './state.ts'

/** The OSD with that uuid, which a fresh one has not. */
export const osdOfUuid = (map: OsdMap, uuid: string): number | undefined => {
  const osd = map.osds.findIndex((slot, id) => slot.uuid === uuid && osdExists(map, id))
  return osd < 0 ? undefined : osd
}

/** What is wrong with creating an OSD; the id of the one that exists already; or undefined: go on. */
export const checkNewOsd = (
  world: World,
  pendings: ServicePendings,
  uuid: string,
  id: number | undefined,
  mayExist: boolean,
): E.Either<CommandReply | 'RetryAfterCommit', number | undefined> => {
  const { map } = world.committed.osdmap
  const { inc } = pendings.osdmap
  if ([...inc.newUuid.values()].includes(uuid)) return E.left('RetryAfterCommit')
  const existing = osdOfUuid(map, uuid)
  if (existing !== undefined)
    return id !== undefined && id !== existing
      ? E.left(failed(ERRNO.EEXIST, `uuid ${uuid} already in use for different id ${existing}`))
      : E.right(existing)
  if (id === undefined) return E.right(undefined)
  // Differs: the original believes any id, and ends when it has no memory for as many OSDs.
  const limit = world.options.int('mon_max_osd')
  if (id >= limit)
    return E.left(failed(ERRNO.ERANGE, `cannot create osd.${id}: ids are below conf.mon_max_osd (${limit})`))
  if (inc.newState.has(id)) return E.left('RetryAfterCommit')
  return !mayExist && osdExists(map, id)
    ? E.left(failed(ERRNO.EINVAL, `id ${id} already in use and does not match uuid ${uuid}`))
    : E.right(undefined)
}

/** The lowest id that is free, now and in what is pending. */
export const freeOsdId = (map: OsdMap, pending: OsdmapPending): number => {
  const { inc } = pending
  for (const osd of map.osds.keys())
    if (!osdExists(map, osd) && !inc.newUpClient.has(osd) && !inc.newWeight.has(osd)) return osd
  return inc.newMaxOsd < 0 ? map.osds.length : inc.newMaxOsd
}

/**
 * `pending` with a new OSD. A weight brings it into existence; its state says only that it is new.
 */
export const withNewOsd = (
  world: World,
  pendings: ServicePendings,
  osd: number,
  uuid: string | undefined,
  deviceClass = '',
): OsdmapPending => {
  const { map } = world.committed.osdmap
  const classed = deviceClass === '' ? pendings.osdmap : withClass(world, pendings, osd, deviceClass)
  const { inc } = classed
  const max = Math.max(map.osds.length, inc.newMaxOsd)
  return withInc(classed, {
    ...(max <= osd ? { newMaxOsd: osd + 1 } : {}),
    newWeight: withEntry(inc.newWeight, osd, OSD_WEIGHT_IN),
    newState: withEntry(inc.newState, osd, (inc.newState.get(osd) ?? 0) | OSD_STATE.NEW),
    ...(uuid === undefined ? {} : { newUuid: withEntry(inc.newUuid, osd, uuid) }),
  })
}

// An OSD that has another class keeps it: the request may be a repeated one.
const withClass = (world: World, pendings: ServicePendings, osd: number, name: string): OsdmapPending => {
  const draft = crushDraft(world, pendings)
  draft.maxDevices = Math.max(draft.maxDevices, osd + 1)
  if (!draft.itemNames.has(osd)) draft.itemNames.set(osd, `osd.${osd}`)
  if (draft.deviceClasses.has(osd)) return pendings.osdmap
  setDeviceClass(draft, osd, name)
  return withCrush(pendings.osdmap, draft)
}
