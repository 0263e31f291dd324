/**
 * Scores of who can reach whom, gossiped between monitors.
 *
 * Grammar: ConnectionReport = versioned 1/1 { i32 rank, map i32 → bool current, map i32 → f64 history, u32 epoch,
 *            u64 version }
 *          ConnectionTracker = versioned 1/1 { i32 rank, u32 epoch, u64 version, f64 half life,
 *            map i32 → ConnectionReport }
 * Source: ceph src/mon/ConnectionTracker.h, ConnectionTracker.cc.
 */
import { byNumber, withEntry } from '../base/ordered.ts'
import type { Reader } from '../codec/reader.ts'
import type { Writer } from '../codec/writer.ts'

export interface ConnectionReport {
  readonly rank: number
  /** Whether the peer answered last time. */
  readonly current: ReadonlyMap<number, boolean>
  /** 0 never … 1 always. */
  readonly history: ReadonlyMap<number, number>
  readonly epoch: number
  readonly version: bigint
}

export interface ConnectionTracker {
  readonly rank: number
  readonly epoch: number
  readonly version: bigint
  /** In units of the scores' time, seconds. */
  readonly halfLife: number
  readonly reports: ReadonlyMap<number, ConnectionReport>
}

export const decodeConnectionReport = (r: Reader): ConnectionReport =>
  r.versioned(1, () => ({
    rank: r.i32(),
    current: r.map(r.i32, r.bool),
    history: r.map(r.i32, r.f64),
    epoch: r.u32(),
    version: r.u64(),
  }))

const putRank = (w: Writer, rank: number): void => w.i32(rank)

export const encodeConnectionReport = (w: Writer, report: ConnectionReport): void =>
  w.versioned(1, 1, () => {
    w.i32(report.rank)
    w.map(report.current, byNumber, putRank, (out, alive) => out.bool(alive))
    w.map(report.history, byNumber, putRank, (out, score) => out.f64(score))
    w.u32(report.epoch)
    w.u64(report.version)
  })

export const decodeConnectionTracker = (r: Reader): ConnectionTracker =>
  r.versioned(1, () => ({
    rank: r.i32(),
    epoch: r.u32(),
    version: r.u64(),
    halfLife: r.f64(),
    reports: r.map(r.i32, decodeConnectionReport),
  }))

export const encodeConnectionTracker = (w: Writer, tracker: ConnectionTracker): void =>
  w.versioned(1, 1, () => {
    w.i32(tracker.rank)
    w.u32(tracker.epoch)
    w.u64(tracker.version)
    w.f64(tracker.halfLife)
    w.map(tracker.reports, byNumber, putRank, encodeConnectionReport)
  })

const emptyReport = (rank: number): ConnectionReport => ({
  rank,
  current: new Map(),
  history: new Map(),
  epoch: 0,
  version: 0n,
})

/** A monitor of `rank` that has seen nobody yet. */
export const newConnectionTracker = (rank: number, halfLife: number): ConnectionTracker => ({
  rank,
  epoch: 0,
  version: 0n,
  halfLife,
  reports: new Map([[rank, emptyReport(rank)]]),
})

// Scores start at 1: a peer is trusted until it fails.
const FIRST_SCORE = 1

const report = (
  tracker: ConnectionTracker,
  peer: number,
  alive: boolean,
  seconds: number,
): ConnectionTracker => {
  const own = tracker.reports.get(tracker.rank) ?? emptyReport(tracker.rank)
  const share = seconds / (2 * tracker.halfLife)
  const faded = (own.history.get(peer) ?? FIRST_SCORE) * (1 - share)
  const score = alive ? Math.min(1, faded + share) : Math.max(0, faded - share)
  const version = tracker.version + 1n
  const updated: ConnectionReport = {
    ...own,
    version,
    current: withEntry(own.current, peer, alive),
    history: withEntry(own.history, peer, score),
  }
  return { ...tracker, version, reports: withEntry(tracker.reports, tracker.rank, updated) }
}

/** `peer` answered, `seconds` after the last time it was scored. */
export const reportLive = (tracker: ConnectionTracker, peer: number, seconds: number): ConnectionTracker =>
  report(tracker, peer, true, seconds)

/** `peer` has been silent for `seconds` since it was scored. */
export const reportDead = (tracker: ConnectionTracker, peer: number, seconds: number): ConnectionTracker =>
  report(tracker, peer, false, seconds)

/**
 * What `tracker` says about the ranks below `size`: nobody else is worth remembering, and a peer could name millions.
 */
export const withinRanks = (tracker: ConnectionTracker, size: number): ConnectionTracker => {
  const known = <A>(map: ReadonlyMap<number, A>): ReadonlyMap<number, A> =>
    new Map([...map].filter(([rank]) => rank >= 0 && rank < size))
  const reports = [...known(tracker.reports)].filter(([rank, { rank: own }]) => rank === own)
  return {
    ...tracker,
    reports: new Map(
      reports.map(([rank, r]) => [rank, { ...r, current: known(r.current), history: known(r.history) }]),
    ),
  }
}

/**
 * In a later election epoch versions count from 0 again; the same tracker when `epoch` is not later.
 *
 * Source: ceph src/mon/ConnectionTracker.cc increase_epoch, called by ElectionLogic::bump_epoch.
 */
export const withEpoch = (tracker: ConnectionTracker, epoch: number): ConnectionTracker => {
  if (epoch <= tracker.epoch) return tracker
  const own = tracker.reports.get(tracker.rank) ?? emptyReport(tracker.rank)
  return {
    ...tracker,
    epoch,
    version: 0n,
    reports: withEntry(tracker.reports, tracker.rank, { ...own, epoch, version: 0n }),
  }
}

/** Takes over every report of `other` that is newer than ours; nobody tells us about ourselves. */
export const receivePeerReport = (
  tracker: ConnectionTracker,
  other: ConnectionTracker,
): ConnectionTracker => {
  const newer = [...other.reports.values()].filter((theirs) => {
    if (theirs.rank === tracker.rank) return false
    const ours = tracker.reports.get(theirs.rank)
    if (ours === undefined) return true
    return theirs.epoch > ours.epoch || (theirs.epoch === ours.epoch && theirs.version > ours.version)
  })
  if (newer.length === 0) return tracker
  return { ...tracker, reports: new Map([...tracker.reports, ...newer.map((r) => [r.rank, r] as const)]) }
}
