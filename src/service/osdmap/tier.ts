/**
 * Cache tiers: a pool in front of another. What the commands about them have in common.
 *
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::_check_become_tier, _check_remove_tier.
 */
import { known } from '../../base/assert.ts'
import { isPoolInUse } from '../../map/fs-map/pool-in-use.ts'
import { CACHE_MODES, POOL_FLAG, POOL_TYPE } from '../../map/osd-map/constant.ts'
import { type OsdMap, poolIdOfName } from '../../map/osd-map/osd-map.ts'
import type { Pool } from '../../map/osd-map/pool.ts'
import type { CommandReply, Request, ServicePendings, UpdateResult, World } from '../contract.ts'
import { ERRNO } from '../errno.ts'
import { answered, done, failed } from '../reply.ts'

export interface NamedPool {
  readonly id: bigint
  readonly name: string
  /** As it is committed. */
  readonly pool: Pool
}

/** Number of a cache mode; undefined for a word that is none. */
export const cacheModeNumber = (name: string): number | undefined => {
  const mode = (CACHE_MODES as readonly string[]).indexOf(name)
  return mode < 0 ? undefined : mode
}

/** Goes on with the pools of these names, or answers which of them there is not. */
export const withPools = (
  world: World,
  request: Request,
  names: readonly string[],
  run: (...pools: readonly NamedPool[]) => UpdateResult,
): UpdateResult => {
  const { map } = world.committed.osdmap
  const found: NamedPool[] = []
  for (const name of names) {
    const id = poolIdOfName(map, name)
    if (id === undefined) return answered(request, failed(ERRNO.ENOENT, `unrecognized pool '${name}'`))
    found.push({ id, name, pool: known(map.pools.get(id), `pool ${id}`) })
  }
  return run(...found)
}

/** The answer that ends the command, or undefined when `tier` may become a tier of `base`. */
export const becomeTierReply = (
  map: OsdMap,
  pendings: ServicePendings,
  base: NamedPool,
  tier: NamedPool,
): CommandReply | undefined => {
  const nameOf = (id: bigint): string => map.poolNames.get(id) ?? '<unknown>'
  if (isPoolInUse(pendings.mdsmap.map, tier.id))
    return failed(ERRNO.EBUSY, `pool '${tier.name}' is in use by CephFS`)
  if (base.pool.tiers.has(tier.id)) return done(isTierText(base, tier))
  if (base.pool.tierOf >= 0n)
    return failed(
      ERRNO.EINVAL,
      `pool '${base.name}' is already a tier of '${nameOf(base.pool.tierOf)}', multiple tiers are not yet supported.`,
    )
  if (tier.pool.tiers.size > 0)
    return failed(
      ERRNO.EINVAL,
      `pool '${tier.name}' has following tier(s) already:` +
        `${[...tier.pool.tiers].map((id) => `'${nameOf(id)}',`).join('')} multiple tiers are not yet supported.`,
    )
  if (tier.pool.tierOf >= 0n)
    return failed(ERRNO.EINVAL, `tier pool '${tier.name}' is already a tier of '${nameOf(tier.pool.tierOf)}'`)
  return undefined
}

export const isTierText = (base: NamedPool, tier: NamedPool): string =>
  `pool '${tier.name}' is now (or already was) a tier of '${base.name}'`

const WRITEBACK = CACHE_MODES.indexOf('writeback')

/** Why a tier must stay in front of `base`: a file system needs it. */
export const removeTierRefusal = (
  pendings: ServicePendings,
  base: NamedPool,
  tier: NamedPool | undefined,
): CommandReply | undefined => {
  if (!isPoolInUse(pendings.mdsmap.map, base.id)) return undefined
  if (base.pool.type === POOL_TYPE.erasure && (base.pool.flags & POOL_FLAG.EC_OVERWRITES) === 0n)
    return failed(
      ERRNO.EBUSY,
      `pool '${base.name}' does not allow EC overwrites and is in use by CephFS via its tier`,
    )
  return tier?.pool.cacheMode === WRITEBACK
    ? failed(
        ERRNO.EBUSY,
        `pool '${base.name}' is in use by CephFS, and this tier is still in use as a writeback cache.  ` +
          'Change the cache mode and flush the cache before removing it',
      )
    : undefined
}

/** `pool` as clients must see it: what they have under way is sent again. */
export const withOpsResent = (pool: Pool, epoch: number): Pool => ({
  ...pool,
  lastForceOpResend: epoch,
  lastForceOpResendPrenautilus: epoch,
  lastForceOpResendPreluminous: epoch,
})

/** How many objects of a pool the manager has counted. */
export const objectsIn = (world: World, pool: bigint): bigint =>
  world.committed.mgrstat.digest.poolSums.get(Number(pool))?.stats.numObjects ?? 0n
