/** Ceph's release numbers (ceph_release_t, u8 on the wire). Source: ceph src/common/ceph_releases.h. */

const NAMES = [
  'unknown',
  'argonaut',
  'bobtail',
  'cuttlefish',
  'dumpling',
  'emperor',
  'firefly',
  'giant',
  'hammer',
  'infernalis',
  'jewel',
  'kraken',
  'luminous',
  'mimic',
  'nautilus',
  'octopus',
  'pacific',
] as const

export const RELEASE = {
  unknown: 0,
  argonaut: 1,
  dumpling: 4,
  firefly: 6,
  hammer: 8,
  jewel: 10,
  kraken: 11,
  luminous: 12,
  mimic: 13,
  nautilus: 14,
  octopus: 15,
  pacific: 16,
  /** In an OSDMap incremental: leave the map's value alone. */
  unchanged: 0xff,
} as const

/** `pacific` for 16; `unknown` for a number that has no name. */
export const releaseName = (release: number): string => NAMES[release] ?? 'unknown'

/** Inverse of `releaseName`; undefined for a name that is none. */
export const releaseOfName = (name: string): number | undefined => {
  const release = (NAMES as readonly string[]).indexOf(name)
  return release < 1 ? undefined : release
}
