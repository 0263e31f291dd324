/**
 * Operations that every service's proposal is made of, in the order in which Ceph writes them: the version, then
 * last_committed, then first_committed when there is none yet.
 *
 * Source: ceph src/mon/PaxosService.h put_version, put_last_committed, put_version_full, put_version_latest_full.
 */
import { encoded } from '../codec/writer.ts'
import { encodeHealthCheckMap, type HealthCheckMap } from '../map/health.ts'
import { put, putU64, type Op } from '../store/transaction.ts'
import type { ServiceName, World } from './contract.ts'

/** `<service>/last_committed`, and first_committed with the first version ever. */
export const putLastCommitted = (world: World, service: ServiceName, version: bigint): readonly Op[] => [
  putU64(service, 'last_committed', version),
  ...(world.committed[service].firstCommitted === 0n ? [putU64(service, 'first_committed', version)] : []),
]

/** `<service>/<version>` = bytes, then the counters. */
export const putVersion = (
  world: World,
  service: ServiceName,
  version: bigint,
  bytes: Buffer,
): readonly Op[] => [put(service, version.toString(), bytes), ...putLastCommitted(world, service, version)]

/** `<service>/full_<version>` and full_latest. */
export const putFull = (service: ServiceName, version: bigint, bytes: Buffer): readonly Op[] => [
  put(service, `full_${version}`, bytes),
  putU64(service, 'full_latest', version),
]

/** `health/<service>`: what the service finds wrong with its own map. Source: PaxosService::encode_health. */
export const putHealth = (service: ServiceName, checks: HealthCheckMap): Op =>
  put(
    'health',
    service,
    encoded((w) => encodeHealthCheckMap(w, checks)),
  )

/**
 * Whether the next proposal stashes a full copy of the committed state: none exists, the last one is about to be
 * trimmed, or it is more than paxos_stash_full_interval versions old.
 *
 * Source: ceph src/mon/PaxosService.cc PaxosService::should_stash_full.
 */
export const shouldStashFull = (world: World, service: ServiceName, trimTo: bigint): boolean => {
  const { store, options, committed } = world
  const latestFull = store.u64(service, 'full_latest')
  return (
    latestFull === 0n ||
    (trimTo > 0n && latestFull <= trimTo) ||
    committed[service].lastCommitted - latestFull > BigInt(options.int('paxos_stash_full_interval'))
  )
}
