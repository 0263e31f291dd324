/**
 * OSDs that are down although they are in, and CRUSH buckets below which every OSD is.
 *
 * Source: ceph src/osd/OSDMap.cc OSDMap::check_health, subtree_type_is_down.
 */
import { HEALTH, type HealthCheck } from '../../map/health.ts'
import { bucketOf, type CrushMap } from '../../map/crush/crush-map.ts'
import { maxTypeOf, parentOf, printLocation, typeOfItem } from '../../map/crush/location.ts'
import { OSD_STATE } from '../../map/osd-map/constant.ts'
import { osdExists, osdIsDown, osdIsIn, osdIsOut, type OsdMap } from '../../map/osd-map/osd-map.ts'

type Check = readonly [code: string, check: HealthCheck]

/** OSD_<TYPE>_DOWN for each type of bucket, the widest first; OSD_DOWN; OSD_ORPHAN. */
export const checkDownOsds = (map: OsdMap): readonly Check[] => {
  const candidates = [...map.osds.keys()].filter(
    (osd) => osdIsIn(map, osd) && ((map.osds[osd]?.state ?? 0) & OSD_STATE.NEW) === 0,
  )
  const { downOsds, downBuckets } = findDown(map, candidates)
  return [...downSubtrees(map.crush, downBuckets), ...downDevices(map, downOsds), ...orphans(map)]
}

interface Down {
  readonly downOsds: readonly number[]
  readonly downBuckets: ReadonlySet<number>
}

// Climbs from each down OSD as long as everything below the bucket is down.
const findDown = (map: OsdMap, candidates: readonly number[]): Down => {
  const downOsds = new Set<number>()
  const downBuckets = new Set<number>()
  const upBuckets = new Set<number>()
  const isDownBelow = (id: number): boolean => {
    if (id >= 0) {
      if (osdIsDown(map, id) && !osdIsOut(map, id)) downOsds.add(id)
      return osdIsDown(map, id)
    }
    if (downBuckets.has(id)) return true
    const allDown = (bucketOf(map.crush, id)?.items ?? []).every(isDownBelow)
    if (allDown) downBuckets.add(id)
    else upBuckets.add(id)
    return allDown
  }
  for (const osd of candidates) {
    if (!osdIsDown(map, osd)) continue
    downOsds.add(osd)
    for (let at = parentOf(map.crush, osd); at !== undefined; at = parentOf(map.crush, at.id))
      if (upBuckets.has(at.id) || !isDownBelow(at.id)) break
  }
  return { downOsds: [...downOsds].sort((a, b) => a - b), downBuckets }
}

const downSubtrees = (crush: CrushMap, downBuckets: ReadonlySet<number>): readonly Check[] => {
  const countBelow = (id: number): number =>
    (bucketOf(crush, id)?.items ?? []).reduce(
      (sum, item) => sum + (item >= 0 ? 1 : downBuckets.has(item) ? countBelow(item) : 0),
      0,
    )
  const types = [...crush.typeNames.keys()].filter((type) => type > 0).sort((a, b) => b - a)
  const top = maxTypeOf(crush)
  return types.flatMap((type): readonly Check[] => {
    const buckets = [...downBuckets].filter((id) => typeOfItem(crush, id) === type).sort((a, b) => b - a)
    if (buckets.length === 0) return []
    const typeName = crush.typeNames.get(type) ?? ''
    const osds = buckets.reduce((sum, id) => sum + countBelow(id), 0)
    const detail = buckets.map((id) => {
      const where = type === top ? '' : ` (${printLocation(crush, id)})`
      return `${typeName} ${crush.itemNames.get(id) ?? ''}${where} (${countBelow(id)} osds) is down`
    })
    const summary = `${buckets.length} ${typeName}${buckets.length > 1 ? 's' : ''} (${osds} osds) down`
    return [
      [
        `OSD_${typeName.toUpperCase()}_DOWN`,
        { severity: HEALTH.WARN, summary, detail, count: BigInt(buckets.length) },
      ],
    ]
  })
}

const downDevices = (map: OsdMap, osds: readonly number[]): readonly Check[] =>
  osds.length === 0
    ? []
    : [
        [
          'OSD_DOWN',
          {
            severity: HEALTH.WARN,
            summary: `${osds.length} osds down`,
            detail: osds.map((osd) => `osd.${osd} (${printLocation(map.crush, osd)}) is down`),
            count: BigInt(osds.length),
          },
        ],
      ]

const orphans = (map: OsdMap): readonly Check[] => {
  const osds = [...map.osds.keys()].filter((osd) => !osdExists(map, osd) && map.crush.itemNames.has(osd))
  return osds.length === 0
    ? []
    : [
        [
          'OSD_ORPHAN',
          {
            severity: HEALTH.WARN,
            summary: `${osds.length} osds exist in the crush map but not in the osdmap`,
            detail: osds.map((osd) => `osd.${osd} exists in crush map but not in osdmap`),
            count: BigInt(osds.length),
          },
        ],
      ]
}
