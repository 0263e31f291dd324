import { decodeHealthCheckMap, encodeHealthCheckMap, type HealthCheckMap } from '../map/health.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'

/**
 * What a peon finds wrong with itself (disk, clock, version), for the leader.
 *
 * Grammar: paxos prefix, health_check_map_t. Source: ceph src/messages/MMonHealthChecks.h.
 */
export interface MMonHealthChecks {
  readonly _tag: 'MMonHealthChecks'
  /** 1, as it does not belong to a version of any map. */
  readonly version: bigint
  readonly healthChecks: HealthCheckMap
}

export const MMonHealthChecks = messageCodec<MMonHealthChecks>({
  name: 'MMonHealthChecks',
  type: 0x608,
  version: 1,
  decode: (r) => ({
    _tag: 'MMonHealthChecks',
    version: decodePaxosPrefix(r),
    healthChecks: decodeHealthCheckMap(r),
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    encodeHealthCheckMap(w, m.healthChecks)
  },
})
