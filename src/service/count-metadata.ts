/** How many daemons say what about a property. Source: ceph src/mon/Monitor.cc count_metadata. */
import { byBytes, sortedEntries } from '../base/ordered.ts'

/** Value → count, in order of the values; daemons without the property count as `unknown`. */
export const countMetadata = (
  daemons: Iterable<ReadonlyMap<string, string>>,
  property: string,
): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>()
  for (const daemon of daemons) {
    const value = daemon.get(property) ?? 'unknown'
    counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return sortedEntries(counts, byBytes)
}
