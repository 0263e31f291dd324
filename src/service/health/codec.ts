/**
 * The health service's own keys: health/quorum, health/leader, health/mutes.
 *
 * Grammar: quorum = map i32 rank → health_check_map_t; leader = health_check_map_t;
 *          mutes = map string → health_mute_t
 * Source: ceph src/mon/HealthMonitor.cc encode_pending.
 */
import { byBytes, byNumber } from '../../base/ordered.ts'
import type { Reader } from '../../codec/reader.ts'
import { encoded, type Writer } from '../../codec/writer.ts'
import {
  decodeHealthCheckMap,
  decodeHealthMute,
  encodeHealthCheckMap,
  encodeHealthMute,
  type HealthCheckMap,
  type HealthMute,
} from '../../map/health.ts'

export const decodeQuorumChecks = (r: Reader): ReadonlyMap<number, HealthCheckMap> =>
  r.map((k) => k.i32(), decodeHealthCheckMap)

export const encodeQuorumChecks = (w: Writer, checks: ReadonlyMap<number, HealthCheckMap>): void =>
  w.map(checks, byNumber, (out, rank) => out.i32(rank), encodeHealthCheckMap)

export const decodeMutes = (r: Reader): ReadonlyMap<string, HealthMute> => r.map(r.string, decodeHealthMute)

export const encodeMutes = (w: Writer, mutes: ReadonlyMap<string, HealthMute>): void =>
  w.map(mutes, byBytes, (out, code) => out.string(code), encodeHealthMute)

/** Whether two sets of checks say the same: equal checks have equal bytes. */
export const sameChecks = (a: HealthCheckMap, b: HealthCheckMap): boolean =>
  encoded((w) => encodeHealthCheckMap(w, a)).equals(encoded((w) => encodeHealthCheckMap(w, b)))
