/**
 * What the monitors keep of the active manager's last report: one value of the mgrstat service.
 *
 * Grammar: PGMapDigest, ServiceMap, map string → ProgressEvent.
 * Source: ceph src/mon/MgrStatMonitor.cc MgrStatMonitor::encode_pending.
 */
import type { Reader } from '../codec/reader.ts'
import type { Utime } from '../codec/type/utime.ts'
import { encoded, type Writer } from '../codec/writer.ts'
import {
  decodePgMapDigest,
  EMPTY_PG_MAP_DIGEST,
  encodePgMapDigest,
  type PgMapDigest,
} from './pg-map-digest/pg-map-digest.ts'
import { decodeProgressEvents, encodeProgressEvents, type ProgressEvents } from './progress-event.ts'
import { decodeServiceMap, encodeServiceMap, type ServiceMap } from './service-map.ts'

export interface MgrStat {
  readonly digest: PgMapDigest
  readonly serviceMap: ServiceMap
  readonly progressEvents: ProgressEvents
}

/**
 * Version 1 of a new cluster: nothing but a service map of epoch 1.
 * Source: ceph src/mon/MgrStatMonitor.cc MgrStatMonitor::create_initial.
 */
export const initialMgrStat = (now: Utime): MgrStat => ({
  digest: EMPTY_PG_MAP_DIGEST,
  serviceMap: { epoch: 1, modified: now, services: new Map() },
  progressEvents: new Map(),
})

export const decodeMgrStat = (r: Reader): MgrStat => ({
  digest: decodePgMapDigest(r),
  serviceMap: decodeServiceMap(r),
  progressEvents: decodeProgressEvents(r),
})

export const encodeMgrStat = (w: Writer, stat: MgrStat): void => {
  encodePgMapDigest(w, stat.digest)
  encodeServiceMap(w, stat.serviceMap)
  encodeProgressEvents(w, stat.progressEvents)
}

export const mgrStatBytes = (stat: MgrStat): Buffer => encoded((w) => encodeMgrStat(w, stat))
