/** The OSDMap as `ceph osd dump -f json` shows it. Source: ceph src/osd/OSDMap.cc OSDMap::dump, dump_osd. */
import type { Json, JsonRecord } from '../../base/json.ts'
import { jsonFloat } from '../../base/json.ts'
import { byBigint, byBytes, byNumber, sortedEntries } from '../../base/ordered.ts'
import { type AddrKey, addrOfKey, byAddrKey } from '../../codec/type/addr-key.ts'
import { addrvecJson, legacyAddrText } from '../../codec/type/entity-addr-json.ts'
import { printAddr } from '../../codec/type/entity-addr.ts'
import { byPgKey, printPgKey } from '../../codec/type/pg-key.ts'
import type { SnapIntervals } from '../../codec/type/snap-intervals.ts'
import type { StringMap } from '../../codec/type/string-map.ts'
import { printUtime, type Utime } from '../../codec/type/utime.ts'
import { releaseName } from '../release.ts'
import { osdMapFlagNames, osdStateNames, OSD_WEIGHT_IN } from './constant.ts'
import { poolJson } from './dump-pool.ts'
import { minCompatClient } from './min-compat-client.ts'
import type { OsdXinfo } from './osd-info.ts'
import { osdIds, osdIsIn, osdIsUp, type OsdMap, osdOf, type StretchMode } from './osd-map.ts'

/** Everything of `map`, in the order of the original. */
export const osdMapDump = (map: OsdMap): JsonRecord => ({
  epoch: map.epoch,
  fsid: map.fsid,
  created: printUtime(map.created),
  modified: printUtime(map.modified),
  last_up_change: printUtime(map.lastUpChange),
  last_in_change: printUtime(map.lastInChange),
  flags: osdMapFlagNames(map.flags).join(','),
  flags_num: map.flags,
  flags_set: [...osdMapFlagNames(map.flags)].sort(byBytes),
  crush_version: map.crushVersion,
  full_ratio: jsonFloat(map.fullRatio),
  backfillfull_ratio: jsonFloat(map.backfillfullRatio),
  nearfull_ratio: jsonFloat(map.nearfullRatio),
  cluster_snapshot: map.clusterSnapshot,
  pool_max: map.poolMax,
  max_osd: map.osds.length,
  require_min_compat_client: releaseName(map.requireMinCompatClient),
  min_compat_client: releaseName(minCompatClient(map)),
  require_osd_release: releaseName(map.requireOsdRelease),
  pools: sortedEntries(map.pools, byBigint).map(([id, pool]) => ({
    pool: id,
    pool_name: map.poolNames.get(id) ?? '<unknown>',
    ...poolJson(pool),
  })),
  osds: osdIds(map).map((id) => osdJson(map, id)),
  osd_xinfo: osdIds(map).map((id) => ({ osd: id, ...osdXinfoJson(osdOf(map, id).xinfo) })),
  ...placementJson(map),
  blocklist: blocklistJson(map.blocklist),
  range_blocklist: blocklistJson(map.rangeBlocklist),
  erasure_code_profiles: erasureCodeProfilesJson(map.erasureCodeProfiles),
  removed_snaps_queue: snapsByPoolJson(map.removedSnapsQueue),
  new_removed_snaps: snapsByPoolJson(map.newRemovedSnaps),
  new_purged_snaps: snapsByPoolJson(map.newPurgedSnaps),
  crush_node_flags: flagsJson(map.crushNodeFlags, map.crush.itemNames),
  device_class_flags: flagsJson(map.deviceClassFlags, map.crush.classNames),
  stretch_mode: stretchModeJson(map.stretchMode),
})

/** A 16.16 weight as a fraction. */
export const weightFraction = (weight: number): number => weight / OSD_WEIGHT_IN

/** One OSD of the dump. */
export const osdJson = (map: OsdMap, id: number): JsonRecord => {
  const osd = osdOf(map, id)
  return {
    osd: id,
    uuid: osd.uuid,
    up: osdIsUp(map, id) ? 1 : 0,
    in: osdIsIn(map, id) ? 1 : 0,
    weight: jsonFloat(weightFraction(osd.weight)),
    primary_affinity: jsonFloat(weightFraction(osd.primaryAffinity)),
    last_clean_begin: osd.info.lastCleanBegin,
    last_clean_end: osd.info.lastCleanEnd,
    up_from: osd.info.upFrom,
    up_thru: osd.info.upThru,
    down_at: osd.info.downAt,
    lost_at: osd.info.lostAt,
    public_addrs: addrvecJson(osd.clientAddrs),
    cluster_addrs: addrvecJson(osd.clusterAddrs),
    heartbeat_back_addrs: addrvecJson(osd.hbBackAddrs),
    heartbeat_front_addrs: addrvecJson(osd.hbFrontAddrs),
    public_addr: legacyAddrText(osd.clientAddrs),
    cluster_addr: legacyAddrText(osd.clusterAddrs),
    heartbeat_back_addr: legacyAddrText(osd.hbBackAddrs),
    heartbeat_front_addr: legacyAddrText(osd.hbFrontAddrs),
    state: osdStateNames(osd.state),
  }
}

const osdXinfoJson = (xinfo: OsdXinfo): JsonRecord => ({
  down_stamp: printUtime(xinfo.downStamp),
  laggy_probability: jsonFloat(xinfo.laggyProbability),
  laggy_interval: xinfo.laggyIntervalSec,
  features: BigInt.asIntN(64, xinfo.features),
  old_weight: xinfo.oldWeight,
  last_purged_snaps_scrub: printUtime(xinfo.lastPurgedSnapsScrub),
  dead_epoch: xinfo.deadEpoch,
})

const placementJson = (map: OsdMap): JsonRecord => ({
  pg_upmap: sortedEntries(map.pgUpmap, byPgKey).map(([pg, osds]) => ({ pgid: printPgKey(pg), osds })),
  pg_upmap_items: sortedEntries(map.pgUpmapItems, byPgKey).map(([pg, items]) => ({
    pgid: printPgKey(pg),
    mappings: items.map(([from, to]) => ({ from, to })),
  })),
  pg_temp: sortedEntries(map.pgTemp, byPgKey).map(([pg, osds]) => ({ pgid: printPgKey(pg), osds })),
  // Texts and numbers in turn: the original opens no object for each.
  primary_temp: sortedEntries(map.primaryTemp, byPgKey).flatMap(([pg, osd]): Json[] => [printPgKey(pg), osd]),
})

const blocklistJson = (list: ReadonlyMap<AddrKey, Utime>): ReadonlyMap<string, Json> =>
  new Map(
    sortedEntries(list, byAddrKey).map(([addr, until]) => [printAddr(addrOfKey(addr)), printUtime(until)]),
  )

/** Profiles by name, their keys sorted. */
export const erasureCodeProfilesJson = (
  profiles: ReadonlyMap<string, StringMap>,
): ReadonlyMap<string, Json> =>
  new Map(
    sortedEntries(profiles, byBytes).map(
      ([name, keys]) => [name, new Map<string, Json>(sortedEntries(keys, byBytes))] as const,
    ),
  )

const snapsByPoolJson = (snaps: ReadonlyMap<bigint, SnapIntervals>): readonly JsonRecord[] =>
  sortedEntries(snaps, byBigint).map(([pool, intervals]) => ({
    pool,
    snaps: intervals.map(([begin, length]) => ({ begin, length })),
  }))

const flagsJson = (
  flags: ReadonlyMap<number, number>,
  names: ReadonlyMap<number, string>,
): ReadonlyMap<string, Json> =>
  new Map(
    sortedEntries(flags, byNumber).map(
      ([id, bits]) => [names.get(id) ?? String(id), osdStateNames(bits)] as const,
    ),
  )

const stretchModeJson = (stretch: StretchMode): JsonRecord => ({
  stretch_mode_enabled: stretch.enabled,
  stretch_bucket_count: stretch.bucketCount,
  degraded_stretch_mode: stretch.degraded,
  recovering_stretch_mode: stretch.recovering,
  stretch_mode_bucket: stretch.bucket,
})
