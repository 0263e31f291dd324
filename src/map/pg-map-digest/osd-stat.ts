/**
 * What an OSD, or a sum of OSDs, reports of itself.
 *
 * Grammar: osd_stat_t = versioned 14/2, fields in the order of `decodeOsdStat`; some kibibyte counts stand twice, for
 *            old readers.
 *          pow2_hist_t = versioned 1/1 { array of i32 }
 *          objectstore_perf_stat_t = versioned 1/1 { u32 commit, u32 apply }, milliseconds; version 2 is u64
 *            nanoseconds and written only to peers with OS_PERF_STAT_NS, a feature nobody of this release advertises.
 * Source: ceph src/osd/osd_types.h, osd_types.cc.
 */
import { byNumber } from '../../base/ordered.ts'
import type { Reader } from '../../codec/reader.ts'
import { decodeStringMap, encodeStringMap, type StringMap } from '../../codec/type/string-map.ts'
import type { Writer } from '../../codec/writer.ts'
import { decodeStoreStatfs, encodeStoreStatfs, NO_STORE, type StoreStatfs, usedRaw } from './store-statfs.ts'

/** Commit and apply latency. */
export interface PerfStat {
  readonly commitMs: number
  readonly applyMs: number
}

/** Ping times to one peer, microseconds over 1, 5 and 15 minutes. */
export interface HeartbeatTimes {
  readonly lastUpdateSec: number
  readonly back: PingTimes
  readonly front: PingTimes
}

export interface PingTimes {
  readonly average: readonly number[]
  readonly min: readonly number[]
  readonly max: readonly number[]
  readonly last: number
}

export interface OsdStat {
  readonly statfs: StoreStatfs
  readonly snapTrimQueueLen: number
  readonly numSnapTrimming: number
  readonly hbPeers: readonly number[]
  readonly opQueueAgeHist: readonly number[]
  readonly perfStat: PerfStat
  readonly upFrom: number
  readonly seq: bigint
  readonly numPgs: number
  /** OSD → alert → text. */
  readonly osAlerts: ReadonlyMap<number, StringMap>
  readonly numShardsRepaired: bigint
  readonly numOsds: number
  readonly numPerPoolOsds: number
  readonly numPerPoolOmapOsds: number
  readonly hbPingTimes: ReadonlyMap<number, HeartbeatTimes>
}

export const NO_OSD_STAT: OsdStat = {
  statfs: NO_STORE,
  snapTrimQueueLen: 0,
  numSnapTrimming: 0,
  hbPeers: [],
  opQueueAgeHist: [],
  perfStat: { commitMs: 0, applyMs: 0 },
  upFrom: 0,
  seq: 0n,
  numPgs: 0,
  osAlerts: new Map(),
  numShardsRepaired: 0n,
  numOsds: 0,
  numPerPoolOsds: 0,
  numPerPoolOmapOsds: 0,
  hbPingTimes: new Map(),
}

export const decodePow2Hist = (r: Reader): readonly number[] => r.versioned(1, () => r.array(r.i32))
export const encodePow2Hist = (w: Writer, hist: readonly number[]): void =>
  w.versioned(1, 1, () => w.array(hist, (out, n) => out.i32(n)))

const NS_PER_MS = 1_000_000n

export const decodePerfStat = (r: Reader): PerfStat =>
  r.versioned(2, (structV) =>
    structV >= 2
      ? { commitMs: Number(r.u64() / NS_PER_MS), applyMs: Number(r.u64() / NS_PER_MS) }
      : { commitMs: r.u32(), applyMs: r.u32() },
  )

export const encodePerfStat = (w: Writer, stat: PerfStat): void =>
  w.versioned(1, 1, () => {
    w.u32(stat.commitMs)
    w.u32(stat.applyMs)
  })

const STRUCT_V = 14
const COMPAT = 2

export const decodeOsdStat = (r: Reader): OsdStat =>
  r.versioned(STRUCT_V, (structV) => {
    if (!r.failed && structV < STRUCT_V) r.bad(`osd_stat_t version ${structV}`)
    r.raw(3 * 8)
    const head = { snapTrimQueueLen: r.u32(), numSnapTrimming: r.u32(), hbPeers: r.array(r.i32) }
    r.array(r.i32)
    const load = {
      opQueueAgeHist: decodePow2Hist(r),
      perfStat: decodePerfStat(r),
      upFrom: r.u32(),
      seq: r.u64(),
      numPgs: r.u32(),
    }
    r.raw(3 * 8)
    return {
      ...head,
      ...load,
      statfs: decodeStoreStatfs(r),
      osAlerts: r.map(r.i32, decodeStringMap),
      numShardsRepaired: r.i64(),
      numOsds: r.u32(),
      numPerPoolOsds: r.u32(),
      numPerPoolOmapOsds: r.u32(),
      hbPingTimes: r.map(r.i32, decodeHeartbeat),
    }
  })

const three = (r: Reader): readonly number[] => [r.u32(), r.u32(), r.u32()]

const decodePings = (r: Reader): PingTimes => ({
  average: three(r),
  min: three(r),
  max: three(r),
  last: r.u32(),
})

const decodeHeartbeat = (r: Reader): HeartbeatTimes => ({
  lastUpdateSec: r.u32(),
  back: decodePings(r),
  front: decodePings(r),
})

const kib = (bytes: bigint): bigint => bytes >> 10n

export const encodeOsdStat = (w: Writer, stat: OsdStat): void =>
  w.versioned(STRUCT_V, COMPAT, () => {
    const { statfs } = stat
    w.i64(kib(statfs.total))
    w.i64(kib(usedRaw(statfs)))
    w.i64(kib(statfs.available))
    w.u32(stat.snapTrimQueueLen)
    w.u32(stat.numSnapTrimming)
    w.array(stat.hbPeers, (out, osd) => out.i32(osd))
    // Peers that only listen, gone since Jewel.
    w.u32(0)
    encodePow2Hist(w, stat.opQueueAgeHist)
    encodePerfStat(w, stat.perfStat)
    w.u32(stat.upFrom)
    w.u64(stat.seq)
    w.u32(stat.numPgs)
    w.i64(kib(statfs.allocated))
    w.i64(kib(statfs.omapAllocated))
    w.i64(kib(statfs.internalMetadata))
    encodeStoreStatfs(w, statfs)
    w.map(stat.osAlerts, byNumber, (out, osd) => out.i32(osd), encodeStringMap)
    w.i64(stat.numShardsRepaired)
    w.u32(stat.numOsds)
    w.u32(stat.numPerPoolOsds)
    w.u32(stat.numPerPoolOmapOsds)
    w.map(stat.hbPingTimes, byNumber, (out, osd) => out.i32(osd), encodeHeartbeat)
  })

const encodeHeartbeat = (w: Writer, times: HeartbeatTimes): void => {
  w.u32(times.lastUpdateSec)
  for (const side of [times.back, times.front]) {
    ;[...side.average, ...side.min, ...side.max].forEach(w.u32)
    w.u32(side.last)
  }
}
