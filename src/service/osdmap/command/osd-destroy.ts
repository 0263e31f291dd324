/** `osd destroy-actual`, `osd purge-actual`, `osd purge-new`. Source: ceph src/mon/OSDMonitor.cc prepare_command_osd_destroy, prepare_command_osd_purge. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { withEntry } from '../../../base/ordered.ts'
import { UUID_ZERO } from '../../../codec/type/uuid.ts'
import { removeItem } from '../../../map/crush/edit.ts'
import { OSD_STATE } from '../../../map/osd-map/constant.ts'
import { osdExists, osdIsDestroyed, osdIsUp, osdOf } from '../../../map/osd-map/osd-map.ts'
import { CephBool, CephInt, updateWith } from '../../args.ts'
import type { CommandHandler, ServicePendings, World } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { crushDraft, crushFailure, withCrush } from '../crush-change.ts'
import { removeOsdSecrets } from '../osd-secret.ts'
import { withInc } from '../pending.ts'
import { withoutOsd } from './osd-state.ts'

const Args = t.partial({ id: CephInt, yes_i_really_mean_it: CephBool })

const WARNING =
  "Are you SURE?  Did you verify with 'ceph osd safe-to-destroy'?  " +
  'This will mean real, permanent data loss, as well as deletion of cephx and lockbox keys. ' +
  'Pass --yes-i-really-mean-it if you really do.'

type Kind = 'destroy' | 'purge' | 'purge-new'

const destroyer = (kind: Kind): CommandHandler => ({
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ id, yes_i_really_mean_it: sure = false }) => {
      const { map } = world.committed.osdmap
      if (id === undefined) return answered(request, failed(ERRNO.EINVAL, 'no osd id specified'))
      if (!sure) return answered(request, failed(ERRNO.EPERM, WARNING))
      if (!osdExists(map, id)) return answered(request, done(`osd.${id} does not exist`))
      if (osdIsUp(map, id)) return answered(request, failed(ERRNO.EBUSY, `osd.${id} is not \`down\`.`))
      if (kind === 'destroy' && osdIsDestroyed(map, id)) return answered(request, done(`destroyed osd.${id}`))
      if (kind === 'purge-new' && (osdOf(map, id).state & OSD_STATE.NEW) === 0)
        return answered(request, failed(ERRNO.EPERM, `osd.${id} is not new`))
      if (kind === 'destroy')
        return prepared(request, destroyOsd(world, pendings, id), done(`destroyed osd.${id}`))
      const draft = crushDraft(world, pendings)
      const removed = removeItem(draft, id, false)
      if (E.isLeft(removed) && removed.left !== 'ENOENT')
        return answered(request, crushFailure(removed.left, `error removing osd.${id} from crush`))
      const destroyed = osdIsDestroyed(map, id) ? pendings : destroyOsd(world, pendings, id)
      const osdmap = withCrush(withoutOsd(world, destroyed.osdmap, id), draft)
      const { auth, kv } = destroyed
      return prepared(request, { osdmap, auth, kv }, done(`purged osd.${id}`))
    }),
})

// Its id stays, and its place in CRUSH, for whatever replaces it; its keys go.
const destroyOsd = (
  world: World,
  pendings: ServicePendings,
  id: number,
): Pick<ServicePendings, 'osdmap' | 'auth' | 'kv'> => {
  const { inc } = pendings.osdmap
  return {
    ...removeOsdSecrets(world, pendings, id, osdOf(world.committed.osdmap.map, id).uuid),
    osdmap: withInc(pendings.osdmap, {
      newState: withEntry(inc.newState, id, OSD_STATE.DESTROYED),
      newUuid: withEntry(inc.newUuid, id, UUID_ZERO),
    }),
  }
}

export const osdDestroy = destroyer('destroy')
export const osdPurge = destroyer('purge')
export const osdPurgeNew = destroyer('purge-new')
