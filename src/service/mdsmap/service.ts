/**
 * MDSMonitor: file systems and their metadata servers. In this slice there are none: the map of a new cluster is
 * kept, shown and handed to subscribers.
 *
 * Keys: mdsmap/N = FSMap.
 * Source: ceph src/mon/MDSMonitor.cc.
 */
import * as E from 'fp-ts/lib/Either.js'
import { invariant } from '../../base/assert.ts'
import { decodeFrom } from '../../codec/reader.ts'
import { decodeFsMap, fsMapBytes } from '../../map/fs-map/fs-map.ts'
import { NO_HEALTH_CHECKS } from '../../map/health.ts'
import type { PaxosService, Subscription, SubscriptionAnswer, World } from '../contract.ts'
import { putHealth, putVersion } from '../encode.ts'
import { fsDump, fsGet, fsLs } from './command/fs.ts'
import { mdsCompatShow, mdsCountMetadata, mdsMetadata, mdsStat, mdsVersions } from './command/mds.ts'
import { INITIAL_MDSMAP_STATE, type MdsmapPending, type MdsmapState } from './state.ts'
import { mdsSummary } from './summary.ts'
import { NO_MESSAGES } from '../no-messages.ts'

const updateFromPaxos = ({ store }: World, state: MdsmapState): MdsmapState => {
  const lastCommitted = store.u64('mdsmap', 'last_committed')
  if (lastCommitted === state.lastCommitted) return state
  const bytes = store.get('mdsmap', lastCommitted.toString())
  invariant(bytes !== undefined, `fsmap ${lastCommitted} is committed and not in the store`)
  const map = decodeFrom(decodeFsMap, bytes)
  invariant(E.isRight(map), `fsmap ${lastCommitted} in the store cannot be decoded`)
  return { firstCommitted: store.u64('mdsmap', 'first_committed'), lastCommitted, map: map.right }
}

const createPending = ({ committed }: World): MdsmapPending => ({
  map: { ...committed.mdsmap.map, epoch: Number(committed.mdsmap.lastCommitted) + 1 },
})

const subscribe = ({ committed }: World, { what, start }: Subscription): SubscriptionAnswer | undefined => {
  const { map } = committed.mdsmap
  if (map.epoch === 0 || BigInt(map.epoch) < start) return undefined
  const next = BigInt(map.epoch) + 1n
  if (what === 'fsmap')
    return { messages: [{ _tag: 'MFSMap', epoch: map.epoch, fsmapBytes: fsMapBytes(map) }], next }
  if (what === 'fsmap.user') {
    const user = {
      _tag: 'MFSMapUser' as const,
      epoch: map.epoch,
      legacyClientFscid: map.legacyClientFscid,
      filesystems: [...map.filesystems.values()].map((fs) => ({ fscid: fs.fscid, name: fs.mdsMap.fsName })),
    }
    return { messages: [user], next }
  }
  return undefined
}

export const mdsmapService: PaxosService<'mdsmap'> = {
  name: 'mdsmap',
  initial: INITIAL_MDSMAP_STATE,
  updateFromPaxos,
  createInitial: createPending,
  createPending,
  encodePending: (world, { map }) => [
    ...putVersion(world, 'mdsmap', BigInt(map.epoch), fsMapBytes(map)),
    putHealth('mdsmap', NO_HEALTH_CHECKS),
  ],
  ...NO_MESSAGES,
  commands: new Map([
    ['fs ls', fsLs],
    ['fs dump', fsDump],
    ['fs get', fsGet],
    ['mds stat', mdsStat],
    ['mds compat show', mdsCompatShow],
    ['mds metadata', mdsMetadata],
    ['mds versions', mdsVersions],
    ['mds count-metadata', mdsCountMetadata],
  ]),
  describe: ({ committed }) => `fsmap ${mdsSummary(committed.mdsmap.map)}`,
  subscriptions: ['fsmap', 'fsmap.user', 'mdsmap', 'mdsmap.'],
  subscribe: (world, _session, subscription) => subscribe(world, subscription),
  trimTo: ({ committed, options }) => {
    const keep = BigInt(options.int('mon_max_mdsmap_epochs'))
    const { lastCommitted } = committed.mdsmap
    return lastCommitted > keep ? lastCommitted - keep : 0n
  },
}
