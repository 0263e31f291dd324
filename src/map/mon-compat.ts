/**
 * Features of a monitor's store, kept under `monitor/feature_set`: whoever opens the store must know them all.
 * Source: ceph src/mon/Monitor.h CEPH_MON_FEATURE_INCOMPAT_*, Monitor.cc get_initial_supported_features.
 */
import type { CompatSet } from '../codec/type/compat-set.ts'

const INCOMPAT: ReadonlyMap<bigint, string> = new Map([
  [1n, 'initial feature set (~v.18)'],
  [3n, 'single paxos with k/v store (v0.?)'],
  [4n, 'support erasure code pools'],
  [5n, 'new-style osdmap encoding'],
  [6n, 'support isa/lrc erasure code'],
  [7n, 'support shec erasure code'],
  [8n, 'support monmap features'],
  [9n, 'luminous ondisk layout'],
  [10n, 'mimic ondisk layout'],
  [11n, 'nautilus ondisk layout'],
  [12n, 'octopus ondisk layout'],
  [13n, 'pacific ondisk layout'],
])

const INITIAL: ReadonlySet<bigint> = new Set([1n, 3n])

/** What this monitor can open. */
export const SUPPORTED_COMPAT: CompatSet = { compat: new Map(), roCompat: new Map(), incompat: INCOMPAT }

/** What mkfs writes; the rest comes with the features of the first quorum. */
export const INITIAL_COMPAT: CompatSet = {
  ...SUPPORTED_COMPAT,
  incompat: new Map([...INCOMPAT].filter(([id]) => INITIAL.has(id))),
}
