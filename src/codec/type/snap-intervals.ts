/**
 * A set of snapshot ids as sorted, disjoint, non-adjacent intervals: Ceph's interval_set<snapid_t>.
 *
 * Grammar: map u64 start → u64 length. Source: ceph src/include/interval_set.h.
 */
import { byBigint } from '../../base/ordered.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

/** [start, length], length > 0. */
export type SnapInterval = readonly [start: bigint, length: bigint]
export type SnapIntervals = readonly SnapInterval[]

export const NO_SNAPS: SnapIntervals = []

export const decodeSnapIntervals = (r: Reader): SnapIntervals =>
  r.array((item) => [item.u64(), item.u64()] as const)

export const encodeSnapIntervals = (w: Writer, set: SnapIntervals): void =>
  w.array(set, (out, [start, length]) => {
    out.u64(start)
    out.u64(length)
  })

/** Everything in `a` or `b`. */
export const unionSnaps = (a: SnapIntervals, b: SnapIntervals): SnapIntervals => {
  const out: [bigint, bigint][] = []
  for (const [start, length] of [...a, ...b].sort(([x], [y]) => byBigint(x, y))) {
    const last = out.at(-1)
    if (last === undefined || start > last[0] + last[1]) out.push([start, length])
    else if (start + length > last[0] + last[1]) last[1] = start + length - last[0]
  }
  return out
}

/** Everything in `a` that is not in `b`. */
export const subtractSnaps = (a: SnapIntervals, b: SnapIntervals): SnapIntervals =>
  b.reduce<SnapIntervals>(
    (left, [cutStart, cutLength]) => left.flatMap((i) => cut(i, cutStart, cutLength)),
    a,
  )

const cut = ([start, length]: SnapInterval, cutStart: bigint, cutLength: bigint): SnapInterval[] => {
  const end = start + length
  const cutEnd = cutStart + cutLength
  if (cutEnd <= start || cutStart >= end) return [[start, length]]
  const pieces: SnapInterval[] = [
    [start, cutStart - start],
    [cutEnd, end - cutEnd],
  ]
  return pieces.filter(([, left]) => left > 0n)
}

/** True when all of `part` is in `whole`. */
export const containsSnaps = (whole: SnapIntervals, part: SnapIntervals): boolean =>
  subtractSnaps(part, whole).length === 0

export const hasSnap = (set: SnapIntervals, snap: bigint): boolean =>
  set.some(([start, length]) => start <= snap && snap < start + length)

/** Number of snapshots in the set. */
export const countSnaps = (set: SnapIntervals): bigint => set.reduce((sum, [, length]) => sum + length, 0n)

/** `[1~3,8~1]`, in hex as Ceph prints snapids. */
export const printSnapIntervals = (set: SnapIntervals): string =>
  `[${set.map(([start, length]) => `${start.toString(16)}~${length.toString(16)}`).join(',')}]`
