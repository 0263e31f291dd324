/** The OSDMap as `ceph osd dump` prints it. Source: ceph src/osd/OSDMap.cc OSDMap::print, print_pools, print_osd. */
import { printGeneral } from '../../base/json.ts'
import { byBigint, sortedEntries } from '../../base/ordered.ts'
import { addrOfKey, byAddrKey } from '../../codec/type/addr-key.ts'
import { printAddr, printAddrvec } from '../../codec/type/entity-addr.ts'
import { byPgKey, printPgKey } from '../../codec/type/pg-key.ts'
import { printSnapIntervals } from '../../codec/type/snap-intervals.ts'
import { printUtime } from '../../codec/type/utime.ts'
import { UUID_ZERO } from '../../codec/type/uuid.ts'
import { RELEASE, releaseName } from '../release.ts'
import { osdMapFlagNames, osdStateNames, PRIMARY_AFFINITY_DEFAULT } from './constant.ts'
import { printPool } from './dump-pool.ts'
import { weightFraction } from './dump.ts'
import { minCompatClient } from './min-compat-client.ts'
import type { OsdInfo } from './osd-info.ts'
import { osdIds, osdIsIn, osdIsUp, type OsdMap, osdOf } from './osd-map.ts'
import type { Pool } from './pool.ts'

/** Lines of `ceph osd dump`, each ending in a newline. */
export const printOsdMap = (map: OsdMap): string =>
  [
    ...headLines(map),
    '',
    ...allPoolLines(map),
    '',
    `max_osd ${map.osds.length}`,
    ...osdIds(map).map((id) => printOsd(map, id)),
    '',
    ...placementLines(map),
  ]
    .map((line) => `${line}\n`)
    .join('')

/** The lines of all pools, each ending in a newline: `ceph osd pool ls detail`. */
export const printPools = (map: OsdMap): string =>
  allPoolLines(map)
    .map((line) => `${line}\n`)
    .join('')

const allPoolLines = (map: OsdMap): readonly string[] =>
  sortedEntries(map.pools, byBigint).flatMap(([id, pool]) => poolLines(map, id, pool))

const headLines = (map: OsdMap): readonly string[] => {
  const { stretchMode } = map
  return [
    `epoch ${map.epoch}`,
    `fsid ${map.fsid}`,
    `created ${printUtime(map.created)}`,
    `modified ${printUtime(map.modified)}`,
    `flags ${osdMapFlagNames(map.flags).join(',')}`,
    `crush_version ${map.crushVersion}`,
    `full_ratio ${printGeneral(map.fullRatio)}`,
    `backfillfull_ratio ${printGeneral(map.backfillfullRatio)}`,
    `nearfull_ratio ${printGeneral(map.nearfullRatio)}`,
    ...(map.requireMinCompatClient === RELEASE.unknown
      ? []
      : [`require_min_compat_client ${releaseName(map.requireMinCompatClient)}`]),
    `min_compat_client ${releaseName(minCompatClient(map))}`,
    ...(map.requireOsdRelease === RELEASE.unknown
      ? []
      : [`require_osd_release ${releaseName(map.requireOsdRelease)}`]),
    `stretch_mode_enabled ${stretchMode.enabled}`,
    ...(stretchMode.enabled
      ? [
          `stretch_bucket_count ${stretchMode.bucketCount}`,
          `degraded_stretch_mode ${stretchMode.degraded}`,
          `recovering_stretch_mode ${stretchMode.recovering}`,
          `stretch_mode_bucket ${stretchMode.bucket}`,
        ]
      : []),
    ...(map.clusterSnapshot === '' ? [] : [`cluster_snapshot ${map.clusterSnapshot}`]),
  ]
}

const poolLines = (map: OsdMap, id: bigint, pool: Pool): readonly string[] => {
  const queue = map.removedSnapsQueue.get(id)
  return [
    `pool ${id} '${map.poolNames.get(id) ?? '<unknown>'}' ${printPool(pool)}`,
    ...sortedEntries(pool.snaps, byBigint).map(
      ([, snap]) => `\tsnap ${snap.snapId.toString(16)} '${snap.name}' ${printUtime(snap.stamp)}`,
    ),
    ...(pool.removedSnaps.length === 0 ? [] : [`\tremoved_snaps ${printSnapIntervals(pool.removedSnaps)}`]),
    ...(queue === undefined ? [] : [`\tremoved_snaps_queue ${printSnapIntervals(queue)}`]),
  ]
}

const printInfo = (info: OsdInfo): string =>
  `up_from ${info.upFrom} up_thru ${info.upThru} down_at ${info.downAt}` +
  ` last_clean_interval [${info.lastCleanBegin},${info.lastCleanEnd})` +
  (info.lostAt === 0 ? '' : ` lost_at ${info.lostAt}`)

/** The line of one OSD. */
export const printOsd = (map: OsdMap, id: number): string => {
  const osd = osdOf(map, id)
  const affinity =
    osd.primaryAffinity === PRIMARY_AFFINITY_DEFAULT
      ? ''
      : ` primary_affinity ${printGeneral(weightFraction(osd.primaryAffinity))}`
  return (
    `osd.${id}${osdIsUp(map, id) ? ' up  ' : ' down'}${osdIsIn(map, id) ? ' in ' : ' out'}` +
    ` weight ${printGeneral(weightFraction(osd.weight))}${affinity} ${printInfo(osd.info)}` +
    ` ${printAddrvec(osd.clientAddrs)} ${printAddrvec(osd.clusterAddrs)}` +
    ` ${osdStateNames(osd.state).join(',')}${osd.uuid === UUID_ZERO ? '' : ` ${osd.uuid}`}`
  )
}

const placementLines = (map: OsdMap): readonly string[] => [
  ...sortedEntries(map.pgUpmap, byPgKey).map(
    ([pg, osds]) => `pg_upmap ${printPgKey(pg)} [${osds.join(',')}]`,
  ),
  ...sortedEntries(map.pgUpmapItems, byPgKey).map(
    ([pg, items]) => `pg_upmap_items ${printPgKey(pg)} [${items.flat().join(',')}]`,
  ),
  ...sortedEntries(map.pgTemp, byPgKey).map(([pg, osds]) => `pg_temp ${printPgKey(pg)} [${osds.join(',')}]`),
  ...sortedEntries(map.primaryTemp, byPgKey).map(([pg, osd]) => `primary_temp ${printPgKey(pg)} ${osd}`),
  ...sortedEntries(map.blocklist, byAddrKey).map(
    ([addr, until]) => `blocklist ${printAddr(addrOfKey(addr))} expires ${printUtime(until)}`,
  ),
  ...sortedEntries(map.rangeBlocklist, byAddrKey).map(
    ([addr, until]) => `range blocklist ${printAddr(addrOfKey(addr))} expires ${printUtime(until)}`,
  ),
]
