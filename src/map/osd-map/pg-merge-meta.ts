/**
 * How the last merge of two placement groups of a pool went.
 *
 * Grammar: versioned 1/1 { pg_t source, u32 ready_epoch, u32 last_epoch_started, u32 last_epoch_clean,
 *          eversion source_version, eversion target_version }.
 * Source: ceph src/osd/osd_types.h pg_merge_meta_t.
 */
import type { JsonRecord } from '../../base/json.ts'
import type { Reader } from '../../codec/reader.ts'
import {
  decodeEversion,
  encodeEversion,
  type Eversion,
  EVERSION_ZERO,
  printEversion,
} from '../../codec/type/eversion.ts'
import { decodePgId, encodePgId, type PgId, printPgId } from '../../codec/type/pg.ts'
import type { Writer } from '../../codec/writer.ts'

export interface PgMergeMeta {
  readonly sourcePg: PgId
  readonly readyEpoch: number
  readonly lastEpochStarted: number
  readonly lastEpochClean: number
  readonly sourceVersion: Eversion
  readonly targetVersion: Eversion
}

export const NO_PG_MERGE: PgMergeMeta = {
  sourcePg: { pool: 0n, seed: 0 },
  readyEpoch: 0,
  lastEpochStarted: 0,
  lastEpochClean: 0,
  sourceVersion: EVERSION_ZERO,
  targetVersion: EVERSION_ZERO,
}

export const decodePgMergeMeta = (r: Reader): PgMergeMeta =>
  r.versioned(1, () => ({
    sourcePg: decodePgId(r),
    readyEpoch: r.u32(),
    lastEpochStarted: r.u32(),
    lastEpochClean: r.u32(),
    sourceVersion: decodeEversion(r),
    targetVersion: decodeEversion(r),
  }))

export const encodePgMergeMeta = (w: Writer, meta: PgMergeMeta): void =>
  w.versioned(1, 1, () => {
    encodePgId(w, meta.sourcePg)
    w.u32(meta.readyEpoch)
    w.u32(meta.lastEpochStarted)
    w.u32(meta.lastEpochClean)
    encodeEversion(w, meta.sourceVersion)
    encodeEversion(w, meta.targetVersion)
  })

export const pgMergeMetaJson = (meta: PgMergeMeta): JsonRecord => ({
  source_pgid: printPgId(meta.sourcePg),
  ready_epoch: meta.readyEpoch,
  last_epoch_started: meta.lastEpochStarted,
  last_epoch_clean: meta.lastEpochClean,
  source_version: printEversion(meta.sourceVersion),
  target_version: printEversion(meta.targetVersion),
})
