/**
 * Which features of an on-disk or wire format somebody uses, in three degrees of compatibility.
 *
 * Grammar: CompatSet = compat, ro_compat, incompat; each u64 mask (bit 0 always clear), map u64 id → string name.
 * Source: ceph src/include/CompatSet.h.
 */
import { byBigint } from '../../base/ordered.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** Feature id, 1 to 63 → name. The mask follows from the ids. */
export type CompatFeatures = ReadonlyMap<bigint, string>

export interface CompatSet {
  readonly compat: CompatFeatures
  readonly roCompat: CompatFeatures
  readonly incompat: CompatFeatures
}

export const EMPTY_COMPAT_SET: CompatSet = { compat: new Map(), roCompat: new Map(), incompat: new Map() }

const ID_MAX = 63n

/** Ids outside 1 to 63 are refused; the mask is read over, as it says nothing more. */
const decodeFeatures = (r: Reader): CompatFeatures => {
  r.u64()
  return r.map((item) => {
    const id = item.u64()
    if (id < 1n || id > ID_MAX) item.bad(`CompatSet feature ${id}`)
    return id
  }, r.string)
}

const encodeFeatures = (w: Writer, features: CompatFeatures): void => {
  w.u64(compatMask(features))
  w.map(
    features,
    byBigint,
    (out, id) => out.u64(id),
    (out, name) => out.string(name),
  )
}

/** Bits of the ids. */
export const compatMask = (features: CompatFeatures): bigint =>
  [...features.keys()].reduce((mask, id) => mask | (1n << id), 0n)

export const decodeCompatSet = (r: Reader): CompatSet => ({
  compat: decodeFeatures(r),
  roCompat: decodeFeatures(r),
  incompat: decodeFeatures(r),
})

export const encodeCompatSet = (w: Writer, set: CompatSet): void => {
  encodeFeatures(w, set.compat)
  encodeFeatures(w, set.roCompat)
  encodeFeatures(w, set.incompat)
}

/** True when a reader of `own` may read what a writer of `other` wrote: it knows every incompatible feature. */
export const isReadableBy = (other: CompatSet, own: CompatSet): boolean =>
  [...other.incompat.keys()].every((id) => own.incompat.has(id))

/** True when it may write there too. */
export const isWriteableBy = (other: CompatSet, own: CompatSet): boolean =>
  isReadableBy(other, own) && [...other.roCompat.keys()].every((id) => own.roCompat.has(id))
