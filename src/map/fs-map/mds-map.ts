/**
 * One file system's map: its ranks, who holds them, its pools and settings.
 *
 * Grammar: versioned 5/4, fields in the order of `decodeMdsMap`; in the middle u16 16, a version of its own.
 * Source: ceph src/mds/MDSMap.h, MDSMap.cc.
 */
import { byBigint, byNumber } from '../../base/ordered.ts'
import type { Reader } from '../../codec/reader.ts'
import { type CompatSet, decodeCompatSet, encodeCompatSet } from '../../codec/type/compat-set.ts'
import {
  decodeFeatureBitset,
  encodeFeatureBitset,
  type FeatureBitset,
} from '../../codec/type/feature-bitset.ts'
import { decodeUtime, encodeUtime, type Utime, UTIME_ZERO } from '../../codec/type/utime.ts'
import { encoded, type Writer } from '../../codec/writer.ts'
import { RELEASE } from '../release.ts'
import { MDS_COMPAT_DEFAULT } from './compat.ts'
import { decodeMdsInfo, encodeMdsInfo, type MdsInfo } from './mds-info.ts'

/** Flags of a file system. Source: ceph src/include/ceph_fs.h CEPH_MDSMAP_*. */
export const MDSMAP_FLAG = {
  NOT_JOINABLE: 1 << 0,
  ALLOW_SNAPS: 1 << 1,
  ALLOW_MULTIMDS_SNAPS: 1 << 4,
  ALLOW_STANDBY_REPLAY: 1 << 5,
} as const

export interface MdsMap {
  readonly epoch: number
  readonly enabled: boolean
  readonly fsName: string
  /** MDSMAP_FLAG. */
  readonly flags: number
  readonly lastFailure: number
  readonly lastFailureOsdEpoch: number
  readonly created: Utime
  readonly modified: Utime
  readonly tableserver: number
  readonly root: number
  readonly sessionTimeoutSec: number
  readonly sessionAutocloseSec: number
  readonly maxFileSize: bigint
  readonly requiredClientFeatures: FeatureBitset
  readonly dataPools: readonly bigint[]
  readonly casPool: bigint
  readonly metadataPool: bigint
  readonly maxMds: number
  readonly oldMaxMds: number
  readonly standbyCountWanted: number
  readonly balancer: string
  /** Ranks that make up the file system; up and failed and damaged ones together. */
  readonly in: ReadonlySet<number>
  readonly failed: ReadonlySet<number>
  readonly stopped: ReadonlySet<number>
  readonly damaged: ReadonlySet<number>
  /** Rank → gid. */
  readonly up: ReadonlyMap<number, bigint>
  /** By gid. */
  readonly mdsInfo: ReadonlyMap<bigint, MdsInfo>
  readonly everAllowedFeatures: number
  readonly explicitlyAllowedFeatures: number
  readonly inlineDataEnabled: boolean
  readonly compat: CompatSet
}

/** A map as constructed; also what a daemon without a file system is sent. */
export const EMPTY_MDS_MAP: MdsMap = {
  epoch: 0,
  enabled: false,
  fsName: 'cephfs',
  flags: MDSMAP_FLAG.ALLOW_SNAPS | MDSMAP_FLAG.ALLOW_MULTIMDS_SNAPS,
  lastFailure: 0,
  lastFailureOsdEpoch: 0,
  created: UTIME_ZERO,
  modified: UTIME_ZERO,
  tableserver: 0,
  root: 0,
  sessionTimeoutSec: 60,
  sessionAutocloseSec: 300,
  maxFileSize: 1n << 40n,
  requiredClientFeatures: new Set(),
  dataPools: [],
  casPool: -1n,
  metadataPool: -1n,
  maxMds: 1,
  oldMaxMds: 0,
  standbyCountWanted: -1,
  balancer: '',
  in: new Set(),
  failed: new Set(),
  stopped: new Set(),
  damaged: new Set(),
  up: new Map(),
  mdsInfo: new Map(),
  everAllowedFeatures: 0,
  explicitlyAllowedFeatures: 0,
  inlineDataEnabled: false,
  compat: MDS_COMPAT_DEFAULT,
}

const STRUCT_V = 5
const COMPAT = 4
const EXTENDED_V = 16

export const decodeMdsMap = (r: Reader): MdsMap =>
  r.versioned(STRUCT_V, () => {
    const head = {
      epoch: r.u32(),
      flags: r.u32(),
      lastFailure: r.u32(),
      root: r.i32(),
      sessionTimeoutSec: r.u32(),
      sessionAutocloseSec: r.u32(),
      maxFileSize: r.u64(),
      maxMds: r.i32(),
      mdsInfo: r.map(r.u64, decodeMdsInfo),
      dataPools: r.array(r.i64),
      casPool: r.i64(),
    }
    const extendedV = r.u16()
    if (!r.failed && extendedV < EXTENDED_V) r.bad(`MDSMap extended version ${extendedV}`)
    const ranks = {
      compat: decodeCompatSet(r),
      metadataPool: r.i64(),
      created: decodeUtime(r),
      modified: decodeUtime(r),
      tableserver: r.i32(),
      in: r.set(r.i32),
    }
    r.map(r.i32, r.i32)
    return { ...head, ...ranks, ...decodeRest(r) }
  })

const decodeRest = (r: Reader) => {
  const fields = {
    up: r.map(r.i32, r.u64),
    failed: r.set(r.i32),
    stopped: r.set(r.i32),
    lastFailureOsdEpoch: r.u32(),
    everAllowedFeatures: r.u8(),
    explicitlyAllowedFeatures: r.u8(),
    inlineDataEnabled: r.bool(),
    enabled: r.bool(),
    fsName: r.string(),
    damaged: r.set(r.i32),
    balancer: r.string(),
    standbyCountWanted: r.i32(),
    oldMaxMds: r.i32(),
  }
  r.u8()
  return { ...fields, requiredClientFeatures: decodeFeatureBitset(r) }
}

const i32 = (w: Writer, n: number): void => w.i32(n)
const ranks = (w: Writer, set: ReadonlySet<number>): void => w.set(set, byNumber, i32)

export const encodeMdsMap = (w: Writer, map: MdsMap): void =>
  w.versioned(STRUCT_V, COMPAT, () => {
    w.u32(map.epoch)
    w.u32(map.flags)
    w.u32(map.lastFailure)
    w.i32(map.root)
    w.u32(map.sessionTimeoutSec)
    w.u32(map.sessionAutocloseSec)
    w.u64(map.maxFileSize)
    w.i32(map.maxMds)
    w.map(map.mdsInfo, byBigint, (out, gid) => out.u64(gid), encodeMdsInfo)
    w.array(map.dataPools, (out, pool) => out.i64(pool))
    w.i64(map.casPool)
    w.u16(EXTENDED_V)
    encodeCompatSet(w, map.compat)
    w.i64(map.metadataPool)
    encodeUtime(w, map.created)
    encodeUtime(w, map.modified)
    w.i32(map.tableserver)
    ranks(w, map.in)
    encodeRest(w, map)
  })

const encodeRest = (w: Writer, map: MdsMap): void => {
  // Incarnations, which old readers want for every rank.
  w.map(new Map([...map.in].map((rank) => [rank, map.epoch])), byNumber, i32, i32)
  w.map(map.up, byNumber, i32, (out, gid) => out.u64(gid))
  ranks(w, map.failed)
  ranks(w, map.stopped)
  w.u32(map.lastFailureOsdEpoch)
  w.u8(map.everAllowedFeatures)
  w.u8(map.explicitlyAllowedFeatures)
  w.bool(map.inlineDataEnabled)
  w.bool(map.enabled)
  w.string(map.fsName)
  ranks(w, map.damaged)
  w.string(map.balancer)
  w.i32(map.standbyCountWanted)
  w.i32(map.oldMaxMds)
  // The oldest client that may connect, replaced by required_client_features.
  w.u8(RELEASE.unknown)
  encodeFeatureBitset(w, map.requiredClientFeatures)
}

export const mdsMapBytes = (map: MdsMap): Buffer => encoded((w) => encodeMdsMap(w, map))
