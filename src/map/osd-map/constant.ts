/** Bits and numbers of the OSDMap, under Ceph's spelling. Source: ceph src/include/rados.h, src/osd/osd_types.h. */

/** Bits of an OSD's state. */
export const OSD_STATE = {
  EXISTS: 1,
  UP: 2,
  AUTOOUT: 4,
  NEW: 8,
  FULL: 16,
  NEARFULL: 32,
  BACKFILLFULL: 64,
  DESTROYED: 128,
  NOUP: 256,
  NODOWN: 512,
  NOIN: 1024,
  NOOUT: 2048,
  STOP: 4096,
} as const

/** Weight of an OSD that is in, 1.0 as 16.16 fixed point; out is 0. */
export const OSD_WEIGHT_IN = 0x10000
export const OSD_WEIGHT_OUT = 0
/** Affinity of an OSD that has none set. */
export const PRIMARY_AFFINITY_DEFAULT = 0x10000

/** Flags of the whole map. */
export const OSDMAP_FLAG = {
  NEARFULL: 1 << 0,
  FULL: 1 << 1,
  PAUSERD: 1 << 2,
  PAUSEWR: 1 << 3,
  PAUSEREC: 1 << 4,
  NOUP: 1 << 5,
  NODOWN: 1 << 6,
  NOOUT: 1 << 7,
  NOIN: 1 << 8,
  NOBACKFILL: 1 << 9,
  NORECOVER: 1 << 10,
  NOSCRUB: 1 << 11,
  NODEEP_SCRUB: 1 << 12,
  NOTIERAGENT: 1 << 13,
  NOREBALANCE: 1 << 14,
  SORTBITWISE: 1 << 15,
  REQUIRE_JEWEL: 1 << 16,
  REQUIRE_KRAKEN: 1 << 17,
  REQUIRE_LUMINOUS: 1 << 18,
  RECOVERY_DELETES: 1 << 19,
  PURGED_SNAPDIRS: 1 << 20,
  NOSNAPTRIM: 1 << 21,
  PGLOG_HARDLIMIT: 1 << 22,
} as const

/** Flags that `ceph status` does not show. */
export const OSDMAP_SEMIHIDDEN_FLAGS =
  OSDMAP_FLAG.REQUIRE_JEWEL |
  OSDMAP_FLAG.REQUIRE_KRAKEN |
  OSDMAP_FLAG.REQUIRE_LUMINOUS |
  OSDMAP_FLAG.RECOVERY_DELETES |
  OSDMAP_FLAG.SORTBITWISE |
  OSDMAP_FLAG.PURGED_SNAPDIRS |
  OSDMAP_FLAG.PGLOG_HARDLIMIT

/** Flags that require_osd_release has replaced. */
export const OSDMAP_LEGACY_REQUIRE_FLAGS =
  OSDMAP_FLAG.REQUIRE_JEWEL | OSDMAP_FLAG.REQUIRE_KRAKEN | OSDMAP_FLAG.REQUIRE_LUMINOUS

// In the order in which Ceph prints them; the first two have no name.
const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [OSDMAP_FLAG.PAUSERD, 'pauserd'],
  [OSDMAP_FLAG.PAUSEWR, 'pausewr'],
  [OSDMAP_FLAG.PAUSEREC, 'pauserec'],
  [OSDMAP_FLAG.NOUP, 'noup'],
  [OSDMAP_FLAG.NODOWN, 'nodown'],
  [OSDMAP_FLAG.NOOUT, 'noout'],
  [OSDMAP_FLAG.NOIN, 'noin'],
  [OSDMAP_FLAG.NOBACKFILL, 'nobackfill'],
  [OSDMAP_FLAG.NOREBALANCE, 'norebalance'],
  [OSDMAP_FLAG.NORECOVER, 'norecover'],
  [OSDMAP_FLAG.NOSCRUB, 'noscrub'],
  [OSDMAP_FLAG.NODEEP_SCRUB, 'nodeep-scrub'],
  [OSDMAP_FLAG.NOTIERAGENT, 'notieragent'],
  [OSDMAP_FLAG.NOSNAPTRIM, 'nosnaptrim'],
  [OSDMAP_FLAG.SORTBITWISE, 'sortbitwise'],
  [OSDMAP_FLAG.REQUIRE_JEWEL, 'require_jewel_osds'],
  [OSDMAP_FLAG.REQUIRE_KRAKEN, 'require_kraken_osds'],
  [OSDMAP_FLAG.REQUIRE_LUMINOUS, 'require_luminous_osds'],
  [OSDMAP_FLAG.RECOVERY_DELETES, 'recovery_deletes'],
  [OSDMAP_FLAG.PURGED_SNAPDIRS, 'purged_snapdirs'],
  [OSDMAP_FLAG.PGLOG_HARDLIMIT, 'pglog_hardlimit'],
]

/** Names of the map's flags, in Ceph's order. Source: ceph src/osd/OSDMap.cc OSDMap::get_flag_string. */
export const osdMapFlagNames = (flags: number): readonly string[] =>
  FLAG_NAMES.filter(([flag]) => (flags & flag) !== 0).map(([, name]) => name)

/** Names of an OSD's state bits, sorted. Source: ceph src/osd/OSDMap.h OSDMap::calc_state_set. */
export const osdStateNames = (state: number): readonly string[] =>
  Object.entries(OSD_STATE)
    .filter(([, bit]) => (state & bit) !== 0)
    .map(([name]) => name.toLowerCase())
    .sort()

export const POOL_TYPE = { replicated: 1, erasure: 3 } as const

/** `replicated`, `erasure`; `???` for a number that is none. */
export const poolTypeName = (type: number): string =>
  type === POOL_TYPE.replicated ? 'replicated' : type === POOL_TYPE.erasure ? 'erasure' : '???'

/** Flags of a pool; u64 on the wire. */
export const POOL_FLAG = {
  HASHPSPOOL: 1n << 0n,
  FULL: 1n << 1n,
  EC_OVERWRITES: 1n << 2n,
  INCOMPLETE_CLONES: 1n << 3n,
  NODELETE: 1n << 4n,
  NOPGCHANGE: 1n << 5n,
  NOSIZECHANGE: 1n << 6n,
  WRITE_FADVISE_DONTNEED: 1n << 7n,
  NOSCRUB: 1n << 8n,
  NODEEP_SCRUB: 1n << 9n,
  FULL_QUOTA: 1n << 10n,
  NEARFULL: 1n << 11n,
  BACKFILLFULL: 1n << 12n,
  SELFMANAGED_SNAPS: 1n << 13n,
  POOL_SNAPS: 1n << 14n,
  CREATING: 1n << 15n,
  EIO: 1n << 16n,
  BULK: 1n << 17n,
} as const

const poolFlagName = (name: string): string => (name === 'NODEEP_SCRUB' ? 'nodeep-scrub' : name.toLowerCase())

const POOL_FLAG_NAMES: ReadonlyMap<bigint, string> = new Map(
  Object.entries(POOL_FLAG).map(([name, bit]) => [bit, poolFlagName(name)]),
)

/** Names of a pool's flags, lowest bit first; `???` for a bit without one. */
export const poolFlagNames = (flags: bigint): readonly string[] =>
  Array.from({ length: 64 }, (_, i) => 1n << BigInt(i))
    .filter((bit) => (flags & bit) !== 0n)
    .map((bit) => POOL_FLAG_NAMES.get(bit) ?? '???')

export const AUTOSCALE_MODES = ['off', 'warn', 'on'] as const

export const autoscaleModeName = (mode: number): string => AUTOSCALE_MODES[mode] ?? 'unknown'

/** Cache modes by number. Source: ceph src/osd/osd_types.h pg_pool_t::cache_mode_t. */
export const CACHE_MODES = [
  'none',
  'writeback',
  'forward',
  'readonly',
  'readforward',
  'readproxy',
  'proxy',
] as const

export const cacheModeName = (mode: number): string => CACHE_MODES[mode] ?? 'unknown'
