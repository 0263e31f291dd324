/**
 * The first OSDMap of a cluster, and the incremental that delivers it.
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::create_initial.
 */
import type { Utime } from '../../codec/type/utime.ts'
import { defaultCrushMap } from '../crush/default-map.ts'
import { RELEASE } from '../release.ts'
import { osdMapBytes, osdMapCrc } from './codec.ts'
import { OSDMAP_FLAG } from './constant.ts'
import { emptyIncremental, type Incremental } from './incremental.ts'
import { incrementalBytes } from './incremental-codec.ts'
import { emptyOsdMap, type OsdMap } from './osd-map.ts'

/** Options that show in the first map; the defaults are Ceph's. */
export interface InitialOsdMapOptions {
  /** osd_crush_chooseleaf_type. */
  readonly failureDomain: number
  readonly fullRatio: number
  readonly backfillfullRatio: number
  readonly nearfullRatio: number
  /** osd_pool_default_erasure_code_profile. */
  readonly erasureCodeProfile: ReadonlyMap<string, string>
}

export const INITIAL_OSD_MAP_OPTIONS: InitialOsdMapOptions = {
  failureDomain: 1,
  fullRatio: 0.95,
  backfillfullRatio: 0.9,
  nearfullRatio: 0.85,
  erasureCodeProfile: new Map([
    ['k', '2'],
    ['m', '2'],
    ['plugin', 'jerasure'],
    ['technique', 'reed_sol_van'],
  ]),
}

/** Epoch 1: no OSDs, no pools, the default CRUSH map. */
export const initialOsdMap = (
  fsid: string,
  now: Utime,
  options: InitialOsdMapOptions = INITIAL_OSD_MAP_OPTIONS,
): OsdMap => ({
  ...emptyOsdMap(defaultCrushMap(options.failureDomain)),
  fsid,
  epoch: 1,
  created: now,
  modified: now,
  flags:
    OSDMAP_FLAG.SORTBITWISE |
    OSDMAP_FLAG.RECOVERY_DELETES |
    OSDMAP_FLAG.PURGED_SNAPDIRS |
    OSDMAP_FLAG.PGLOG_HARDLIMIT,
  erasureCodeProfiles: new Map([['default', options.erasureCodeProfile]]),
  fullRatio: Math.fround(options.fullRatio),
  backfillfullRatio: Math.fround(options.backfillfullRatio),
  nearfullRatio: Math.fround(options.nearfullRatio),
  requireMinCompatClient: RELEASE.luminous,
  requireOsdRelease: RELEASE.pacific,
})

/**
 * The first incremental, which carries `map` whole and its ratios once more, and the bytes of both. `modified` is
 * when it is proposed, a little after the map was made.
 */
export const initialIncremental = (
  map: OsdMap,
  modified: Utime = map.modified,
): { readonly incremental: Incremental; readonly bytes: Buffer; readonly fullBytes: Buffer } => {
  const fullBytes = osdMapBytes(map)
  const incremental = {
    ...emptyIncremental(map.fsid, 1, modified),
    fullmap: fullBytes,
    newNearfullRatio: map.nearfullRatio,
    newFullRatio: map.fullRatio,
    newBackfillfullRatio: map.backfillfullRatio,
  }
  return { incremental, bytes: incrementalBytes(incremental, osdMapCrc(fullBytes)), fullBytes }
}
