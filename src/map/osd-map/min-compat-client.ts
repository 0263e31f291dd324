/** Which clients can use an OSDMap. Source: ceph src/osd/OSDMap.cc OSDMap::get_min_compat_client, get_features. */
import { crushRequirement, isV3Rule, isV5Rule } from '../crush/requirement.ts'
import { RELEASE } from '../release.ts'
import { PRIMARY_AFFINITY_DEFAULT, POOL_FLAG } from './constant.ts'
import type { OsdMap } from './osd-map.ts'

/** The oldest release whose clients understand everything that `map` uses. */
export const minCompatClient = (map: OsdMap): number => {
  const crush = crushRequirement(map.crush)
  const pools = [...map.pools.values()]
  const rules = pools.flatMap(({ crushRule }) => map.crush.rules[crushRule] ?? [])
  if (map.pgUpmap.size > 0 || map.pgUpmapItems.size > 0 || crush.incompatibleChooseArgs)
    return RELEASE.luminous
  if (crush.tunables5 || rules.some(isV5Rule)) return RELEASE.jewel
  if (crush.straw2Buckets) return RELEASE.hammer
  const hasAffinity = map.osds.some(({ primaryAffinity }) => primaryAffinity !== PRIMARY_AFFINITY_DEFAULT)
  const hasTiers = pools.some(({ tiers, tierOf }) => tiers.size > 0 || tierOf >= 0n)
  if (hasAffinity || hasTiers || crush.tunables3 || rules.some(isV3Rule)) return RELEASE.firefly
  const hashes = pools.some(({ flags }) => (flags & POOL_FLAG.HASHPSPOOL) !== 0n)
  return crush.tunables2 || hashes ? RELEASE.dumpling : RELEASE.argonaut
}
