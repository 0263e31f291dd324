/**
 * The next epoch's map from this epoch's and an incremental. Every monitor and OSD does the same and compares the
 * checksum of the result, so the order of the steps and every exception in them are Ceph's.
 * Source: ceph src/osd/OSDMap.cc OSDMap::apply_incremental.
 */
import * as E from 'fp-ts/lib/Either.js'
import { invariant } from '../../base/assert.ts'
import type { DecodeError } from '../../codec/error.ts'
import { decodeFrom } from '../../codec/reader.ts'
import {
  containsSnaps,
  NO_SNAPS,
  type SnapIntervals,
  subtractSnaps,
  unionSnaps,
} from '../../codec/type/snap-intervals.ts'
import type { StringMap } from '../../codec/type/string-map.ts'
import { type Utime } from '../../codec/type/utime.ts'
import { decodeCrushMap } from '../crush/codec.ts'
import type { CrushMap } from '../crush/crush-map.ts'
import { RELEASE } from '../release.ts'
import { applyOsdChanges } from './apply-osd.ts'
import { osdMapOf } from './codec.ts'
import { OSDMAP_FLAG, OSDMAP_LEGACY_REQUIRE_FLAGS } from './constant.ts'
import type { Incremental } from './incremental.ts'
import type { OsdMap } from './osd-map.ts'

/**
 * `map` after `inc`, whose epoch must be the next one (asserts otherwise).
 *
 * Errors: BadValue when the incremental is another cluster's, names an OSD at or above max_osd, or purges
 *         snapshots that are not queued; those of decoding when its full map or CRUSH map is none.
 */
export const applyIncremental = (map: OsdMap, inc: Incremental): E.Either<DecodeError, OsdMap> => {
  invariant(inc.epoch === map.epoch + 1, `incremental ${inc.epoch} applied to osdmap ${map.epoch}`)
  if (inc.epoch !== 1 && inc.fsid !== map.fsid) return bad(`incremental of cluster ${inc.fsid}`)
  if (inc.fullmap.length > 0) return osdMapOf(inc.fullmap)
  if (!purgesOnlyQueued(map, inc)) return bad('purged snapshots that were not queued')
  const base: OsdMap = {
    ...map,
    fsid: inc.epoch === 1 ? inc.fsid : map.fsid,
    epoch: inc.epoch,
    modified: inc.modified,
  }
  const osds = applyOsdChanges(base, inc)
  if (E.isLeft(osds)) return osds
  const next = {
    ...base,
    ...applyFlags(base, inc),
    ...applyPools(base, inc),
    ...osds.right,
    ...applyPlacement(base, inc),
  }
  return applyCrush({ ...next, ...applyReleases(next, inc), ...applyRest(base, inc) }, inc)
}

const bad = (what: string): E.Either<DecodeError, never> => E.left({ _tag: 'BadValue', at: 0, what })

/** A copy of `map` with `changes` set and `removed` gone, in that order. */
const updated = <K, V>(
  map: ReadonlyMap<K, V>,
  changes: ReadonlyMap<K, V>,
  removed: Iterable<K> = [],
): ReadonlyMap<K, V> => {
  const gone = [...removed]
  if (changes.size === 0 && gone.length === 0) return map
  const next = new Map([...map, ...changes])
  for (const key of gone) next.delete(key)
  return next
}

const keysWhere = <K, V>(map: ReadonlyMap<K, V>, drop: (value: V) => boolean): K[] =>
  [...map].filter(([, value]) => drop(value)).map(([key]) => key)

const applyFlags = (map: OsdMap, inc: Incremental): Pick<OsdMap, 'flags' | 'requireOsdRelease'> => {
  const { flags, requireOsdRelease } = map
  if (inc.newFlags < 0) return { flags, requireOsdRelease }
  // A cluster on its way to Luminous says the release with a flag.
  const said =
    (inc.newFlags & OSDMAP_FLAG.REQUIRE_KRAKEN) !== 0
      ? RELEASE.kraken
      : (inc.newFlags & OSDMAP_FLAG.REQUIRE_JEWEL) !== 0
        ? RELEASE.jewel
        : RELEASE.unknown
  return { flags: inc.newFlags, requireOsdRelease: Math.max(requireOsdRelease, said) }
}

const applyPools = (map: OsdMap, inc: Incremental) => {
  const changed = new Map([...inc.newPools].map(([id, pool]) => [id, { ...pool, lastChange: inc.epoch }]))
  return {
    poolMax: inc.newPoolMax === -1n ? map.poolMax : Number(inc.newPoolMax),
    pools: updated(map.pools, changed, inc.oldPools),
    poolNames: updated(map.poolNames, inc.newPoolNames, inc.oldPools),
    newRemovedSnaps: inc.newRemovedSnaps,
    newPurgedSnaps: inc.newPurgedSnaps,
    removedSnapsQueue: nextSnapsQueue(map, inc),
  }
}

const purgesOnlyQueued = (map: OsdMap, inc: Incremental): boolean =>
  [...inc.newPurgedSnaps].every(([pool, purged]) => {
    const queued = unionSnaps(
      map.removedSnapsQueue.get(pool) ?? NO_SNAPS,
      inc.newRemovedSnaps.get(pool) ?? NO_SNAPS,
    )
    return containsSnaps(queued, purged)
  })

const nextSnapsQueue = (map: OsdMap, inc: Incremental): ReadonlyMap<bigint, SnapIntervals> => {
  if (inc.newRemovedSnaps.size === 0 && inc.newPurgedSnaps.size === 0) return map.removedSnapsQueue
  const queue = new Map(map.removedSnapsQueue)
  for (const [pool, removed] of inc.newRemovedSnaps)
    queue.set(pool, unionSnaps(queue.get(pool) ?? NO_SNAPS, removed))
  for (const [pool, purged] of inc.newPurgedSnaps) {
    const left = subtractSnaps(queue.get(pool) ?? NO_SNAPS, purged)
    if (left.length === 0) queue.delete(pool)
    else queue.set(pool, left)
  }
  return queue
}

const applyPlacement = (map: OsdMap, inc: Incremental) => ({
  pgTemp: updated(
    map.pgTemp,
    inc.newPgTemp,
    keysWhere(inc.newPgTemp, (osds) => osds.length === 0),
  ),
  primaryTemp: updated(
    map.primaryTemp,
    inc.newPrimaryTemp,
    keysWhere(inc.newPrimaryTemp, (osd) => osd === -1),
  ),
  pgUpmap: updated(map.pgUpmap, inc.newPgUpmap, inc.oldPgUpmap),
  pgUpmapItems: updated(map.pgUpmapItems, inc.newPgUpmapItems, inc.oldPgUpmapItems),
})

const applyReleases = (map: OsdMap, inc: Incremental): Partial<OsdMap> => {
  const client =
    inc.newRequireMinCompatClient !== RELEASE.unchanged && inc.newRequireMinCompatClient > RELEASE.unknown
      ? { requireMinCompatClient: inc.newRequireMinCompatClient }
      : {}
  const release = inc.newRequireOsdRelease
  if (release === RELEASE.unchanged) return client
  const cleared =
    release >= RELEASE.luminous
      ? (map.flags & ~OSDMAP_LEGACY_REQUIRE_FLAGS) | OSDMAP_FLAG.RECOVERY_DELETES
      : map.flags
  const flags = release >= RELEASE.nautilus ? cleared | OSDMAP_FLAG.PGLOG_HARDLIMIT : cleared
  return { ...client, requireOsdRelease: release, flags }
}

const changedTime = (now: Utime, then: Utime): Utime => (now.sec === 0 && now.nsec === 0 ? then : now)
// Ratios are single precision on the wire, and so they print.
const changedRatio = (now: number, then: number): number => (now >= 0 ? Math.fround(now) : then)

const applyRest = (map: OsdMap, inc: Incremental) => ({
  lastUpChange: changedTime(inc.newLastUpChange, map.lastUpChange),
  lastInChange: changedTime(inc.newLastInChange, map.lastInChange),
  erasureCodeProfiles: withProfiles(map, inc),
  blocklist: withBlocklist(map.blocklist, inc.newBlocklist, inc.oldBlocklist),
  rangeBlocklist: withBlocklist(map.rangeBlocklist, inc.newRangeBlocklist, inc.oldRangeBlocklist),
  crushNodeFlags: withFlags(map.crushNodeFlags, inc.newCrushNodeFlags),
  deviceClassFlags: withFlags(map.deviceClassFlags, inc.newDeviceClassFlags),
  clusterSnapshot: inc.clusterSnapshot,
  clusterSnapshotEpoch: inc.clusterSnapshot === '' ? 0 : inc.epoch,
  nearfullRatio: changedRatio(inc.newNearfullRatio, map.nearfullRatio),
  backfillfullRatio: changedRatio(inc.newBackfillfullRatio, map.backfillfullRatio),
  fullRatio: changedRatio(inc.newFullRatio, map.fullRatio),
  stretchMode: inc.changeStretchMode ? inc.newStretchMode : map.stretchMode,
})

// Here removal comes first: a profile can be replaced in one step.
const withProfiles = (map: OsdMap, inc: Incremental): OsdMap['erasureCodeProfiles'] =>
  updated(
    updated<string, StringMap>(map.erasureCodeProfiles, new Map(), inc.oldErasureCodeProfiles),
    inc.newErasureCodeProfiles,
  )

// An entry that is there keeps its end.
const withBlocklist = <K, V>(
  list: ReadonlyMap<K, V>,
  added: ReadonlyMap<K, V>,
  removed: readonly K[],
): ReadonlyMap<K, V> => updated(list, new Map([...added].filter(([addr]) => !list.has(addr))), removed)

const withFlags = (
  flags: ReadonlyMap<number, number>,
  changes: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> =>
  updated(
    flags,
    changes,
    keysWhere(changes, (bits) => bits === 0),
  )

// Comes last: which device classes there still are decides over their flags.
const applyCrush = (map: OsdMap, inc: Incremental): E.Either<DecodeError, OsdMap> => {
  if (inc.crush.length === 0) return E.right(map)
  return E.map((crush: CrushMap) => ({
    ...map,
    crush,
    crushVersion: map.requireOsdRelease >= RELEASE.luminous ? map.crushVersion + 1 : map.crushVersion,
    deviceClassFlags: new Map([...map.deviceClassFlags].filter(([id]) => crush.classNames.has(id))),
  }))(decodeFrom(decodeCrushMap, inc.crush))
}
