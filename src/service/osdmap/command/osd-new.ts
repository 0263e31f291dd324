/** `osd create`, `osd new`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_osd_create, prepare_command_osd_new. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { withEntry } from '../../../base/ordered.ts'
import { isUuid } from '../../../codec/type/uuid.ts'
import { OSD_STATE } from '../../../map/osd-map/constant.ts'
import { osdExists, osdIsDestroyed, osdOf } from '../../../map/osd-map/osd-map.ts'
import { CephInt, CephString, updateWith } from '../../args.ts'
import type {
  Command,
  CommandHandler,
  CommandReply,
  Request,
  ServicePendings,
  UpdateResult,
  World,
} from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, failed, prepared } from '../../reply.ts'
import { checkNewOsd, freeOsdId, withNewOsd } from '../new-osd.ts'
import { addOsdSecrets, type OsdParams, readOsdParams, secretsOf } from '../osd-secret.ts'
import { linesOrJson } from '../output.ts'
import { withInc } from '../pending.ts'
import type { OsdmapPending } from '../state.ts'

const Args = t.partial({ uuid: CephString, id: CephInt })

const created = (command: Command, id: number): CommandReply =>
  linesOrJson(
    command,
    () => ({ osdid: id }),
    () => id.toString(),
  )

/** The old form. Without a uuid every call makes one more OSD, and the id is not looked at. */
export const osdCreate: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ uuid, id: asked }) => {
      const { map } = world.committed.osdmap
      if (asked !== undefined && asked < 0)
        return answered(request, failed(ERRNO.EINVAL, `invalid osd id value '${asked}'`))
      if (uuid !== undefined && !isUuid(uuid))
        return answered(request, failed(ERRNO.EINVAL, `invalid uuid value '${uuid}'`))
      const id = uuid === undefined ? undefined : asked
      if (id !== undefined && osdIsDestroyed(map, id))
        return answered(
          request,
          failed(ERRNO.EINVAL, 'ceph osd create has been deprecated. Please use ceph osd new instead.'),
        )
      const existing = uuid === undefined ? E.right(undefined) : checkNewOsd(world, pendings, uuid, id, false)
      if (E.isLeft(existing)) return refused(request, existing.left)
      if (existing.right !== undefined) return answered(request, created(command, existing.right))
      const osd = id ?? freeOsdId(map, pendings.osdmap)
      return prepared(request, { osdmap: withNewOsd(world, pendings, osd, uuid) }, created(command, osd))
    }),
}

const refused = (request: Request, why: CommandReply | 'RetryAfterCommit'): UpdateResult =>
  why === 'RetryAfterCommit' ? { _tag: 'RetryAfterCommit' } : answered(request, why)

/** Makes an OSD for a uuid, in place of a destroyed one when its id is given, with the keys of the input. */
export const osdNew: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ uuid, id }) => {
      const params = readOsdParams(command.input)
      if (E.isLeft(params)) return answered(request, params.left)
      if (uuid === undefined)
        return answered(request, failed(ERRNO.EINVAL, "requires the OSD's UUID to be specified."))
      if (!isUuid(uuid)) return answered(request, failed(ERRNO.EINVAL, `invalid UUID value '${uuid}'.`))
      if (id !== undefined && id < 0)
        return answered(request, failed(ERRNO.EINVAL, 'invalid OSD id; must be greater or equal than zero.'))
      return makeOsd({ world, pendings, request, command, uuid, params: params.right }, id)
    }),
}

interface Making {
  readonly world: World
  readonly pendings: ServicePendings
  readonly request: Request
  readonly command: Command
  readonly uuid: string
  readonly params: OsdParams
}

const makeOsd = (making: Making, asked: number | undefined): UpdateResult => {
  const { world, pendings, request, command, uuid, params } = making
  const { map } = world.committed.osdmap
  const isReplacement = asked !== undefined && osdIsDestroyed(map, asked)
  const existing = checkNewOsd(world, pendings, uuid, asked, isReplacement)
  if (E.isLeft(existing)) return refused(request, existing.left)
  if (existing.right === undefined && asked !== undefined && osdExists(map, asked) && !isReplacement)
    return answered(request, failed(ERRNO.EINVAL, `OSD ${asked} has not yet been destroyed`))
  const id = existing.right ?? asked ?? freeOsdId(map, pendings.osdmap)
  const secrets = secretsOf(params)
  if (E.isLeft(secrets)) return answered(request, secrets.left)
  const keys =
    secrets.right === undefined ? E.right(undefined) : addOsdSecrets(world, pendings, id, uuid, secrets.right)
  if (E.isLeft(keys)) return answered(request, keys.left)
  if (existing.right !== undefined)
    return keys.right?.isNew === true
      ? answered(request, failed(ERRNO.EEXIST, `osd.${id} exists but secrets do not match`))
      : answered(request, created(command, id))
  const osdmap = isReplacement
    ? withReplacement(world, pendings.osdmap, id, uuid)
    : withNewOsd(world, pendings, id, uuid, params['crush_device_class'])
  return prepared(request, { osdmap, ...keys.right?.pendings }, created(command, id))
}

const withReplacement = (world: World, pending: OsdmapPending, id: number, uuid: string): OsdmapPending => {
  const { state } = osdOf(world.committed.osdmap.map, id)
  const flips =
    OSD_STATE.DESTROYED |
    ((state & OSD_STATE.NEW) === 0 ? OSD_STATE.NEW : 0) |
    ((state & OSD_STATE.UP) === 0 ? 0 : OSD_STATE.UP)
  const { newState, newUuid } = pending.inc
  return withInc(pending, {
    newState: withEntry(newState, id, (newState.get(id) ?? 0) | flips),
    newUuid: withEntry(newUuid, id, uuid),
  })
}
