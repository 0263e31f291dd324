/**
 * crc32c as Ceph uses it: Castagnoli, no initial or final inversion, a pure continuation of `seed`.
 *
 * Shape:  (seed, bytes) → u32; crc32c(crc32c(s, a), b) = crc32c(s, a ++ b); no bytes keep the seed.
 * Source: ceph src/common/crc32c.cc ceph_crc32c; vectors of src/test/common/test_crc32c.cc.
 */
import { crc32c as standard } from '@node-rs/crc32'

/** Seed of frame segments, OSDMap and Incremental. */
export const CRC_SEED = 0xffffffff

export const crc32c = (seed: number, bytes: Buffer): number => ~standard(bytes, ~seed >>> 0) >>> 0
