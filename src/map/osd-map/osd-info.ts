/**
 * What the map remembers of an OSD's lives.
 *
 * Grammar: osd_info_t = u8 1, u32 last_clean_begin, last_clean_end, up_from, up_thru, down_at, lost_at.
 *          osd_xinfo_t = versioned 4/1 { utime down_stamp, u32 laggy_probability, u32 laggy_interval, u64 features,
 *          u32 old_weight, utime last_purged_snaps_scrub, u32 dead_epoch }.
 * Source: ceph src/osd/OSDMap.cc osd_info_t, osd_xinfo_t.
 */
import type { Reader } from '../../codec/reader.ts'
import { decodeUtime, encodeUtime, type Utime, UTIME_ZERO } from '../../codec/type/utime.ts'
import type { Writer } from '../../codec/writer.ts'

/** Epochs. */
export interface OsdInfo {
  /** The last interval that ended with a clean shutdown: [begin, end). */
  readonly lastCleanBegin: number
  readonly lastCleanEnd: number
  readonly upFrom: number
  readonly upThru: number
  readonly downAt: number
  readonly lostAt: number
}

export const NO_OSD_INFO: OsdInfo = {
  lastCleanBegin: 0,
  lastCleanEnd: 0,
  upFrom: 0,
  upThru: 0,
  downAt: 0,
  lostAt: 0,
}

const INFO_V = 1

export const decodeOsdInfo = (r: Reader): OsdInfo => {
  const structV = r.u8()
  if (!r.failed && structV !== INFO_V) r.bad(`osd_info_t version ${structV}`)
  return {
    lastCleanBegin: r.u32(),
    lastCleanEnd: r.u32(),
    upFrom: r.u32(),
    upThru: r.u32(),
    downAt: r.u32(),
    lostAt: r.u32(),
  }
}

export const encodeOsdInfo = (w: Writer, info: OsdInfo): void => {
  w.u8(INFO_V)
  w.u32(info.lastCleanBegin)
  w.u32(info.lastCleanEnd)
  w.u32(info.upFrom)
  w.u32(info.upThru)
  w.u32(info.downAt)
  w.u32(info.lostAt)
}

export interface OsdXinfo {
  readonly downStamp: Utime
  /** 0 to 1, a float32: how likely the OSD was only slow when it was marked down. */
  readonly laggyProbability: number
  readonly laggyIntervalSec: number
  readonly features: bigint
  /** Weight to restore when the OSD is marked in again. */
  readonly oldWeight: number
  readonly lastPurgedSnapsScrub: Utime
  readonly deadEpoch: number
}

export const NO_OSD_XINFO: OsdXinfo = {
  downStamp: UTIME_ZERO,
  laggyProbability: 0,
  laggyIntervalSec: 0,
  features: 0n,
  oldWeight: 0,
  lastPurgedSnapsScrub: UTIME_ZERO,
  deadEpoch: 0,
}

// Ceph multiplies by float(0xffffffff), which is 2^32.
const PROBABILITY_ONE = 2 ** 32

// Single precision, cut to an integer and to 32 bits, as the original's code does on x86: 1.0 becomes 0.
const probabilityWord = (probability: number): number =>
  Math.trunc(Math.fround(Math.fround(probability) * PROBABILITY_ONE)) % PROBABILITY_ONE

export const decodeOsdXinfo = (r: Reader): OsdXinfo =>
  r.versioned(4, (structV) => ({
    downStamp: decodeUtime(r),
    laggyProbability: Math.fround(Math.fround(r.u32()) / PROBABILITY_ONE),
    laggyIntervalSec: r.u32(),
    features: structV >= 2 ? r.u64() : 0n,
    oldWeight: structV >= 3 ? r.u32() : 0,
    lastPurgedSnapsScrub: structV >= 4 ? decodeUtime(r) : UTIME_ZERO,
    deadEpoch: structV >= 4 ? r.u32() : 0,
  }))

export const encodeOsdXinfo = (w: Writer, xinfo: OsdXinfo): void =>
  w.versioned(4, 1, () => {
    encodeUtime(w, xinfo.downStamp)
    w.u32(probabilityWord(xinfo.laggyProbability))
    w.u32(xinfo.laggyIntervalSec)
    w.u64(xinfo.features)
    w.u32(xinfo.oldWeight)
    encodeUtime(w, xinfo.lastPurgedSnapsScrub)
    w.u32(xinfo.deadEpoch)
  })
