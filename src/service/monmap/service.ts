/**
 * MonmapMonitor: who is a monitor. Its first version turns the map of mkfs into epoch 1, with all features on.
 *
 * Keys: monmap/N = MonMap; monitor/cluster_fingerprint with the first.
 * Source: ceph src/mon/MonmapMonitor.cc.
 */
import * as E from 'fp-ts/lib/Either.js'
import { entropyBytes } from '../../auth/entropy.ts'
import { invariant } from '../../base/assert.ts'
import { decodeFrom } from '../../codec/reader.ts'
import { utimeOfMs } from '../../codec/type/utime.ts'
import { MON_FEATURES_ALL } from '../../map/mon-map/mon-feature.ts'
import { decodeMonMap, monMapBytes } from '../../map/mon-map/mon-map.ts'
import { decodeMonMetadata } from '../../map/mon-metadata.ts'
import { NO_HEALTH_CHECKS } from '../../map/health.ts'
import { RELEASE } from '../../map/release.ts'
import { put, type Op } from '../../store/transaction.ts'
import type { PaxosService, World } from '../contract.ts'
import { printMonMapSummary } from '../../map/mon-map/print.ts'
import { putHealth, putVersion } from '../encode.ts'
import { monAdd } from './command/add.ts'
import {
  monDisallowedLeader,
  monEnableStretchMode,
  monSetElectionStrategy,
  monSetNewTiebreaker,
} from './command/election-strategy.ts'
import { monEnableMsgr2 } from './command/enable-msgr2.ts'
import { monFeatureSet } from './command/feature-set.ts'
import { monRemove } from './command/rm.ts'
import { monSetAddrs } from './command/set-addrs.ts'
import { monSetLocation } from './command/set-location.ts'
import { monSetRank } from './command/set-rank.ts'
import { monSetWeight } from './command/set-weight.ts'
import { monDump } from './command/dump.ts'
import { monFeatureLs } from './command/feature-ls.ts'
import { monGetmap } from './command/getmap.ts'
import { monStat } from './command/stat.ts'
import { preprocessJoin, prepareJoin } from './join.ts'
import { INITIAL_MONMAP_STATE, type MonmapPending, type MonmapState } from './state.ts'
import { NO_MESSAGES } from '../no-messages.ts'

const updateFromPaxos = (world: World, state: MonmapState): MonmapState => {
  const { store } = world
  const lastCommitted = store.u64('monmap', 'last_committed')
  const metadataBytes = store.get('monitor_store', 'last_metadata')
  const metadata = metadataBytes === undefined ? undefined : decodeFrom(decodeMonMetadata, metadataBytes)
  const withMetadata =
    metadata !== undefined && E.isRight(metadata) ? { ...state, metadata: metadata.right } : state
  if (lastCommitted === state.lastCommitted) return withMetadata
  const bytes = store.get('monmap', lastCommitted.toString())
  invariant(bytes !== undefined, `monmap ${lastCommitted} is committed and not in the store`)
  const map = decodeFrom(decodeMonMap, bytes)
  invariant(E.isRight(map), `monmap ${lastCommitted} in the store cannot be decoded`)
  return {
    ...withMetadata,
    firstCommitted: store.u64('monmap', 'first_committed'),
    lastCommitted,
    map: map.right,
  }
}

const createInitial = (world: World): MonmapPending => ({
  map: {
    ...world.monmap,
    epoch: 1,
    lastChanged: utimeOfMs(world.now),
    persistentFeatures: MON_FEATURES_ALL,
    minMonRelease: RELEASE.pacific,
  },
  isChanged: false,
})

const createPending = (world: World): MonmapPending => {
  const { map } = world.committed.monmap
  return { map: { ...map, epoch: map.epoch + 1, lastChanged: utimeOfMs(world.now) }, isChanged: false }
}

const FINGERPRINT_BYTES = 16

const encodePending = (world: World, { map }: MonmapPending): readonly Op[] => [
  ...putVersion(world, 'monmap', BigInt(map.epoch), monMapBytes(map)),
  ...(world.store.has('monitor', 'cluster_fingerprint')
    ? []
    : [
        put(
          'monitor',
          'cluster_fingerprint',
          entropyBytes(world.entropy, 'cluster fingerprint', FINGERPRINT_BYTES),
        ),
      ]),
  putHealth('monmap', NO_HEALTH_CHECKS),
]

export const monmapService: PaxosService<'monmap'> = {
  name: 'monmap',
  initial: INITIAL_MONMAP_STATE,
  updateFromPaxos,
  createInitial,
  createPending,
  encodePending,
  preprocessQuery: (world, request) =>
    request.message._tag === 'MMonJoin'
      ? preprocessJoin(world, request, request.message)
      : NO_MESSAGES.preprocessQuery(world, request),
  prepareUpdate: (world, pendings, request) =>
    request.message._tag === 'MMonJoin'
      ? prepareJoin(pendings, request, request.message)
      : NO_MESSAGES.prepareUpdate(world, pendings, request),
  commands: new Map([
    ['mon stat', monStat],
    ['mon dump', monDump],
    ['mon getmap', monGetmap],
    ['mon add', monAdd],
    ['mon rm', monRemove],
    ['mon remove', monRemove],
    ['mon feature ls', monFeatureLs],
    ['mon feature set', monFeatureSet],
    ['mon set-rank', monSetRank],
    ['mon set-addrs', monSetAddrs],
    ['mon set-weight', monSetWeight],
    ['mon set_location', monSetLocation],
    ['mon enable-msgr2', monEnableMsgr2],
    ['mon set election_strategy', monSetElectionStrategy],
    ['mon add disallowed_leader', monDisallowedLeader],
    ['mon rm disallowed_leader', monDisallowedLeader],
    ['mon set_new_tiebreaker', monSetNewTiebreaker],
    ['mon enable_stretch_mode', monEnableStretchMode],
  ]),
  describe: ({ monmap }) => `monmap ${printMonMapSummary(monmap)}`,
  subscriptions: ['monmap'],
  subscribe: (world, _session, { start }) => {
    // Before the first commit there is only the map of mkfs, and clients must not take it for the cluster's.
    const epoch = BigInt(world.monmap.epoch)
    return epoch === 0n || epoch < start
      ? undefined
      : { messages: [{ _tag: 'MMonMap', monmapBytes: monMapBytes(world.monmap) }], next: epoch + 1n }
  },
}
