/**
 * What an OSD has on disk, as it says when it boots.
 *
 * Grammar: versioned 10/5 { uuid cluster, i32 whoami, u32 current epoch, u32 oldest map, u32 newest map, f64 weight,
 *          CompatSet, u32 clean thru, u32 mounted, uuid osd, u32 0, map i64 → u32 (empty), u32 purged snaps last (9),
 *          utime last purged snaps scrub (9), u32 map trim lower bound (10) }. A number in brackets is the first
 *          version that has the field.
 * Source: ceph src/osd/osd_types.cc OSDSuperblock::encode; version 10 is what 16.2.15 writes.
 */
import type { Reader } from '../codec/reader.ts'
import { type CompatSet, decodeCompatSet, encodeCompatSet } from '../codec/type/compat-set.ts'
import { decodeUtime, encodeUtime, type Utime, UTIME_ZERO } from '../codec/type/utime.ts'
import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import type { Writer } from '../codec/writer.ts'

/** Epochs, unless the name says otherwise. */
export interface OsdSuperblock {
  readonly clusterFsid: string
  readonly whoami: number
  readonly currentEpoch: number
  readonly oldestMap: number
  readonly newestMap: number
  readonly weight: number
  readonly compatFeatures: CompatSet
  readonly cleanThru: number
  readonly mounted: number
  readonly osdFsid: string
  readonly purgedSnapsLast: number
  readonly lastPurgedSnapsScrub: Utime
  readonly mapTrimLowerBound: number
}

const SUPERBLOCK_V = 10
const SUPERBLOCK_COMPAT = 5
// Two fields of cache tiering that left with Luminous: an epoch, and the count of a map.
const NO_EPOCH_MARKED_FULL = 0
const NO_POOLS_MARKED_FULL = 0

export const decodeOsdSuperblock = (r: Reader): OsdSuperblock =>
  r.versioned(SUPERBLOCK_V, (structV) => {
    const head = {
      clusterFsid: decodeUuid(r),
      whoami: r.i32(),
      currentEpoch: r.u32(),
      oldestMap: r.u32(),
      newestMap: r.u32(),
      weight: r.f64(),
      compatFeatures: decodeCompatSet(r),
      cleanThru: r.u32(),
      mounted: r.u32(),
      osdFsid: decodeUuid(r),
    }
    r.u32()
    r.map(r.i64, r.u32)
    return {
      ...head,
      purgedSnapsLast: structV >= 9 ? r.u32() : 0,
      lastPurgedSnapsScrub: structV >= 9 ? decodeUtime(r) : UTIME_ZERO,
      mapTrimLowerBound: structV >= 10 ? r.u32() : 0,
    }
  })

export const encodeOsdSuperblock = (w: Writer, sb: OsdSuperblock): void =>
  w.versioned(SUPERBLOCK_V, SUPERBLOCK_COMPAT, () => {
    encodeUuid(w, sb.clusterFsid)
    w.i32(sb.whoami)
    w.u32(sb.currentEpoch)
    w.u32(sb.oldestMap)
    w.u32(sb.newestMap)
    w.f64(sb.weight)
    encodeCompatSet(w, sb.compatFeatures)
    w.u32(sb.cleanThru)
    w.u32(sb.mounted)
    encodeUuid(w, sb.osdFsid)
    w.u32(NO_EPOCH_MARKED_FULL)
    w.u32(NO_POOLS_MARKED_FULL)
    w.u32(sb.purgedSnapsLast)
    encodeUtime(w, sb.lastPurgedSnapsScrub)
    w.u32(sb.mapTrimLowerBound)
  })
