/**
 * Comparators in the order of Ceph's std::map: numbers by value, strings by the bytes of their encoding.
 */
import { wireBytes } from './text.ts'

export type Compare<A> = (a: A, b: A) => number

export const byNumber: Compare<number> = (a, b) => a - b
export const byBigint: Compare<bigint> = (a, b) => (a < b ? -1 : a > b ? 1 : 0)

// Text that sorts alike in UTF-16 and in UTF-8: nothing at or above the surrogates.
const SAME_ORDER = /^[\0-\ud7ff]*$/

export const byBytes: Compare<string> = (a, b) =>
  SAME_ORDER.test(a) && SAME_ORDER.test(b) ? (a < b ? -1 : a > b ? 1 : 0) : wireBytes(a).compare(wireBytes(b))

/** The entries of a map, sorted by key. */
export const sortedEntries = <K, V>(
  map: ReadonlyMap<K, V>,
  compare: Compare<K>,
): readonly (readonly [K, V])[] => [...map].sort(([a], [b]) => compare(a, b))

/** A copy of `map` with `key` set. */
export const withEntry = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> =>
  new Map(map).set(key, value)

/** A copy of `map` without `key`; the same map when it was not there. */
export const withoutEntry = <K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> => {
  if (!map.has(key)) return map
  const copy = new Map(map)
  copy.delete(key)
  return copy
}
