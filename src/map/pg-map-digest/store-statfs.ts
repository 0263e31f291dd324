/**
 * How full an object store is, in bytes.
 *
 * Grammar: versioned 1/1 { u64 total, available, internally_reserved; i64 allocated, data_stored, data_compressed,
 *          data_compressed_allocated, data_compressed_original, omap_allocated, internal_metadata }.
 * Source: ceph src/osd/osd_types.h store_statfs_t.
 */
import type { Reader } from '../../codec/reader.ts'
import type { Writer } from '../../codec/writer.ts'

export interface StoreStatfs {
  readonly total: bigint
  readonly available: bigint
  readonly internallyReserved: bigint
  readonly allocated: bigint
  readonly dataStored: bigint
  readonly dataCompressed: bigint
  readonly dataCompressedAllocated: bigint
  readonly dataCompressedOriginal: bigint
  readonly omapAllocated: bigint
  readonly internalMetadata: bigint
}

export const NO_STORE: StoreStatfs = {
  total: 0n,
  available: 0n,
  internallyReserved: 0n,
  allocated: 0n,
  dataStored: 0n,
  dataCompressed: 0n,
  dataCompressedAllocated: 0n,
  dataCompressedOriginal: 0n,
  omapAllocated: 0n,
  internalMetadata: 0n,
}

/** Everything that is not available: what `ceph df` calls RAW USED. */
export const usedRaw = (s: StoreStatfs): bigint => s.total - s.available

export const decodeStoreStatfs = (r: Reader): StoreStatfs =>
  r.versioned(1, () => ({
    total: r.u64(),
    available: r.u64(),
    internallyReserved: r.u64(),
    allocated: r.i64(),
    dataStored: r.i64(),
    dataCompressed: r.i64(),
    dataCompressedAllocated: r.i64(),
    dataCompressedOriginal: r.i64(),
    omapAllocated: r.i64(),
    internalMetadata: r.i64(),
  }))

export const encodeStoreStatfs = (w: Writer, s: StoreStatfs): void =>
  w.versioned(1, 1, () => {
    w.u64(s.total)
    w.u64(s.available)
    w.u64(s.internallyReserved)
    w.i64(s.allocated)
    w.i64(s.dataStored)
    w.i64(s.dataCompressed)
    w.i64(s.dataCompressedAllocated)
    w.i64(s.dataCompressedOriginal)
    w.i64(s.omapAllocated)
    w.i64(s.internalMetadata)
  })
