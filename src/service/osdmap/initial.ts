/** The first epoch of a new cluster. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::create_initial. */
import { known } from '../../base/assert.ts'
import { utimeOfMs } from '../../codec/type/utime.ts'
import { osdMapBytes } from '../../map/osd-map/codec.ts'
import { initialOsdMap } from '../../map/osd-map/initial.ts'
import type { OsdMap } from '../../map/osd-map/osd-map.ts'
import { releaseOfName } from '../../map/release.ts'
import type { World } from '../contract.ts'
import { profileOfText } from './erasure-profile.ts'
import { createPending, ratioOption, withInc } from './pending.ts'
import type { OsdmapPending } from './state.ts'

/** The map of epoch 1, as the options want it. */
const initialMap = (world: World): OsdMap => {
  const { options } = world
  const minCompatClient = options.string('mon_osd_initial_require_min_compat_client')
  return {
    ...initialOsdMap(world.fsid, utimeOfMs(world.now), {
      failureDomain: options.int('osd_crush_chooseleaf_type'),
      fullRatio: ratioOption(options, 'mon_osd_full_ratio'),
      backfillfullRatio: ratioOption(options, 'mon_osd_backfillfull_ratio'),
      nearfullRatio: ratioOption(options, 'mon_osd_nearfull_ratio'),
      erasureCodeProfile: profileOfText(options.string('osd_pool_default_erasure_code_profile')),
    }),
    requireMinCompatClient: known(
      releaseOfName(minCompatClient),
      `a release in mon_osd_initial_require_min_compat_client, which is ${minCompatClient}`,
    ),
  }
}

/** The pending value that creates the map: a whole one inside the first incremental. */
export const createInitial = (world: World): OsdmapPending =>
  withInc(createPending(world), { fullmap: osdMapBytes(initialMap(world)) })
