/**
 * From a placement group to OSDs: CRUSH, then upmaps, then who is up, then affinity, then temporary overrides.
 * Source: ceph src/osd/OSDMap.cc OSDMap::_pg_to_up_acting_osds and what it calls; src/osd/osd_types.cc pg_pool_t.
 */
import { wireBytes } from '../../base/text.ts'
import { type PgKey, pgKey, pgOfKey } from '../../codec/type/pg-key.ts'
import { CRUSH_ITEM_NONE } from '../crush/crush-map.ts'
import { chooseArgsOf, doRule, findRule } from '../crush/do-rule.ts'
import { hash2, hashBytes, hashBytesLinux } from '../crush/hash.ts'
import { OSD_WEIGHT_OUT, POOL_FLAG, POOL_TYPE, PRIMARY_AFFINITY_DEFAULT } from './constant.ts'
import { osdExists, osdIsUp, type OsdMap } from './osd-map.ts'
import type { Pool } from './pool.ts'

export interface Placement {
  /** Where CRUSH and upmaps put the group, as far as it is up; a shard without an OSD is CRUSH_ITEM_NONE. */
  readonly up: readonly number[]
  /** -1 for none, as the next. */
  readonly upPrimary: number
  /** Who serves it now: `up`, or a temporary set. */
  readonly acting: readonly number[]
  readonly actingPrimary: number
}

const NO_OSD_ID = -1
const NOWHERE: Placement = { up: [], upPrimary: NO_OSD_ID, acting: [], actingPrimary: NO_OSD_ID }

/** Where `pg` is; nowhere when its pool is not there or has fewer groups. */
export const placementOf = (map: OsdMap, pg: PgKey): Placement => {
  const { pool: poolId, seed } = pgOfKey(pg)
  const pool = map.pools.get(poolId)
  if (pool === undefined || seed >= pool.pgNum) return NOWHERE
  const placementSeed = placementSeedOf(pool, poolId, seed)
  const mapped = withUpmap(map, pg, rawOsds(map, pool, poolId, placementSeed))
  const [up, upPrimary] = withAffinity(map, pool, placementSeed, onlyUp(map, pool, mapped))
  const temp = onlyUp(map, pool, map.pgTemp.get(pg) ?? [])
  const tempPrimary = map.primaryTemp.get(pg) ?? firstOf(temp)
  const acting = temp.length === 0 ? up : temp
  const actingPrimary = temp.length === 0 && tempPrimary === NO_OSD_ID ? upPrimary : tempPrimary
  return { up, upPrimary, acting, actingPrimary }
}

/** The group of an object; undefined when there is no such pool. `key`, when it is not empty, stands in for the name. */
export const pgOfObject = (
  map: OsdMap,
  poolId: bigint,
  name: string,
  namespace = '',
  key = '',
): PgKey | undefined => {
  const pool = map.pools.get(poolId)
  if (pool === undefined) return undefined
  return pgKey({ pool: poolId, seed: stableMod(objectHash(pool, name, namespace, key), pool.pgNum) })
}

const RJENKINS = 2

/** Full 32-bit hash of an object's name. Source: pg_pool_t::hash_key. */
export const objectHash = (pool: Pool, name: string, namespace = '', key = ''): number => {
  const text = key === '' ? name : key
  const bytes = wireBytes(namespace === '' ? text : `${namespace}\x1f${text}`)
  return pool.objectHash === RJENKINS ? hashBytes(bytes) : hashBytesLinux(bytes)
}

/** `x` modulo `b`, such that growing `b` moves only what it must. Source: ceph src/include/rados.h ceph_stable_mod. */
export const stableMod = (x: number, b: number): number => {
  const bits = 32 - Math.clz32(Math.max(b - 1, 0))
  const mask = 2 ** bits - 1
  const low = (x & mask) >>> 0
  return low < b ? low : (x & (mask >>> 1)) >>> 0
}

/** CRUSH's input for a group. Source: pg_pool_t::raw_pg_to_pps. */
export const placementSeedOf = (pool: Pool, poolId: bigint, seed: number): number => {
  const folded = stableMod(seed, pool.pgpNum)
  const id = Number(BigInt.asUintN(32, poolId))
  return (pool.flags & POOL_FLAG.HASHPSPOOL) === 0n ? (folded + id) >>> 0 : hash2(folded, id)
}

// Copies can move up when one is missing; the shards of an erasure code are bound to their positions.
const canShift = (pool: Pool): boolean => pool.type === POOL_TYPE.replicated

const filtered = (pool: Pool, osds: readonly number[], keep: (osd: number) => boolean): readonly number[] =>
  canShift(pool) ? osds.filter(keep) : osds.map((osd) => (keep(osd) ? osd : CRUSH_ITEM_NONE))

const onlyUp = (map: OsdMap, pool: Pool, osds: readonly number[]): readonly number[] =>
  filtered(pool, osds, (osd) => osdIsUp(map, osd))

// Weights by OSD, kept as long as the OSDs they were taken from.
const weightsByOsds = new WeakMap<OsdMap['osds'], readonly number[]>()

const weightsOf = (osds: OsdMap['osds']): readonly number[] => {
  const cached = weightsByOsds.get(osds)
  if (cached !== undefined) return cached
  const weights = osds.map((osd) => osd.weight)
  weightsByOsds.set(osds, weights)
  return weights
}

const rawOsds = (map: OsdMap, pool: Pool, poolId: bigint, x: number): readonly number[] => {
  const rule = findRule(map.crush, pool.crushRule, pool.type, pool.size)
  if (rule === undefined) return []
  const chosen = doRule(map.crush, rule, x, pool.size, weightsOf(map.osds), chooseArgsOf(map.crush, poolId))
  return filtered(pool, chosen, (osd) => osdExists(map, osd))
}

// An OSD that is out cannot be the target of an upmap; one that the map does not know can.
const isOutTarget = (map: OsdMap, osd: number): boolean => map.osds[osd]?.weight === OSD_WEIGHT_OUT

const withUpmap = (map: OsdMap, pg: PgKey, raw: readonly number[]): readonly number[] => {
  const explicit = map.pgUpmap.get(pg)
  if (explicit?.some((osd) => isOutTarget(map, osd)) === true) return raw
  const osds = [...(explicit ?? raw)]
  for (const [from, to] of map.pgUpmapItems.get(pg) ?? []) {
    const at = osds.indexOf(from)
    if (at >= 0 && !osds.includes(to) && !isOutTarget(map, to)) osds[at] = to
  }
  return osds
}

const firstOf = (osds: readonly number[]): number => osds.find((osd) => osd !== CRUSH_ITEM_NONE) ?? NO_OSD_ID

// An OSD declines being primary for its share of the seeds; the first that does not decline is, else the first of all.
const withAffinity = (
  map: OsdMap,
  pool: Pool,
  seed: number,
  up: readonly number[],
): readonly [up: readonly number[], primary: number] => {
  const affinityOf = (osd: number): number => map.osds[osd]?.primaryAffinity ?? PRIMARY_AFFINITY_DEFAULT
  if (up.every((osd) => affinityOf(osd) === PRIMARY_AFFINITY_DEFAULT)) return [up, firstOf(up)]
  const accepts = (osd: number): boolean =>
    affinityOf(osd) >= PRIMARY_AFFINITY_DEFAULT || hash2(seed, osd) >>> 16 < affinityOf(osd)
  const primary = up.find((osd) => osd !== CRUSH_ITEM_NONE && accepts(osd)) ?? firstOf(up)
  if (primary === NO_OSD_ID || !canShift(pool)) return [up, primary]
  return [[primary, ...up.filter((osd) => osd !== primary)], primary]
}
