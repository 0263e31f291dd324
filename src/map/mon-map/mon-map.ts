/**
 * The monmap: which monitors there are, where they listen, and in which order they rank.
 *
 * Grammar: MonMap = versioned 9/6 { uuid fsid, u32 epoch, utime last_changed, utime created, mon_feature_t persistent,
 *            mon_feature_t optional, map string → mon_info_t, array of string ranks, u8 min_mon_release,
 *            set of i32 removed_ranks, u8 strategy, set of string disallowed_leaders, bool stretch_mode,
 *            string tiebreaker, set of string marked_down }
 *          mon_info_t = versioned 5/1 { string name, addrvec, u16 priority, u16 weight, map string → string crush_loc }
 * Source: ceph src/mon/MonMap.cc, MonMap.h. Maps older than version 6 (Mimic) are refused.
 */
import { byBytes, byNumber } from '../../base/ordered.ts'
import type { Reader } from '../../codec/reader.ts'
import { decodeEntityAddrvec, encodeEntityAddrvec, type EntityAddrvec } from '../../codec/type/entity-addr.ts'
import { decodeMonFeature, encodeMonFeature } from '../../codec/type/mon-feature.ts'
import { decodeUtime, encodeUtime, type Utime, UTIME_ZERO } from '../../codec/type/utime.ts'
import { decodeUuid, encodeUuid, UUID_ZERO } from '../../codec/type/uuid.ts'
import { encoded, type Writer } from '../../codec/writer.ts'
import { RELEASE } from '../release.ts'
import { releaseOfMonFeatures } from './mon-feature.ts'

export interface MonInfo {
  readonly name: string
  readonly publicAddrs: EntityAddrvec
  /** Clients prefer the lowest. */
  readonly priority: number
  readonly weight: number
  /** Where it stands in CRUSH's terms: bucket type → bucket name. */
  readonly crushLoc: ReadonlyMap<string, string>
}

export const ELECTION_STRATEGY = { classic: 1, disallow: 2, connectivity: 3 } as const

export interface MonMap {
  readonly fsid: string
  /** 0 until the first commit. */
  readonly epoch: number
  readonly lastChanged: Utime
  readonly created: Utime
  readonly persistentFeatures: bigint
  readonly optionalFeatures: bigint
  readonly mons: ReadonlyMap<string, MonInfo>
  /** Names in the order of their ranks. */
  readonly ranks: readonly string[]
  readonly minMonRelease: number
  readonly removedRanks: ReadonlySet<number>
  /** One of ELECTION_STRATEGY. */
  readonly strategy: number
  readonly disallowedLeaders: ReadonlySet<string>
  readonly stretchModeEnabled: boolean
  readonly tiebreakerMon: string
  readonly stretchMarkedDownMons: ReadonlySet<string>
}

/** What a MonMap is before anything is known. */
export const EMPTY_MON_MAP: MonMap = {
  fsid: UUID_ZERO,
  epoch: 0,
  lastChanged: UTIME_ZERO,
  created: UTIME_ZERO,
  persistentFeatures: 0n,
  optionalFeatures: 0n,
  mons: new Map(),
  ranks: [],
  minMonRelease: RELEASE.unknown,
  removedRanks: new Set(),
  strategy: ELECTION_STRATEGY.classic,
  disallowedLeaders: new Set(),
  stretchModeEnabled: false,
  tiebreakerMon: '',
  stretchMarkedDownMons: new Set(),
}

export const decodeMonInfo = (r: Reader): MonInfo =>
  r.versioned(5, (structV) => ({
    name: r.string(),
    publicAddrs: decodeEntityAddrvec(r),
    priority: structV >= 2 ? r.u16() : 0,
    weight: structV >= 4 ? r.u16() : 0,
    crushLoc: structV >= 5 ? r.map(r.string, r.string) : new Map(),
  }))

export const encodeMonInfo = (w: Writer, mon: MonInfo): void =>
  w.versioned(5, 1, () => {
    w.string(mon.name)
    encodeEntityAddrvec(w, mon.publicAddrs)
    w.u16(mon.priority)
    w.u16(mon.weight)
    w.map(mon.crushLoc, byBytes, putString, putString)
  })

const putString = (w: Writer, text: string): void => w.string(text)
const VERSION_OLDEST = 6

export const decodeMonMap = (r: Reader): MonMap =>
  r.versioned(9, (structV) => {
    if (structV < VERSION_OLDEST) r.bad(`MonMap version ${structV}`)
    const fsid = decodeUuid(r)
    const epoch = r.u32()
    const lastChanged = decodeUtime(r)
    const created = decodeUtime(r)
    const persistentFeatures = decodeMonFeature(r)
    const optionalFeatures = decodeMonFeature(r)
    const mons = r.map(r.string, decodeMonInfo)
    const ranks = r.array(r.string)
    const minMonRelease = structV >= 7 ? r.u8() : releaseOfMonFeatures(persistentFeatures)
    const since8 = structV >= 8
    const since9 = structV >= 9
    if (ranks.some((name) => !mons.has(name))) r.bad('a rank without a monitor')
    return {
      fsid,
      epoch,
      lastChanged,
      created,
      persistentFeatures,
      optionalFeatures,
      mons,
      ranks,
      minMonRelease,
      removedRanks: since8 ? r.set(r.i32) : new Set(),
      strategy: since8 ? r.u8() : ELECTION_STRATEGY.classic,
      disallowedLeaders: since8 ? r.set(r.string) : new Set(),
      stretchModeEnabled: since9 && r.bool(),
      tiebreakerMon: since9 ? r.string() : '',
      stretchMarkedDownMons: since9 ? r.set(r.string) : new Set(),
    }
  })

export const encodeMonMap = (w: Writer, map: MonMap): void =>
  w.versioned(9, 6, () => {
    encodeUuid(w, map.fsid)
    w.u32(map.epoch)
    encodeUtime(w, map.lastChanged)
    encodeUtime(w, map.created)
    encodeMonFeature(w, map.persistentFeatures)
    encodeMonFeature(w, map.optionalFeatures)
    w.map(map.mons, byBytes, putString, encodeMonInfo)
    w.array(map.ranks, putString)
    w.u8(map.minMonRelease)
    w.set(map.removedRanks, byNumber, (out, rank) => out.i32(rank))
    w.u8(map.strategy)
    w.set(map.disallowedLeaders, byBytes, putString)
    w.bool(map.stretchModeEnabled)
    w.string(map.tiebreakerMon)
    w.set(map.stretchMarkedDownMons, byBytes, putString)
  })

/** The bytes that go on the wire, into the store and through byte comparison in probes. */
export const monMapBytes = (map: MonMap): Buffer => encoded((w) => encodeMonMap(w, map))
