/**
 * What a leader remembers of OSDs without committing it: who reports whom, who has been heard of when, how far their
 * placement groups are. A new leader begins with nothing.
 *
 * Source: ceph src/mon/OSDMonitor.h failure_info, last_osd_report, down_pending_out, osd_epochs, LastEpochClean.
 */
import type { PgId } from '../../codec/type/pg.ts'
import { osdExists, osdIsDown, osdIsIn, osdIsUp, type OsdMap } from '../../map/osd-map/osd-map.ts'

export interface BeaconNote {
  readonly atMs: number
  readonly intervalSec: number
  /** The epoch that the OSD had. */
  readonly epoch: number
}

export interface LeaderNotes {
  /** Since when this monitor leads; 0 in notes that nobody has made yet. */
  readonly sinceMs: number
  /** OSD → who reports it → since when it fails to answer, ms since 1970. */
  readonly failures: ReadonlyMap<number, ReadonlyMap<number, number>>
  readonly beacons: ReadonlyMap<number, BeaconNote>
  /** OSDs that are in and down → since when, as far as this leader knows. */
  readonly downSinceMs: ReadonlyMap<number, number>
  /** Pool → placement group → an epoch in which it was clean. */
  readonly cleanEpochs: ReadonlyMap<bigint, ReadonlyMap<number, number>>
}

export const newLeaderNotes = (now: number): LeaderNotes => ({
  sinceMs: now,
  failures: new Map(),
  beacons: new Map(),
  downSinceMs: new Map(),
  cleanEpochs: new Map(),
})

const onlyKeys = <V>(map: ReadonlyMap<number, V>, keep: (key: number) => boolean): ReadonlyMap<number, V> =>
  new Map([...map].filter(([key]) => keep(key)))

/** The notes under a new map: what it has settled is forgotten, what it begins is noted. */
export const notesUnderMap = (notes: LeaderNotes, map: OsdMap, now: number): LeaderNotes => {
  const isDownAndIn = (osd: number): boolean =>
    osdExists(map, osd) && osdIsDown(map, osd) && osdIsIn(map, osd)
  const downSinceMs = new Map(
    [...map.osds.keys()].filter(isDownAndIn).map((osd) => [osd, notes.downSinceMs.get(osd) ?? now] as const),
  )
  return {
    ...notes,
    failures: onlyKeys(notes.failures, (osd) => osdIsUp(map, osd)),
    beacons: onlyKeys(notes.beacons, (osd) => osdIsUp(map, osd)),
    downSinceMs,
    cleanEpochs: new Map([...notes.cleanEpochs].filter(([pool]) => map.pools.has(pool))),
  }
}

/** One more report that `target` has not answered `reporter` since `sinceMs`. */
export const withFailureReport = (
  notes: LeaderNotes,
  target: number,
  reporter: number,
  sinceMs: number,
): LeaderNotes => {
  const reports = new Map(notes.failures.get(target)).set(reporter, sinceMs)
  return { ...notes, failures: new Map(notes.failures).set(target, reports) }
}

export const withoutFailureReport = (notes: LeaderNotes, target: number, reporter: number): LeaderNotes => {
  const reports = onlyKeys(notes.failures.get(target) ?? new Map<number, number>(), (osd) => osd !== reporter)
  const failures = new Map(notes.failures)
  if (reports.size === 0) failures.delete(target)
  else failures.set(target, reports)
  return { ...notes, failures }
}

/** What a beacon tells: the OSD lives, and its groups were clean in `cleanEpoch`. */
export const withBeacon = (
  notes: LeaderNotes,
  osd: number,
  beacon: BeaconNote,
  pgs: readonly PgId[],
  cleanEpoch: number,
): LeaderNotes => {
  const cleanEpochs = new Map(notes.cleanEpochs)
  for (const { pool, seed } of pgs) {
    const epochs = new Map(cleanEpochs.get(pool))
    // The latest report counts, as in the original, whoever makes it.
    cleanEpochs.set(pool, epochs.set(seed, cleanEpoch))
  }
  return { ...notes, beacons: new Map(notes.beacons).set(osd, beacon), cleanEpochs }
}

/**
 * The oldest epoch that an OSD or a placement group may still need; 0 while not every group has been reported.
 * Source: OSDMonitor::get_min_last_epoch_clean, LastEpochClean::get_lower_bound.
 */
export const oldestNeededEpoch = (notes: LeaderNotes, map: OsdMap): number => {
  let floor = map.epoch
  for (const [id, pool] of map.pools) {
    const epochs = notes.cleanEpochs.get(id)
    for (let seed = 0; seed < pool.pgNum; seed++) {
      const epoch = epochs?.get(seed)
      if (epoch === undefined) return 0
      floor = Math.min(floor, epoch)
    }
  }
  for (const { epoch } of notes.beacons.values()) floor = Math.min(floor, epoch)
  return floor
}
