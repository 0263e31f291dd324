/**
 * Daemons that the manager knows of besides the cluster's own: rgw, rbd-mirror, nfs, …
 *
 * Grammar: ServiceMap = versioned 1/1 { u32 epoch, utime modified, map string → Service }
 *          Service = versioned 1/1 { map string → Daemon, string summary }
 *          Daemon = versioned 2/1 { u64 gid, entity_addr_t, u32 start_epoch, utime start_stamp,
 *            map string → string metadata, map string → string task_status }
 * Source: ceph src/mgr/ServiceMap.cc.
 */
import { byBytes } from '../base/ordered.ts'
import type { Reader } from '../codec/reader.ts'
import { decodeEntityAddr, encodeEntityAddr, type EntityAddr } from '../codec/type/entity-addr.ts'
import { decodeStringMap, encodeStringMap, type StringMap } from '../codec/type/string-map.ts'
import { decodeUtime, encodeUtime, type Utime, UTIME_ZERO } from '../codec/type/utime.ts'
import type { Writer } from '../codec/writer.ts'

export interface ServiceDaemon {
  readonly gid: bigint
  readonly addr: EntityAddr
  readonly startEpoch: number
  readonly startStamp: Utime
  readonly metadata: StringMap
  readonly taskStatus: StringMap
}

export interface Service {
  readonly daemons: ReadonlyMap<string, ServiceDaemon>
  /** What `ceph status` shows instead of counting daemons; empty as a rule. */
  readonly summary: string
}

export interface ServiceMap {
  readonly epoch: number
  readonly modified: Utime
  readonly services: ReadonlyMap<string, Service>
}

export const EMPTY_SERVICE_MAP: ServiceMap = { epoch: 0, modified: UTIME_ZERO, services: new Map() }

export const decodeServiceDaemon = (r: Reader): ServiceDaemon =>
  r.versioned(2, (structV) => ({
    gid: r.u64(),
    addr: decodeEntityAddr(r),
    startEpoch: r.u32(),
    startStamp: decodeUtime(r),
    metadata: decodeStringMap(r),
    taskStatus: structV >= 2 ? decodeStringMap(r) : new Map(),
  }))

export const encodeServiceDaemon = (w: Writer, daemon: ServiceDaemon): void =>
  w.versioned(2, 1, () => {
    w.u64(daemon.gid)
    encodeEntityAddr(w, daemon.addr)
    w.u32(daemon.startEpoch)
    encodeUtime(w, daemon.startStamp)
    encodeStringMap(w, daemon.metadata)
    encodeStringMap(w, daemon.taskStatus)
  })

export const decodeService = (r: Reader): Service =>
  r.versioned(1, () => ({ daemons: r.map(r.string, decodeServiceDaemon), summary: r.string() }))

export const encodeService = (w: Writer, service: Service): void =>
  w.versioned(1, 1, () => {
    w.map(service.daemons, byBytes, (out, id) => out.string(id), encodeServiceDaemon)
    w.string(service.summary)
  })

export const decodeServiceMap = (r: Reader): ServiceMap =>
  r.versioned(1, () => ({
    epoch: r.u32(),
    modified: decodeUtime(r),
    services: r.map(r.string, decodeService),
  }))

export const encodeServiceMap = (w: Writer, map: ServiceMap): void =>
  w.versioned(1, 1, () => {
    w.u32(map.epoch)
    encodeUtime(w, map.modified)
    w.map(map.services, byBytes, (out, name) => out.string(name), encodeService)
  })
