/**
 * Features of connections: what two programs agree they both understand. Later features share bits with retired
 * ones and count only when the bits of their incarnation are set too: bit 57 for the second, 57 and 28 for the third.
 * Source: ceph src/include/ceph_features.h.
 */
import { ENTITY_TYPE } from '../codec/type/entity-name.ts'
import { RELEASE } from './release.ts'

const bit = (n: number): bigint => 1n << BigInt(n)
const INCARNATION_2 = bit(57)
const INCARNATION_3 = bit(57) | bit(28)
const second = (n: number): bigint => bit(n) | INCARNATION_2
const third = (n: number): bigint => bit(n) | INCARNATION_3

/** Masks: the feature is there when all of the mask's bits are. */
export const FEATURE = {
  UID: bit(0),
  NOSRCADDR: bit(1),
  SERVER_NAUTILUS: third(2),
  FLOCK: bit(3),
  SUBSCRIBE2: bit(4),
  MONNAMES: bit(5),
  RECONNECT_SEQ: bit(6),
  DIRLAYOUTHASH: bit(7),
  OBJECTLOCATOR: bit(8),
  PGID64: bit(9),
  INCSUBOSDMAP: bit(10),
  PGPOOL3: bit(11),
  OSDREPLYMUX: bit(12),
  OSDENC: bit(13),
  SERVER_KRAKEN: second(14),
  MONENC: bit(15),
  SERVER_OCTOPUS: third(16),
  OS_PERF_STAT_NS: third(17),
  CRUSH_TUNABLES: bit(18),
  OSD_PGLOG_HARDLIMIT: second(19),
  SERVER_PACIFIC: third(20),
  SERVER_LUMINOUS: second(21),
  OSDMAP_PG_UPMAP: second(21),
  CRUSH_CHOOSE_ARGS: second(21),
  OSD_FIXED_COLLECTION_LIST: second(22),
  MSG_AUTH: bit(23),
  RECOVERY_RESERVATION_2: second(24),
  CRUSH_TUNABLES2: bit(25),
  CREATEPOOLID: bit(26),
  REPLY_CREATE_INODE: bit(27),
  SERVER_MIMIC: second(28),
  MDSENC: bit(29),
  OSDHASHPSPOOL: bit(30),
  STRETCH_MODE: third(32),
  RANGE_BLOCKLIST: third(34),
  OSD_CACHEPOOL: bit(35),
  CRUSH_V2: bit(36),
  EXPORT_PEER: bit(37),
  OSDMAP_ENC: bit(39),
  MDS_INLINE_DATA: bit(40),
  CRUSH_TUNABLES3: bit(41),
  OSD_PRIMARY_AFFINITY: bit(41),
  MSGR_KEEPALIVE2: bit(42),
  OSD_POOLRESEND: bit(43),
  OSD_FADVISE_FLAGS: bit(46),
  MDS_QUOTA: bit(47),
  CRUSH_V4: bit(48),
  NEW_OSDOP_ENCODING: bit(56),
  SERVER_JEWEL: bit(57),
  CRUSH_TUNABLES5: bit(58),
  FS_FILE_LAYOUT_V2: bit(58),
  FS_BTIME: bit(59),
  MSG_ADDR2: bit(59),
  OSD_RECOVERY_DELETES: bit(60),
  CEPHX_V2: bit(61),
} as const

export type FeatureName = keyof typeof FEATURE

/** Everything a 16.2.15 program advertises; retired bits that old peers look for included. */
export const FEATURES_ALL = 0x3f01cfbdfffdffffn

/**
 * What a monitor requires of its fellow monitors once the monmap has every feature.
 * Source: ceph src/mon/Monitor.cc calc_quorum_requirements.
 */
export const MON_REQUIRED_FEATURES =
  FEATURE.OSDMAP_ENC |
  FEATURE.SERVER_KRAKEN |
  FEATURE.SERVER_LUMINOUS |
  FEATURE.SERVER_MIMIC |
  FEATURE.SERVER_NAUTILUS |
  FEATURE.SERVER_OCTOPUS |
  FEATURE.SERVER_PACIFIC |
  FEATURE.CEPHX_V2

/** True when `features` has all of `mask`. */
export const hasFeature = (features: bigint, mask: bigint): boolean => (features & mask) === mask

/**
 * The features on which the encoding of an OSDMap depends: maps are encoded with these and no others, so that all
 * monitors and OSDs write the same bytes.
 * Source: ceph src/osd/OSDMap.h OSDMap::SIGNIFICANT_FEATURES.
 */
export const OSDMAP_FEATURES =
  FEATURE.PGID64 |
  FEATURE.PGPOOL3 |
  FEATURE.OSDENC |
  FEATURE.OSDMAP_ENC |
  FEATURE.OSD_POOLRESEND |
  FEATURE.NEW_OSDOP_ENCODING |
  FEATURE.MSG_ADDR2 |
  FEATURE.CRUSH_TUNABLES5 |
  FEATURE.CRUSH_CHOOSE_ARGS |
  FEATURE.SERVER_LUMINOUS |
  FEATURE.SERVER_MIMIC |
  FEATURE.SERVER_NAUTILUS |
  FEATURE.SERVER_OCTOPUS

// What a client of each release must have, newest first; releases that add nothing are left out.
const RELEASES: readonly (readonly [release: number, adds: bigint])[] = [
  [RELEASE.luminous, FEATURE.CRUSH_CHOOSE_ARGS],
  [RELEASE.kraken, FEATURE.MSG_ADDR2],
  [RELEASE.jewel, FEATURE.CRUSH_TUNABLES5],
  [RELEASE.hammer, FEATURE.CRUSH_V4],
  [RELEASE.firefly, FEATURE.CRUSH_TUNABLES3 | FEATURE.OSD_PRIMARY_AFFINITY | FEATURE.OSD_CACHEPOOL],
  [RELEASE.dumpling, FEATURE.CRUSH_TUNABLES2 | FEATURE.OSDHASHPSPOOL],
  [RELEASE.argonaut, FEATURE.CRUSH_TUNABLES],
]

/**
 * The oldest release whose clients look like these features, as `ceph features` shows it; RELEASE.unknown when
 * not even the oldest does.
 * Source: ceph src/common/ceph_strings.cc ceph_release_from_features.
 */
export const releaseOfFeatures = (features: bigint): number => {
  const missing = RELEASES.findLastIndex(([, adds]) => !hasFeature(features, adds))
  return RELEASES[missing + 1]?.[0] ?? RELEASE.unknown
}

/** What a client must have to be taken for `release`. Source: ceph src/common/ceph_strings.cc ceph_release_features. */
export const featuresOfRelease = (release: number): bigint =>
  RELEASES.reduce(
    (mask, [since, adds]) => (since <= Math.max(release, RELEASE.argonaut) ? mask | adds : mask),
    0n,
  )

/**
 * What a connection from a peer of `entityType` must support, as a monitor with a fresh map asks.
 *
 * Source: ceph src/mon/Monitor.cc (messenger policies), src/mon/OSDMonitor.cc update_msgr_features; recorded streams.
 */
export const requiredFeaturesOf = (entityType: number): bigint =>
  REQUIRED_BY_TYPE.get(entityType) ?? REQUIRED_OF_CLIENTS

const REQUIRED_OF_CLIENTS = 0x0c01020002040000n
const REQUIRED_BY_TYPE: ReadonlyMap<number, bigint> = new Map([
  [ENTITY_TYPE.mon, 0x0800000000200000n],
  [ENTITY_TYPE.mgr, 0x0800000000000000n],
  [ENTITY_TYPE.osd, 0x2e01020002044000n],
])
