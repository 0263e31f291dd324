/**
 * From the pending incremental to the operations of a proposal: what must be derived at the last moment is filled in,
 * the full map is made and its checksum put into the incremental.
 *
 * Order of the operations, as the original writes them: `osd_pg_creating/creating`, cleaned-out snapshot keys with the
 * first Octopus map, `osdmap/full_N`, `osdmap/N`, last_committed, OSD metadata, purged snapshots, `health/osdmap`.
 *
 * Differs: pg_temp is not primed, so that OSDs ask for it themselves as they do when the original skips that step
 * (mon_osd_prime_pg_temp = false).
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::encode_pending.
 */
import { known } from '../../base/assert.ts'
import { byNumber, sortedEntries } from '../../base/ordered.ts'
import { type Utime, utimeOfMs } from '../../codec/type/utime.ts'
import { encoded } from '../../codec/writer.ts'
import { minCompatClient } from '../../map/osd-map/min-compat-client.ts'
import { osdMapBytes, osdMapCrc } from '../../map/osd-map/codec.ts'
import { OSD_STATE, POOL_FLAG } from '../../map/osd-map/constant.ts'
import type { Incremental } from '../../map/osd-map/incremental.ts'
import { incrementalBytes } from '../../map/osd-map/incremental-codec.ts'
import type { OsdMap } from '../../map/osd-map/osd-map.ts'
import { RELEASE } from '../../map/release.ts'
import { erase, eraseRange, put, type Op } from '../../store/transaction.ts'
import type { World } from '../contract.ts'
import { putHealth, putVersion } from '../encode.ts'
import { type CreatingPgs, encodeCreatingPgs, stillCreatingPool } from './creating-pgs/creating-pgs.ts'
import { updateCreatingPgs } from './creating-pgs/update.ts'
import { checkOsdMapHealth } from './health.ts'
import { withCleanTemps } from './clean-temps.ts'
import { projectedMap } from './projected.ts'
import { purgedSnapOps } from './snap-key.ts'
import type { OsdmapPending } from './state.ts'
import { withTiersFollowing } from './tier-propagation.ts'

/** Operations of the proposal that makes `pending` the next epoch. */
export const encodePending = (world: World, pending: OsdmapPending): readonly Op[] => {
  const { map, creatingPgs } = world.committed.osdmap
  const asked = withTiersFollowing(
    map,
    withoutEmptyStates({ ...pending.inc, modified: utimeOfMs(world.now) }),
  )
  const stamped = stampChanges(map, withCleanTemps(map, projectedMap(map, asked), asked))
  const draft = projectedMap(map, stamped)
  const creating = updateCreatingPgs(world, {
    creating: creatingPgs,
    created: pending.createdPgs,
    inc: stamped,
    map,
    next: draft,
  })
  const inc = withMinCompatClient(draft, endCreatingFlags(draft, creating, stamped))
  const next = projectedMap(map, inc)
  const full = osdMapBytes(next)
  return [
    put(
      'osd_pg_creating',
      'creating',
      encoded((w) => encodeCreatingPgs(w, creating)),
    ),
    ...firstOctopusOps(map, draft),
    put('osdmap', `full_${inc.epoch}`, full),
    ...putVersion(world, 'osdmap', BigInt(inc.epoch), incrementalBytes(inc, osdMapCrc(full))),
    ...metadataOps(pending),
    ...purgedSnapOps(world, inc, pending.pseudoPurgedSnaps),
    putHealth('osdmap', checkOsdMapHealth(world.options, next)),
  ]
}

// A state change of 0 would be read as UP.
const withoutEmptyStates = (inc: Incremental): Incremental => ({
  ...inc,
  newState: new Map([...inc.newState].filter(([, bits]) => bits !== 0)),
})

const stampChanges = (map: OsdMap, inc: Incremental): Incremental => {
  const upChanges =
    inc.newUpClient.size > 0 || [...inc.newState.values()].some((s) => (s & OSD_STATE.UP) !== 0)
  const inChanges = [...inc.newWeight].some(
    ([osd, weight]) => (weight !== 0) !== ((map.osds[osd]?.weight ?? 0) !== 0),
  )
  const stamp = (changes: boolean, old: Utime): Utime => (changes ? inc.modified : old)
  return {
    ...inc,
    newLastUpChange: stamp(upChanges, inc.newLastUpChange),
    newLastInChange: stamp(inChanges, inc.newLastInChange),
  }
}

// A pool is being created until the last of its groups is.
const endCreatingFlags = (draft: OsdMap, creating: CreatingPgs, inc: Incremental): Incremental => {
  const newPools = new Map(inc.newPools)
  for (const [id, pool] of draft.pools) {
    if ((pool.flags & POOL_FLAG.CREATING) === 0n || stillCreatingPool(creating, id)) continue
    const changed = newPools.get(id) ?? pool
    newPools.set(id, { ...changed, flags: changed.flags & ~POOL_FLAG.CREATING })
  }
  return { ...inc, newPools }
}

const withMinCompatClient = (draft: OsdMap, inc: Incremental): Incremental =>
  draft.requireMinCompatClient === RELEASE.unknown
    ? { ...inc, newRequireMinCompatClient: minCompatClient(draft) }
    : inc

// Keys that older releases kept; '`' follows '_'.
const firstOctopusOps = (map: OsdMap, draft: OsdMap): readonly Op[] =>
  map.requireOsdRelease < RELEASE.octopus && draft.requireOsdRelease >= RELEASE.octopus
    ? [
        eraseRange('osd_snap', 'removed_snap_', 'removed_snap`'),
        eraseRange('osd_snap', 'removed_epoch_', 'removed_epoch`'),
      ]
    : []

const metadataOps = (pending: OsdmapPending): readonly Op[] => {
  const entries = sortedEntries(pending.metadata, byNumber)
  const written = entries.filter(([, bytes]) => bytes !== undefined)
  return [
    ...written.map(([osd, bytes]) => put('osd_metadata', osd.toString(), known(bytes, 'metadata'))),
    ...entries
      .filter(([, bytes]) => bytes === undefined)
      .map(([osd]) => erase('osd_metadata', osd.toString())),
  ]
}
