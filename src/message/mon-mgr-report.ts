import { decodeHealthCheckMap, encodeHealthCheckMap, type HealthCheckMap } from '../map/health.ts'
import { decodeProgressEvents, encodeProgressEvents, type ProgressEvents } from '../map/progress-event.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'
import { PRIORITY } from './raw.ts'

/**
 * The active manager's digest of statistics, and what it finds wrong.
 *
 * Grammar: paxos prefix, health_check_map_t, blob ServiceMap, map string → ProgressEvent (2), u64 gid (3); data is
 *          a PGMapDigest. A number in brackets is the first version that has the field.
 * Source: ceph src/messages/MMonMgrReport.h.
 */
export interface MMonMgrReport {
  readonly _tag: 'MMonMgrReport'
  readonly version: bigint
  readonly healthChecks: HealthCheckMap
  /** An encoded ServiceMap; empty when it is as before. */
  readonly serviceMapBytes: Buffer
  readonly progressEvents: ProgressEvents
  /** 0 from a manager that does not say. */
  readonly gid: bigint
  /** An encoded PGMapDigest. */
  readonly digestBytes: Buffer
}

export const MMonMgrReport = messageCodec<MMonMgrReport>({
  name: 'MMonMgrReport',
  type: 0x706,
  version: 3,
  compat: 1,
  oldest: 2,
  priority: PRIORITY.default,
  decode: (r, { version, data }) => ({
    _tag: 'MMonMgrReport',
    version: decodePaxosPrefix(r),
    healthChecks: decodeHealthCheckMap(r),
    serviceMapBytes: r.blob(),
    progressEvents: decodeProgressEvents(r),
    gid: version >= 3 ? r.u64() : 0n,
    digestBytes: data,
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    encodeHealthCheckMap(w, m.healthChecks)
    w.blob(m.serviceMapBytes)
    encodeProgressEvents(w, m.progressEvents)
    w.u64(m.gid)
  },
  data: (m) => m.digestBytes,
})
