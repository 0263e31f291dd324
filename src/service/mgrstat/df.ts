/** `ceph df`. Source: ceph src/mon/PGMap.cc dump_cluster_stats, dump_pool_stats_full. */
import { jsonFloat, type JsonRecord } from '../../base/json.ts'
import { byBytes, sortedEntries } from '../../base/ordered.ts'
import { printBytes } from '../../base/si-units.ts'
import { type Column, printTable } from '../../base/text-table.ts'
import type { OsdStat } from '../../map/pg-map-digest/osd-stat.ts'
import { usedRaw, type StoreStatfs } from '../../map/pg-map-digest/store-statfs.ts'
import type { World } from '../contract.ts'

const left = (heading: string): Column => ({ heading, align: 'left' })
const right = (heading: string): Column => ({ heading, align: 'right' })

const used = (s: StoreStatfs): bigint => s.total - s.available - s.internallyReserved
const usedRatio = (s: StoreStatfs): number =>
  s.total === 0n ? 0 : Math.fround(Number(usedRaw(s)) / Number(s.total))

const statsJson = (statfs: StoreStatfs): JsonRecord => ({
  total_bytes: statfs.total,
  total_avail_bytes: statfs.available,
  total_used_bytes: used(statfs),
  total_used_raw_bytes: usedRaw(statfs),
  total_used_raw_ratio: jsonFloat(usedRatio(statfs)),
})

/** Pools are listed once a manager has reported on them; none has in this monitor's scope yet. */
export const dfJson = ({ committed }: World, _verbose: boolean): JsonRecord => {
  const { osdSum, osdSumByClass } = committed.mgrstat.digest
  return {
    stats: {
      ...statsJson(osdSum.statfs),
      num_osds: osdSum.numOsds,
      num_per_pool_osds: osdSum.numPerPoolOsds,
      num_per_pool_omap_osds: osdSum.numPerPoolOmapOsds,
    },
    stats_by_class: new Map(
      sortedEntries(osdSumByClass, byBytes).map(([name, stat]) => [name, statsJson(stat.statfs)]),
    ),
    pools: [],
  }
}

const RAW_COLUMNS = [
  left('CLASS'),
  right('SIZE'),
  right('AVAIL'),
  right('USED'),
  right('RAW USED'),
  right('%RAW USED'),
]

// Source: ceph src/mon/PGMap.cc percentify.
const printPercent = (ratio: number): string => {
  const percent = ratio * 100
  return percent === 0 ? '0' : percent < 0.01 ? '<0.01' : percent.toFixed(2)
}

const rawRow = (name: string, { statfs }: OsdStat): readonly string[] => [
  name,
  printBytes(statfs.total),
  printBytes(statfs.available),
  printBytes(used(statfs)),
  printBytes(usedRaw(statfs)),
  printPercent(usedRatio(statfs)),
]

const poolColumns = (verbose: boolean): readonly Column[] => {
  const detail = verbose ? [right('(DATA)'), right('(OMAP)')] : []
  return [
    left('POOL'),
    right('ID'),
    right('PGS'),
    right('STORED'),
    ...detail,
    right('OBJECTS'),
    right('USED'),
    ...detail,
    right('%USED'),
    right('MAX AVAIL'),
    ...(verbose ? ['QUOTA OBJECTS', 'QUOTA BYTES', 'DIRTY', 'USED COMPR', 'UNDER COMPR'].map(right) : []),
  ]
}

export const printDf = ({ committed }: World, verbose: boolean): string => {
  const { osdSum, osdSumByClass } = committed.mgrstat.digest
  const rows = sortedEntries(osdSumByClass, byBytes).map(([name, stat]) => rawRow(name, stat))
  return (
    `--- RAW STORAGE ---\n${printTable(RAW_COLUMNS, [...rows, rawRow('TOTAL', osdSum)])}` +
    `\n \n--- POOLS ---\n${printTable(poolColumns(verbose), [])}`
  ).replace('\n\n \n', '\n \n')
}
