/**
 * What is remembered of a placement group besides its contents (pg_history_t).
 *
 * Grammar: versioned 10/4 { u32 epoch_created, u32 last_epoch_started, u32 last_epoch_clean, u32 last_epoch_split,
 *          u32 same_interval_since, u32 same_up_since, u32 same_primary_since, eversion, utime last scrub,
 *          eversion, utime last deep scrub, utime last clean scrub, u32 last_epoch_marked_full,
 *          u32 last_interval_started, u32 last_interval_clean, u32 epoch_pool_created, u64 prior_readable_until_ub }
 * Source: ceph src/osd/osd_types.cc pg_history_t::encode. Versions before 10 (Octopus) are refused.
 */
import type { Reader } from '../../../codec/reader.ts'
import { decodeEversion, encodeEversion, type Eversion, EVERSION_ZERO } from '../../../codec/type/eversion.ts'
import { decodeUtime, encodeUtime, type Utime } from '../../../codec/type/utime.ts'
import type { Writer } from '../../../codec/writer.ts'

/** Epochs, unless the name says otherwise. */
export interface PgHistory {
  readonly epochCreated: number
  readonly lastEpochStarted: number
  readonly lastEpochClean: number
  readonly lastEpochSplit: number
  readonly sameIntervalSince: number
  readonly sameUpSince: number
  readonly samePrimarySince: number
  readonly lastScrub: Eversion
  readonly lastScrubStamp: Utime
  readonly lastDeepScrub: Eversion
  readonly lastDeepScrubStamp: Utime
  readonly lastCleanScrubStamp: Utime
  readonly lastEpochMarkedFull: number
  readonly lastIntervalStarted: number
  readonly lastIntervalClean: number
  readonly epochPoolCreated: number
  /** Nanoseconds. */
  readonly priorReadableUntilUb: bigint
}

/** History of a placement group that is created at `epoch`; 0 and the zero time for one whose history is unknown. */
export const newPgHistory = (epoch: number, stamp: Utime): PgHistory => ({
  epochCreated: epoch,
  lastEpochStarted: 0,
  lastEpochClean: 0,
  lastEpochSplit: 0,
  sameIntervalSince: epoch,
  sameUpSince: epoch,
  samePrimarySince: epoch,
  lastScrub: EVERSION_ZERO,
  lastScrubStamp: stamp,
  lastDeepScrub: EVERSION_ZERO,
  lastDeepScrubStamp: stamp,
  lastCleanScrubStamp: stamp,
  lastEpochMarkedFull: 0,
  lastIntervalStarted: 0,
  lastIntervalClean: 0,
  epochPoolCreated: epoch,
  priorReadableUntilUb: 0n,
})

const VERSION = 10

export const decodePgHistory = (r: Reader): PgHistory =>
  r.versioned(VERSION, (structV) => {
    if (!r.failed && structV < VERSION) r.bad(`pg_history_t version ${structV}`)
    return {
      epochCreated: r.u32(),
      lastEpochStarted: r.u32(),
      lastEpochClean: r.u32(),
      lastEpochSplit: r.u32(),
      sameIntervalSince: r.u32(),
      sameUpSince: r.u32(),
      samePrimarySince: r.u32(),
      lastScrub: decodeEversion(r),
      lastScrubStamp: decodeUtime(r),
      lastDeepScrub: decodeEversion(r),
      lastDeepScrubStamp: decodeUtime(r),
      lastCleanScrubStamp: decodeUtime(r),
      lastEpochMarkedFull: r.u32(),
      lastIntervalStarted: r.u32(),
      lastIntervalClean: r.u32(),
      epochPoolCreated: r.u32(),
      priorReadableUntilUb: r.u64(),
    }
  })

export const encodePgHistory = (w: Writer, history: PgHistory): void =>
  w.versioned(VERSION, 4, () => {
    w.u32(history.epochCreated)
    w.u32(history.lastEpochStarted)
    w.u32(history.lastEpochClean)
    w.u32(history.lastEpochSplit)
    w.u32(history.sameIntervalSince)
    w.u32(history.sameUpSince)
    w.u32(history.samePrimarySince)
    encodeEversion(w, history.lastScrub)
    encodeUtime(w, history.lastScrubStamp)
    encodeEversion(w, history.lastDeepScrub)
    encodeUtime(w, history.lastDeepScrubStamp)
    encodeUtime(w, history.lastCleanScrubStamp)
    w.u32(history.lastEpochMarkedFull)
    w.u32(history.lastIntervalStarted)
    w.u32(history.lastIntervalClean)
    w.u32(history.epochPoolCreated)
    w.u64(history.priorReadableUntilUb)
  })
