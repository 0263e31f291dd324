/** A position in a placement group's log. Grammar: u64 version, u32 epoch. Source: ceph src/osd/osd_types.h eversion_t. */
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface Eversion {
  readonly version: bigint
  readonly epoch: number
}

export const EVERSION_ZERO: Eversion = { version: 0n, epoch: 0 }

export const decodeEversion = (r: Reader): Eversion => ({ version: r.u64(), epoch: r.u32() })

export const encodeEversion = (w: Writer, v: Eversion): void => {
  w.u64(v.version)
  w.u32(v.epoch)
}

/** `12'345`: epoch, then version. */
export const printEversion = (v: Eversion): string => `${v.epoch}'${v.version}`
