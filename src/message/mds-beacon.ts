import { type CompatSet, decodeCompatSet, encodeCompatSet } from '../codec/type/compat-set.ts'
import { decodeStringMap, encodeStringMap, type StringMap } from '../codec/type/string-map.ts'
import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import { decodeMdsHealth, encodeMdsHealth, type MdsHealth } from '../map/mds-health.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'

/**
 * An MDS is alive and in this state, or wants to be; the monitor's answer is the same message.
 *
 * Grammar: paxos prefix, uuid fsid, u64 global id, i32 state, u64 seq, string name, i32 -1, string "", CompatSet,
 *          MDSHealth, [map string → string system info, only in state BOOT], u64 features, i32 -1, bool false (7),
 *          string file system (8). A number in brackets is the first version that has the field.
 * Source: ceph src/messages/MMDSBeacon.h.
 */
export interface MMDSBeacon {
  readonly _tag: 'MMDSBeacon'
  /** The FSMap epoch that the sender has; in the answer the monitor's. */
  readonly version: bigint
  readonly fsid: string
  readonly globalId: bigint
  /** See MDSMap::DaemonState. */
  readonly state: number
  readonly seq: bigint
  readonly name: string
  readonly compat: CompatSet
  readonly health: MdsHealth
  /** Facts about the host; empty unless the state is BOOT. */
  readonly sysInfo: StringMap
  readonly mdsFeatures: bigint
  /** File system that it wants to join; empty for any. */
  readonly fs: string
}

const STATE_BOOT = -4
// What the daemon once asked to stand by for.
const NO_RANK = -1
const NO_NAME = ''
const NO_FSCID = -1
const NO_STANDBY_REPLAY = false
const NO_SYS_INFO: StringMap = new Map()

export const MMDSBeacon = messageCodec<MMDSBeacon>({
  name: 'MMDSBeacon',
  type: 100,
  version: 8,
  compat: 6,
  oldest: 7,
  decode: (r, { version }) => {
    const paxosVersion = decodePaxosPrefix(r)
    const who = {
      fsid: decodeUuid(r),
      globalId: r.u64(),
      state: r.i32(),
      seq: r.u64(),
      name: r.string(),
    }
    r.i32()
    r.string()
    const what = {
      compat: decodeCompatSet(r),
      health: decodeMdsHealth(r),
      sysInfo: who.state === STATE_BOOT ? decodeStringMap(r) : NO_SYS_INFO,
      mdsFeatures: r.u64(),
    }
    r.i32()
    r.bool()
    const fs = version >= 8 ? r.string() : ''
    return { _tag: 'MMDSBeacon', version: paxosVersion, ...who, ...what, fs }
  },
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    encodeUuid(w, m.fsid)
    w.u64(m.globalId)
    w.i32(m.state)
    w.u64(m.seq)
    w.string(m.name)
    w.i32(NO_RANK)
    w.string(NO_NAME)
    encodeCompatSet(w, m.compat)
    encodeMdsHealth(w, m.health)
    if (m.state === STATE_BOOT) encodeStringMap(w, m.sysInfo)
    w.u64(m.mdsFeatures)
    w.i32(NO_FSCID)
    w.bool(NO_STANDBY_REPLAY)
    w.string(m.fs)
  },
})
