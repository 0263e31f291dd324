/** Features of monitors (mon_feature_t), which a monmap requires of its members. Source: ceph src/mon/mon_types.h. */
import { RELEASE } from '../release.ts'

export const MON_FEATURE = {
  kraken: 1n << 0n,
  luminous: 1n << 1n,
  mimic: 1n << 2n,
  osdmapPrune: 1n << 3n,
  nautilus: 1n << 4n,
  octopus: 1n << 5n,
  pacific: 1n << 6n,
  pinging: 1n << 7n,
} as const

/** Everything this monitor supports; also what a quorum that supports it makes persistent. */
export const MON_FEATURES_ALL = 0xffn

const NAMES: ReadonlyMap<bigint, string> = new Map([
  [MON_FEATURE.kraken, 'kraken'],
  [MON_FEATURE.luminous, 'luminous'],
  [MON_FEATURE.mimic, 'mimic'],
  [MON_FEATURE.osdmapPrune, 'osdmap-prune'],
  [MON_FEATURE.nautilus, 'nautilus'],
  [MON_FEATURE.octopus, 'octopus'],
  [MON_FEATURE.pacific, 'pacific'],
  [MON_FEATURE.pinging, 'elector-pinging'],
  [1n << 63n, 'reserved'],
])

/** The features of a set, lowest bit first; `unknown` for a bit without a name. */
export const monFeatureNames = (features: bigint): readonly string[] =>
  monFeatureBits(features).map((bit) => NAMES.get(bit) ?? 'unknown')

/** The single-bit features of a set, lowest first. */
export const monFeatureBits = (features: bigint): readonly bigint[] =>
  Array.from({ length: 64 }, (_, i) => 1n << BigInt(i)).filter((bit) => (features & bit) !== 0n)

/** `kraken(1)`, as `--with-value` prints it. */
export const monFeatureNameWithValue = (bit: bigint): string => `${NAMES.get(bit) ?? 'unknown'}(${bit})`

/** The feature of a name, undefined when there is none. */
export const monFeatureOfName = (name: string): bigint | undefined =>
  [...NAMES].find(([, known]) => known === name)?.[0]

const RELEASES = [
  [MON_FEATURE.pacific, RELEASE.pacific],
  [MON_FEATURE.octopus, RELEASE.octopus],
  [MON_FEATURE.nautilus, RELEASE.nautilus],
  [MON_FEATURE.mimic, RELEASE.mimic],
  [MON_FEATURE.luminous, RELEASE.luminous],
  [MON_FEATURE.kraken, RELEASE.kraken],
] as const

/** The newest release whose feature is in the set. Source: ceph src/mon/mon_types.h infer_ceph_release_from_mon_features. */
export const releaseOfMonFeatures = (features: bigint): number =>
  RELEASES.find(([bit]) => (features & bit) !== 0n)?.[1] ?? RELEASE.unknown
