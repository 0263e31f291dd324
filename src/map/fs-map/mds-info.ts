/**
 * One MDS daemon, as the map knows it.
 *
 * Grammar: mds_info_t = versioned 10/4 { u64 gid, string name, i32 rank, i32 inc, i32 state, u64 state_seq, addrvec,
 *          utime laggy_since, i32 -1, string "", set of i32 export_targets, u64 features, i32 join_fscid, bool false,
 *          u64 flags, CompatSet }.
 * Source: ceph src/mds/MDSMap.cc MDSMap::mds_info_t. Version 9 lacks the CompatSet; older ones are refused.
 */
import { byNumber } from '../../base/ordered.ts'
import type { Reader } from '../../codec/reader.ts'
import { type CompatSet, decodeCompatSet, encodeCompatSet } from '../../codec/type/compat-set.ts'
import { decodeEntityAddrvec, encodeEntityAddrvec, type EntityAddrvec } from '../../codec/type/entity-addr.ts'
import { decodeUtime, encodeUtime, type Utime, UTIME_ZERO } from '../../codec/type/utime.ts'
import type { Writer } from '../../codec/writer.ts'
import { MDS_COMPAT_DEFAULT } from './compat.ts'

/** States of daemons (negative) and of ranks. Source: ceph src/include/ceph_fs.h CEPH_MDS_STATE_*. */
export const MDS_STATE = {
  DNE: 0,
  STOPPED: -1,
  BOOT: -4,
  STANDBY: -5,
  CREATING: -6,
  STARTING: -7,
  STANDBY_REPLAY: -8,
  NULL: -10,
  REPLAY: 8,
  RESOLVE: 9,
  RECONNECT: 10,
  REJOIN: 11,
  CLIENTREPLAY: 12,
  ACTIVE: 13,
  STOPPING: 14,
  DAMAGED: 15,
} as const

const STATE_NAMES: ReadonlyMap<number, string> = new Map([
  [MDS_STATE.DNE, 'down:dne'],
  [MDS_STATE.STOPPED, 'down:stopped'],
  [MDS_STATE.DAMAGED, 'down:damaged'],
  [MDS_STATE.BOOT, 'up:boot'],
  [MDS_STATE.STANDBY, 'up:standby'],
  [MDS_STATE.STANDBY_REPLAY, 'up:standby-replay'],
  [MDS_STATE.CREATING, 'up:creating'],
  [MDS_STATE.STARTING, 'up:starting'],
  [MDS_STATE.REPLAY, 'up:replay'],
  [MDS_STATE.RESOLVE, 'up:resolve'],
  [MDS_STATE.RECONNECT, 'up:reconnect'],
  [MDS_STATE.REJOIN, 'up:rejoin'],
  [MDS_STATE.CLIENTREPLAY, 'up:clientreplay'],
  [MDS_STATE.ACTIVE, 'up:active'],
  [MDS_STATE.STOPPING, 'up:stopping'],
])

/** `up:active` for 13. Source: ceph src/common/ceph_strings.cc ceph_mds_state_name. */
export const mdsStateName = (state: number): string => STATE_NAMES.get(state) ?? '???'

export const MDS_RANK_NONE = -1
export const FSCID_NONE = -1

export interface MdsInfo {
  readonly gid: bigint
  readonly name: string
  readonly rank: number
  /** Incarnation: the epoch in which it got its rank. */
  readonly inc: number
  /** One of MDS_STATE. */
  readonly state: number
  readonly stateSeq: bigint
  readonly addrs: EntityAddrvec
  /** Zero while beacons come in time. */
  readonly laggySince: Utime
  readonly exportTargets: ReadonlySet<number>
  readonly mdsFeatures: bigint
  /** The file system it would rather serve. */
  readonly joinFscid: number
  readonly flags: bigint
  readonly compat: CompatSet
}

export const EMPTY_MDS_INFO: MdsInfo = {
  gid: 0n,
  name: '',
  rank: MDS_RANK_NONE,
  inc: 0,
  state: MDS_STATE.STANDBY,
  stateSeq: 0n,
  addrs: [],
  laggySince: UTIME_ZERO,
  exportTargets: new Set(),
  mdsFeatures: 0n,
  joinFscid: FSCID_NONE,
  flags: 0n,
  compat: MDS_COMPAT_DEFAULT,
}

const STRUCT_V = 10
const STRUCT_V_OLDEST = 9

export const decodeMdsInfo = (r: Reader): MdsInfo =>
  r.versioned(STRUCT_V, (structV) => {
    if (!r.failed && structV < STRUCT_V_OLDEST) r.bad(`mds_info_t version ${structV}`)
    const head = {
      gid: r.u64(),
      name: r.string(),
      rank: r.i32(),
      inc: r.i32(),
      state: r.i32(),
      stateSeq: r.u64(),
      addrs: decodeEntityAddrvec(r),
      laggySince: decodeUtime(r),
    }
    r.i32()
    r.string()
    const tail = { exportTargets: r.set(r.i32), mdsFeatures: r.u64(), joinFscid: r.i32() }
    r.bool()
    return {
      ...head,
      ...tail,
      flags: r.u64(),
      compat: structV >= STRUCT_V ? decodeCompatSet(r) : MDS_COMPAT_DEFAULT,
    }
  })

export const encodeMdsInfo = (w: Writer, info: MdsInfo): void =>
  w.versioned(STRUCT_V, 4, () => {
    w.u64(info.gid)
    w.string(info.name)
    w.i32(info.rank)
    w.i32(info.inc)
    w.i32(info.state)
    w.u64(info.stateSeq)
    encodeEntityAddrvec(w, info.addrs)
    encodeUtime(w, info.laggySince)
    // Whom it stood by for, gone since Nautilus.
    w.i32(MDS_RANK_NONE)
    w.string('')
    w.set(info.exportTargets, byNumber, (out, rank) => out.i32(rank))
    w.u64(info.mdsFeatures)
    w.i32(info.joinFscid)
    w.bool(false)
    w.u64(info.flags)
    encodeCompatSet(w, info.compat)
  })
