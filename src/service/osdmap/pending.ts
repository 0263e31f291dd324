/**
 * The next epoch's incremental while it is being put together, and what the map will look like with it.
 *
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::create_pending.
 */
import { known } from '../../base/assert.ts'
import { withEntry } from '../../base/ordered.ts'
import { UTIME_ZERO } from '../../codec/type/utime.ts'
import type { OptionsView } from '../../config/view.ts'
import { emptyIncremental, type Incremental } from '../../map/osd-map/incremental.ts'
import type { Pool } from '../../map/osd-map/pool.ts'
import type { World } from '../contract.ts'
import { type LeaderNotes, newLeaderNotes, notesUnderMap } from './leader-notes.ts'
import type { OsdmapPending } from './state.ts'

/** A ratio option; more than 1 was meant as a percentage. */
export const ratioOption = (options: OptionsView, name: string): number => {
  const ratio = options.float(name)
  return ratio > 1 ? ratio / 100 : ratio
}

/** Nothing but the next epoch; ratios that the map lacks are filled in from the options. */
export const createPending = (world: World, previous?: OsdmapPending): OsdmapPending => {
  const { map } = world.committed.osdmap
  const empty = emptyIncremental(world.fsid, map.epoch + 1, UTIME_ZERO)
  return {
    _service: 'osdmap',
    inc: {
      ...empty,
      ...(map.backfillfullRatio <= 0
        ? { newBackfillfullRatio: ratioOption(world.options, 'mon_osd_backfillfull_ratio') }
        : {}),
      ...(map.fullRatio <= 0 ? { newFullRatio: ratioOption(world.options, 'mon_osd_full_ratio') } : {}),
      ...(map.nearfullRatio <= 0
        ? { newNearfullRatio: ratioOption(world.options, 'mon_osd_nearfull_ratio') }
        : {}),
    },
    metadata: new Map(),
    createdPgs: new Set(),
    pseudoPurgedSnaps: new Map(),
    notes: notesUnderMap(previous?.notes ?? newLeaderNotes(world.now), map, world.now),
  }
}

/** `pending` with some fields of its incremental replaced. */
export const withInc = (pending: OsdmapPending, change: Partial<Incremental>): OsdmapPending => ({
  ...pending,
  inc: { ...pending.inc, ...change },
})

/** `pending` with other notes; nothing to propose. */
export const withNotes = (pending: OsdmapPending, notes: LeaderNotes): OsdmapPending => ({
  ...pending,
  notes,
})

/** A pool as the next epoch will have it; asserts that there is one of that id. */
export const nextPool = (world: World, pending: OsdmapPending, id: bigint): Pool =>
  known(pending.inc.newPools.get(id) ?? world.committed.osdmap.map.pools.get(id), `pool ${id}`)

/** `pending` with a pool set or replaced. */
export const withPool = (pending: OsdmapPending, id: bigint, pool: Pool): OsdmapPending =>
  withInc(pending, { newPools: withEntry(pending.inc.newPools, id, pool) })
