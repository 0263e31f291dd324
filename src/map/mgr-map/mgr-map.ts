/**
 * The mgrmap: which manager is active, which stand by, and what their modules offer.
 *
 * Grammar: MgrMap = versioned 12/6 { u32 epoch, addrvec active_addrs, u64 active_gid, bool available, string active_name,
 *            map u64 → StandbyInfo, set of string modules, map string → string services, array of ModuleInfo,
 *            utime active_change, map u32 release → set of string, u64 features, u32 last_failure_osd_epoch,
 *            array of addrvec clients, array of string their names }
 *          StandbyInfo = versioned 4/1 { u64 gid, string name, set of string (names of modules), array of ModuleInfo,
 *            u64 features }
 * Source: ceph src/mon/MgrMap.h. Version 11 lacks the clients' names; older ones are refused.
 */
import { byBigint, byBytes, byNumber } from '../../base/ordered.ts'
import type { Reader } from '../../codec/reader.ts'
import { decodeEntityAddrvec, encodeEntityAddrvec, type EntityAddrvec } from '../../codec/type/entity-addr.ts'
import { decodeStringMap, encodeStringMap, type StringMap } from '../../codec/type/string-map.ts'
import { decodeUtime, encodeUtime, type Utime, UTIME_ZERO } from '../../codec/type/utime.ts'
import { encoded, type Writer } from '../../codec/writer.ts'
import { RELEASE } from '../release.ts'
import { decodeModuleInfo, encodeModuleInfo, type ModuleInfo } from './module-info.ts'

export interface MgrStandby {
  readonly gid: bigint
  readonly name: string
  readonly availableModules: readonly ModuleInfo[]
  readonly mgrFeatures: bigint
}

/** A messenger inside the active manager, which is blocklisted with it. */
export interface MgrClientAddrs {
  readonly name: string
  readonly addrs: EntityAddrvec
}

export interface MgrMap {
  readonly epoch: number
  readonly activeAddrs: EntityAddrvec
  /** 0 for none. */
  readonly activeGid: bigint
  readonly available: boolean
  readonly activeName: string
  readonly standbys: ReadonlyMap<bigint, MgrStandby>
  /** Enabled modules. */
  readonly modules: ReadonlySet<string>
  /** Module → where it serves. */
  readonly services: StringMap
  readonly availableModules: readonly ModuleInfo[]
  readonly activeChange: Utime
  /** Release → modules that are always on. */
  readonly alwaysOnModules: ReadonlyMap<number, ReadonlySet<string>>
  readonly activeMgrFeatures: bigint
  readonly lastFailureOsdEpoch: number
  readonly clients: readonly MgrClientAddrs[]
}

const SINCE_OCTOPUS: readonly string[] = [
  'balancer',
  'crash',
  'devicehealth',
  'orchestrator',
  'pg_autoscaler',
  'progress',
  'rbd_support',
  'status',
  'telemetry',
  'volumes',
]

/** Source: ceph src/mon/MgrMonitor.cc always_on_modules. */
export const ALWAYS_ON_MODULES: MgrMap['alwaysOnModules'] = new Map([
  [
    RELEASE.nautilus,
    new Set([
      'balancer',
      'crash',
      'devicehealth',
      'orchestrator_cli',
      'progress',
      'rbd_support',
      'status',
      'volumes',
    ]),
  ],
  [RELEASE.octopus, new Set(SINCE_OCTOPUS)],
  [RELEASE.pacific, new Set(SINCE_OCTOPUS)],
])

/** mgr_initial_modules by default. */
export const INITIAL_MODULES: readonly string[] = ['restful', 'iostat', 'nfs']

/** What a MgrMap is before anything is known. */
export const EMPTY_MGR_MAP: MgrMap = {
  epoch: 0,
  activeAddrs: [],
  activeGid: 0n,
  available: false,
  activeName: '',
  standbys: new Map(),
  modules: new Set(),
  services: new Map(),
  availableModules: [],
  activeChange: UTIME_ZERO,
  alwaysOnModules: new Map(),
  activeMgrFeatures: 0n,
  lastFailureOsdEpoch: 0,
  clients: [],
}

/** Epoch 1 of a new cluster: no manager. Source: ceph src/mon/MgrMonitor.cc MgrMonitor::create_initial. */
export const initialMgrMap = (modules: Iterable<string> = INITIAL_MODULES): MgrMap => ({
  ...EMPTY_MGR_MAP,
  epoch: 1,
  modules: new Set(modules),
  alwaysOnModules: ALWAYS_ON_MODULES,
})

const STANDBY_V = 4

export const decodeMgrStandby = (r: Reader): MgrStandby =>
  r.versioned(STANDBY_V, (structV) => {
    const gid = r.u64()
    const name = r.string()
    if (structV >= 2) r.set(r.string)
    return {
      gid,
      name,
      availableModules: structV >= 3 ? r.array(decodeModuleInfo) : [],
      mgrFeatures: structV >= 4 ? r.u64() : 0n,
    }
  })

const putString = (w: Writer, text: string): void => w.string(text)

export const encodeMgrStandby = (w: Writer, standby: MgrStandby): void =>
  w.versioned(STANDBY_V, 1, () => {
    w.u64(standby.gid)
    w.string(standby.name)
    // The names alone, for readers older than Mimic.
    w.set(new Set(standby.availableModules.map((module) => module.name)), byBytes, putString)
    w.array(standby.availableModules, encodeModuleInfo)
    w.u64(standby.mgrFeatures)
  })

const MAP_V = 12
const MAP_V_OLDEST = 11
const MAP_COMPAT = 6

export const decodeMgrMap = (r: Reader): MgrMap =>
  r.versioned(MAP_V, (structV) => {
    if (!r.failed && structV < MAP_V_OLDEST) r.bad(`MgrMap version ${structV}`)
    const fields = {
      epoch: r.u32(),
      activeAddrs: decodeEntityAddrvec(r),
      activeGid: r.u64(),
      available: r.bool(),
      activeName: r.string(),
      standbys: r.map(r.u64, decodeMgrStandby),
      modules: r.set(r.string),
      services: decodeStringMap(r),
      availableModules: r.array(decodeModuleInfo),
      activeChange: decodeUtime(r),
      alwaysOnModules: r.map(r.u32, (item) => item.set(item.string)),
      activeMgrFeatures: r.u64(),
      lastFailureOsdEpoch: r.u32(),
    }
    const addrs = r.array(decodeEntityAddrvec)
    const names = structV >= MAP_V ? r.array(r.string) : addrs.map(() => '')
    if (names.length !== addrs.length) r.bad(`${names.length} names of ${addrs.length} mgr clients`)
    return { ...fields, clients: addrs.map((a, i) => ({ name: names[i] ?? '', addrs: a })) }
  })

export const encodeMgrMap = (w: Writer, map: MgrMap): void =>
  w.versioned(MAP_V, MAP_COMPAT, () => {
    w.u32(map.epoch)
    encodeEntityAddrvec(w, map.activeAddrs)
    w.u64(map.activeGid)
    w.bool(map.available)
    w.string(map.activeName)
    w.map(map.standbys, byBigint, (out, gid) => out.u64(gid), encodeMgrStandby)
    w.set(map.modules, byBytes, putString)
    encodeStringMap(w, map.services)
    w.array(map.availableModules, encodeModuleInfo)
    encodeUtime(w, map.activeChange)
    w.map(
      map.alwaysOnModules,
      byNumber,
      (out, release) => out.u32(release),
      (out, modules) => out.set(modules, byBytes, putString),
    )
    w.u64(map.activeMgrFeatures)
    w.u32(map.lastFailureOsdEpoch)
    w.array(map.clients, (out, client) => encodeEntityAddrvec(out, client.addrs))
    w.array(map.clients, (out, client) => out.string(client.name))
  })

export const mgrMapBytes = (map: MgrMap): Buffer => encoded((w) => encodeMgrMap(w, map))
