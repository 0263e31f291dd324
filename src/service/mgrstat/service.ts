/**
 * MgrStatMonitor: what the active manager reports of placement groups, services and long-running work. Until one
 * reports, everything is zero.
 *
 * Keys: mgrstat/N = PGMapDigest, ServiceMap, map string → ProgressEvent.
 * Source: ceph src/mon/MgrStatMonitor.cc.
 */
import * as E from 'fp-ts/lib/Either.js'
import { invariant } from '../../base/assert.ts'
import { decodeFrom } from '../../codec/reader.ts'
import { utimeOfMs } from '../../codec/type/utime.ts'
import { encoded } from '../../codec/writer.ts'
import { NO_HEALTH_CHECKS } from '../../map/health.ts'
import { decodePgMapDigest, encodePgMapDigest } from '../../map/pg-map-digest/pg-map-digest.ts'
import { decodeProgressEvents, encodeProgressEvents } from '../../map/progress-event.ts'
import { decodeServiceMap, encodeServiceMap } from '../../map/service-map.ts'
import { usedRaw } from '../../map/pg-map-digest/store-statfs.ts'
import type { Op } from '../../store/transaction.ts'
import type { PaxosService, QueryResult, Request, World } from '../contract.ts'
import { putHealth, putVersion } from '../encode.ts'
import { INITIAL_MGRSTAT_STATE, type MgrstatPending, type MgrstatState } from './state.ts'

const updateFromPaxos = ({ store }: World, state: MgrstatState): MgrstatState => {
  const lastCommitted = store.u64('mgrstat', 'last_committed')
  if (lastCommitted === state.lastCommitted) return state
  const bytes = store.get('mgrstat', lastCommitted.toString())
  invariant(bytes !== undefined, `mgrstat ${lastCommitted} is committed and not in the store`)
  const value = decodeFrom(
    (r) => ({
      digest: decodePgMapDigest(r),
      serviceMap: decodeServiceMap(r),
      progressEvents: r.remaining === 0 ? new Map() : decodeProgressEvents(r),
    }),
    bytes,
  )
  invariant(E.isRight(value), `mgrstat ${lastCommitted} in the store cannot be decoded`)
  return { firstCommitted: store.u64('mgrstat', 'first_committed'), lastCommitted, ...value.right }
}

const createPending = ({ committed }: World): MgrstatPending => {
  const { lastCommitted, digest, serviceMap, progressEvents } = committed.mgrstat
  return { version: lastCommitted + 1n, digest, serviceMap, progressEvents }
}

const encodePending = (world: World, pending: MgrstatPending): readonly Op[] => {
  const bytes = encoded((w) => {
    encodePgMapDigest(w, pending.digest)
    encodeServiceMap(w, pending.serviceMap)
    encodeProgressEvents(w, pending.progressEvents)
  })
  return [...putVersion(world, 'mgrstat', pending.version, bytes), putHealth('mgrstat', NO_HEALTH_CHECKS)]
}

const KB = 1024n

const preprocessQuery = (world: World, request: Request): QueryResult => {
  const { message } = request
  const { digest, lastCommitted } = world.committed.mgrstat
  if (message._tag === 'MStatfs') {
    const { statfs } = digest.osdSum
    const answer = {
      _tag: 'MStatfsReply' as const,
      fsid: world.fsid,
      version: lastCommitted,
      kb: statfs.total / KB,
      kbUsed: usedRaw(statfs) / KB,
      kbAvail: statfs.available / KB,
      objectCount: digest.pgSum.stats.numObjects,
    }
    return { _tag: 'Answered', effects: [{ _tag: 'Reply', request, message: answer }] }
  }
  return { _tag: 'Answered', effects: [{ _tag: 'NoReply', request }] }
}

const VERSIONS_KEPT = 5n

export const mgrstatService: PaxosService<'mgrstat'> = {
  name: 'mgrstat',
  initial: INITIAL_MGRSTAT_STATE,
  updateFromPaxos,
  createInitial: (world) => ({
    ...createPending(world),
    serviceMap: { epoch: 1, modified: utimeOfMs(world.now), services: new Map() },
  }),
  createPending,
  encodePending,
  preprocessQuery,
  prepareUpdate: (_world, _pendings, request) => ({
    _tag: 'Answered',
    effects: [{ _tag: 'NoReply', request }],
  }),
  commands: new Map(),
  subscriptions: ['servicemap'],
  subscribe: (world, _session, { start }) => {
    const { serviceMap } = world.committed.mgrstat
    return BigInt(serviceMap.epoch) < start
      ? undefined
      : {
          messages: [{ _tag: 'MServiceMap', serviceMap }],
          next: BigInt(serviceMap.epoch) + 1n,
        }
  },
  trimTo: ({ committed }) =>
    committed.mgrstat.lastCommitted > VERSIONS_KEPT ? committed.mgrstat.lastCommitted - VERSIONS_KEPT : 0n,
}
