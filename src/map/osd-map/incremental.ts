/**
 * What changes from one epoch of the OSDMap to the next, as a value.
 * Source: ceph src/osd/OSDMap.h OSDMap::Incremental.
 */
import type { AddrKey } from '../../codec/type/addr-key.ts'
import type { EntityAddrvec } from '../../codec/type/entity-addr.ts'
import type { PgKey } from '../../codec/type/pg-key.ts'
import type { SnapIntervals } from '../../codec/type/snap-intervals.ts'
import type { StringMap } from '../../codec/type/string-map.ts'
import { type Utime, UTIME_ZERO } from '../../codec/type/utime.ts'
import { OSDMAP_FEATURES } from '../feature.ts'
import { RELEASE } from '../release.ts'
import type { OsdXinfo } from './osd-info.ts'
import { NO_STRETCH_MODE, type StretchMode, type UpmapItems } from './osd-map.ts'
import type { Pool } from './pool.ts'

/** Maps are by OSD id, pool id or placement group; `old…` names what goes. */
export interface Incremental {
  readonly fsid: string
  /** The epoch that it leads to. */
  readonly epoch: number
  readonly modified: Utime
  /** -1 leaves the map's value, in this and the next two. */
  readonly newPoolMax: bigint
  readonly newFlags: number
  readonly newMaxOsd: number
  /** A whole map that replaces everything; empty as a rule. */
  readonly fullmap: Buffer
  /** A new CRUSH map, encoded; empty as a rule. */
  readonly crush: Buffer
  readonly newPools: ReadonlyMap<bigint, Pool>
  readonly newPoolNames: ReadonlyMap<bigint, string>
  readonly oldPools: ReadonlySet<bigint>
  readonly newUpClient: ReadonlyMap<number, EntityAddrvec>
  readonly newUpCluster: ReadonlyMap<number, EntityAddrvec>
  readonly newHbBackUp: ReadonlyMap<number, EntityAddrvec>
  readonly newHbFrontUp: ReadonlyMap<number, EntityAddrvec>
  /** Bits that flip; 0 stands for UP. */
  readonly newState: ReadonlyMap<number, number>
  readonly newWeight: ReadonlyMap<number, number>
  /** Empty removes. */
  readonly newPgTemp: ReadonlyMap<PgKey, readonly number[]>
  /** -1 removes. */
  readonly newPrimaryTemp: ReadonlyMap<PgKey, number>
  readonly newPrimaryAffinity: ReadonlyMap<number, number>
  readonly newErasureCodeProfiles: ReadonlyMap<string, StringMap>
  readonly oldErasureCodeProfiles: readonly string[]
  readonly newPgUpmap: ReadonlyMap<PgKey, readonly number[]>
  readonly oldPgUpmap: ReadonlySet<PgKey>
  readonly newPgUpmapItems: ReadonlyMap<PgKey, UpmapItems>
  readonly oldPgUpmapItems: ReadonlySet<PgKey>
  readonly newRemovedSnaps: ReadonlyMap<bigint, SnapIntervals>
  readonly newPurgedSnaps: ReadonlyMap<bigint, SnapIntervals>
  /** Zero leaves the map's value. */
  readonly newLastUpChange: Utime
  readonly newLastInChange: Utime
  readonly newUpThru: ReadonlyMap<number, number>
  readonly newLastCleanInterval: ReadonlyMap<number, readonly [begin: number, end: number]>
  readonly newLost: ReadonlyMap<number, number>
  readonly newBlocklist: ReadonlyMap<AddrKey, Utime>
  readonly oldBlocklist: readonly AddrKey[]
  readonly newRangeBlocklist: ReadonlyMap<AddrKey, Utime>
  readonly oldRangeBlocklist: readonly AddrKey[]
  readonly clusterSnapshot: string
  readonly newUuid: ReadonlyMap<number, string>
  readonly newXinfo: ReadonlyMap<number, OsdXinfo>
  /** Features with which it is encoded. */
  readonly encodeFeatures: bigint
  /** A negative ratio leaves the map's value. */
  readonly newNearfullRatio: number
  readonly newFullRatio: number
  readonly newBackfillfullRatio: number
  /** RELEASE.unchanged leaves the map's value. */
  readonly newRequireMinCompatClient: number
  readonly newRequireOsdRelease: number
  /** 0 removes, in both. */
  readonly newCrushNodeFlags: ReadonlyMap<number, number>
  readonly newDeviceClassFlags: ReadonlyMap<number, number>
  readonly changeStretchMode: boolean
  readonly newStretchMode: StretchMode
}

const NO_BYTES = Buffer.alloc(0)

/** An incremental that changes nothing but the epoch. */
export const emptyIncremental = (fsid: string, epoch: number, modified: Utime): Incremental => ({
  fsid,
  epoch,
  modified,
  newPoolMax: -1n,
  newFlags: -1,
  newMaxOsd: -1,
  fullmap: NO_BYTES,
  crush: NO_BYTES,
  newPools: new Map(),
  newPoolNames: new Map(),
  oldPools: new Set(),
  newUpClient: new Map(),
  newUpCluster: new Map(),
  newHbBackUp: new Map(),
  newHbFrontUp: new Map(),
  newState: new Map(),
  newWeight: new Map(),
  newPgTemp: new Map(),
  newPrimaryTemp: new Map(),
  newPrimaryAffinity: new Map(),
  newErasureCodeProfiles: new Map(),
  oldErasureCodeProfiles: [],
  newPgUpmap: new Map(),
  oldPgUpmap: new Set(),
  newPgUpmapItems: new Map(),
  oldPgUpmapItems: new Set(),
  newRemovedSnaps: new Map(),
  newPurgedSnaps: new Map(),
  newLastUpChange: UTIME_ZERO,
  newLastInChange: UTIME_ZERO,
  newUpThru: new Map(),
  newLastCleanInterval: new Map(),
  newLost: new Map(),
  newBlocklist: new Map(),
  oldBlocklist: [],
  newRangeBlocklist: new Map(),
  oldRangeBlocklist: [],
  clusterSnapshot: '',
  newUuid: new Map(),
  newXinfo: new Map(),
  encodeFeatures: OSDMAP_FEATURES,
  newNearfullRatio: -1,
  newFullRatio: -1,
  newBackfillfullRatio: -1,
  newRequireMinCompatClient: RELEASE.unchanged,
  newRequireOsdRelease: RELEASE.unchanged,
  newCrushNodeFlags: new Map(),
  newDeviceClassFlags: new Map(),
  changeStretchMode: false,
  newStretchMode: NO_STRETCH_MODE,
})
