/**
 * The OSDMap as a value: which OSDs there are and how they do, the pools, and where placement deviates from CRUSH.
 * One record per OSD stands for the dozen vectors of the wire, so a change of one OSD copies one record.
 * Source: ceph src/osd/OSDMap.h.
 */
import { known } from '../../base/assert.ts'
import type { AddrKey } from '../../codec/type/addr-key.ts'
import type { EntityAddrvec } from '../../codec/type/entity-addr.ts'
import type { PgKey } from '../../codec/type/pg-key.ts'
import type { SnapIntervals } from '../../codec/type/snap-intervals.ts'
import type { StringMap } from '../../codec/type/string-map.ts'
import { type Utime, UTIME_ZERO } from '../../codec/type/utime.ts'
import { UUID_ZERO } from '../../codec/type/uuid.ts'
import type { CrushMap } from '../crush/crush-map.ts'
import { OSD_STATE, OSD_WEIGHT_OUT, PRIMARY_AFFINITY_DEFAULT } from './constant.ts'
import { NO_OSD_INFO, NO_OSD_XINFO, type OsdInfo, type OsdXinfo } from './osd-info.ts'
import type { Pool } from './pool.ts'

export interface Osd {
  /** OSD_STATE. */
  readonly state: number
  /** 16.16 fixed point; 0 is out. */
  readonly weight: number
  readonly primaryAffinity: number
  readonly uuid: string
  readonly info: OsdInfo
  readonly xinfo: OsdXinfo
  readonly clientAddrs: EntityAddrvec
  readonly clusterAddrs: EntityAddrvec
  readonly hbBackAddrs: EntityAddrvec
  readonly hbFrontAddrs: EntityAddrvec
}

/** A slot below max_osd that no OSD has. */
export const NO_OSD: Osd = {
  state: 0,
  weight: OSD_WEIGHT_OUT,
  primaryAffinity: PRIMARY_AFFINITY_DEFAULT,
  uuid: UUID_ZERO,
  info: NO_OSD_INFO,
  xinfo: NO_OSD_XINFO,
  clientAddrs: [],
  clusterAddrs: [],
  hbBackAddrs: [],
  hbFrontAddrs: [],
}

/** A cluster of two sites and a tiebreaker. */
export interface StretchMode {
  readonly enabled: boolean
  readonly bucketCount: number
  readonly degraded: number
  readonly recovering: number
  /** CRUSH type of a site. */
  readonly bucket: number
}

export const NO_STRETCH_MODE: StretchMode = {
  enabled: false,
  bucketCount: 0,
  degraded: 0,
  recovering: 0,
  bucket: 0,
}

/** Placement group → where an OSD's copy goes instead: [from, to]. */
export type UpmapItems = readonly (readonly [from: number, to: number])[]

export interface OsdMap {
  readonly fsid: string
  readonly epoch: number
  readonly created: Utime
  readonly modified: Utime
  readonly pools: ReadonlyMap<bigint, Pool>
  readonly poolNames: ReadonlyMap<bigint, string>
  /** The last pool id given out. */
  readonly poolMax: number
  /** OSDMAP_FLAG. */
  readonly flags: number
  /** By OSD id; the length is max_osd. */
  readonly osds: readonly Osd[]
  /** Whether any affinity was ever set; the wire has none of them before. */
  readonly hasPrimaryAffinity: boolean
  readonly pgTemp: ReadonlyMap<PgKey, readonly number[]>
  readonly primaryTemp: ReadonlyMap<PgKey, number>
  readonly crush: CrushMap
  readonly erasureCodeProfiles: ReadonlyMap<string, StringMap>
  readonly pgUpmap: ReadonlyMap<PgKey, readonly number[]>
  readonly pgUpmapItems: ReadonlyMap<PgKey, UpmapItems>
  readonly crushVersion: number
  /** What the last incremental removed and purged, by pool. */
  readonly newRemovedSnaps: ReadonlyMap<bigint, SnapIntervals>
  readonly newPurgedSnaps: ReadonlyMap<bigint, SnapIntervals>
  readonly lastUpChange: Utime
  readonly lastInChange: Utime
  /** Address → when the entry ends. */
  readonly blocklist: ReadonlyMap<AddrKey, Utime>
  readonly rangeBlocklist: ReadonlyMap<AddrKey, Utime>
  readonly clusterSnapshotEpoch: number
  readonly clusterSnapshot: string
  readonly nearfullRatio: number
  readonly fullRatio: number
  readonly backfillfullRatio: number
  /** Release numbers. */
  readonly requireMinCompatClient: number
  readonly requireOsdRelease: number
  readonly removedSnapsQueue: ReadonlyMap<bigint, SnapIntervals>
  /** CRUSH item, and device class → OSD_STATE flags that hold for everything below. */
  readonly crushNodeFlags: ReadonlyMap<number, number>
  readonly deviceClassFlags: ReadonlyMap<number, number>
  readonly stretchMode: StretchMode
}

/** A map as constructed, before the first epoch: ratios are 0 until somebody sets them. */
export const emptyOsdMap = (crush: CrushMap): OsdMap => ({
  fsid: UUID_ZERO,
  epoch: 0,
  created: UTIME_ZERO,
  modified: UTIME_ZERO,
  pools: new Map(),
  poolNames: new Map(),
  poolMax: 0,
  flags: 0,
  osds: [],
  hasPrimaryAffinity: false,
  pgTemp: new Map(),
  primaryTemp: new Map(),
  crush,
  erasureCodeProfiles: new Map(),
  pgUpmap: new Map(),
  pgUpmapItems: new Map(),
  crushVersion: 1,
  newRemovedSnaps: new Map(),
  newPurgedSnaps: new Map(),
  lastUpChange: UTIME_ZERO,
  lastInChange: UTIME_ZERO,
  blocklist: new Map(),
  rangeBlocklist: new Map(),
  clusterSnapshotEpoch: 0,
  clusterSnapshot: '',
  nearfullRatio: 0,
  fullRatio: 0,
  backfillfullRatio: 0,
  requireMinCompatClient: 0,
  requireOsdRelease: 0,
  removedSnapsQueue: new Map(),
  crushNodeFlags: new Map(),
  deviceClassFlags: new Map(),
  stretchMode: NO_STRETCH_MODE,
})

/** The slot of an OSD; asserts outside max_osd. */
export const osdOf = (map: OsdMap, osd: number): Osd =>
  known(map.osds[osd], `osd.${osd} below max_osd ${map.osds.length}`)

const stateOf = (map: OsdMap, osd: number): number => map.osds[osd]?.state ?? 0

export const osdExists = (map: OsdMap, osd: number): boolean => (stateOf(map, osd) & OSD_STATE.EXISTS) !== 0
export const osdIsUp = (map: OsdMap, osd: number): boolean =>
  osdExists(map, osd) && (stateOf(map, osd) & OSD_STATE.UP) !== 0
export const osdIsDown = (map: OsdMap, osd: number): boolean => !osdIsUp(map, osd)
export const osdIsIn = (map: OsdMap, osd: number): boolean =>
  osdExists(map, osd) && (map.osds[osd]?.weight ?? 0) !== OSD_WEIGHT_OUT
export const osdIsOut = (map: OsdMap, osd: number): boolean => !osdIsIn(map, osd)
export const osdIsDestroyed = (map: OsdMap, osd: number): boolean =>
  osdExists(map, osd) && (stateOf(map, osd) & OSD_STATE.DESTROYED) !== 0

/** Ids of the OSDs that exist, lowest first. */
export const osdIds = (map: OsdMap): readonly number[] =>
  [...map.osds.keys()].filter((osd) => osdExists(map, osd))

export const countOsds = (map: OsdMap): number => osdIds(map).length
export const countUpOsds = (map: OsdMap): number => osdIds(map).filter((osd) => osdIsUp(map, osd)).length
export const countInOsds = (map: OsdMap): number => osdIds(map).filter((osd) => osdIsIn(map, osd)).length

/** Id of the pool called `name`. */
export const poolIdOfName = (map: OsdMap, name: string): bigint | undefined => {
  for (const [id, known] of map.poolNames) if (known === name) return id
  return undefined
}
