/** `osd set`, `unset`, `pause`, `unpause`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_set_flag, prepare_unset_flag. */
import * as t from 'io-ts'
import { FEATURE } from '../../../map/feature.ts'
import { OSDMAP_FLAG, osdMapFlagNames } from '../../../map/osd-map/constant.ts'
import { countUpOsds } from '../../../map/osd-map/osd-map.ts'
import { upOsdFeatures } from '../../../map/osd-map/up-features.ts'
import { CephBool, CephString, updateWith } from '../../args.ts'
import type { CommandHandler, Request, ServicePendings, UpdateResult, World } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { withInc } from '../pending.ts'

const PAUSE = OSDMAP_FLAG.PAUSERD | OSDMAP_FLAG.PAUSEWR

/** Flags that may be set and unset; pglog_hardlimit only set. */
const FLAGS: ReadonlyMap<string, number> = new Map([
  ['pause', PAUSE],
  ['noup', OSDMAP_FLAG.NOUP],
  ['nodown', OSDMAP_FLAG.NODOWN],
  ['noout', OSDMAP_FLAG.NOOUT],
  ['noin', OSDMAP_FLAG.NOIN],
  ['nobackfill', OSDMAP_FLAG.NOBACKFILL],
  ['norebalance', OSDMAP_FLAG.NOREBALANCE],
  ['norecover', OSDMAP_FLAG.NORECOVER],
  ['noscrub', OSDMAP_FLAG.NOSCRUB],
  ['nodeep-scrub', OSDMAP_FLAG.NODEEP_SCRUB],
  ['notieragent', OSDMAP_FLAG.NOTIERAGENT],
  ['nosnaptrim', OSDMAP_FLAG.NOSNAPTRIM],
])

const changeFlag = (
  world: World,
  pendings: ServicePendings,
  request: Request,
  flag: number,
  isSet: boolean,
): UpdateResult => {
  const { inc } = pendings.osdmap
  const flags = inc.newFlags < 0 ? world.committed.osdmap.map.flags : inc.newFlags
  const osdmap = withInc(pendings.osdmap, { newFlags: isSet ? flags | flag : flags & ~flag })
  const text = `${osdMapFlagNames(flag).join(',')} is ${isSet ? 'set' : 'unset'}`
  return prepared(request, { osdmap }, done(text))
}

const Args = t.partial({ key: CephString, yes_i_really_mean_it: CephBool })

export const osdSet: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ key = '', yes_i_really_mean_it: sure = false }) => {
      if (key === 'pglog_hardlimit') return setHardlimit(world, pendings, request, sure)
      const flag = FLAGS.get(key)
      return flag === undefined
        ? answered(request, failed(ERRNO.EINVAL, `unrecognized flag '${key}'`))
        : changeFlag(world, pendings, request, flag, true)
    }),
}

const setHardlimit = (
  world: World,
  pendings: ServicePendings,
  request: Request,
  sure: boolean,
): UpdateResult => {
  const { map } = world.committed.osdmap
  if (countUpOsds(map) === 0 && !sure)
    return answered(
      request,
      failed(
        ERRNO.EPERM,
        'Not advisable to continue since no OSDs are up. Pass --yes-i-really-mean-it if you really wish to continue.',
      ),
    )
  const needed = FEATURE.OSD_PGLOG_HARDLIMIT
  return sure || (upOsdFeatures(map) & needed) === needed
    ? changeFlag(world, pendings, request, OSDMAP_FLAG.PGLOG_HARDLIMIT, true)
    : answered(request, failed(ERRNO.EPERM, 'not all up OSDs have OSD_PGLOG_HARDLIMIT feature'))
}

export const osdUnset: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ key = '' }) => {
      const flag = FLAGS.get(key)
      return flag === undefined
        ? answered(request, failed(ERRNO.EINVAL, `unrecognized flag '${key}'`))
        : changeFlag(world, pendings, request, flag, false)
    }),
}

export const osdPause: CommandHandler = {
  update: (world, pendings, request) => changeFlag(world, pendings, request, PAUSE, true),
}

export const osdUnpause: CommandHandler = {
  update: (world, pendings, request) => changeFlag(world, pendings, request, PAUSE, false),
}
