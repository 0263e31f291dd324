/** Pools that reach their quota are full until there is room again. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::update_pools_status. */
import { byBigint, sortedEntries } from '../../base/ordered.ts'
import { printBytes } from '../../base/si-units.ts'
import { POOL_FLAG } from '../../map/osd-map/constant.ts'
import type { Pool } from '../../map/osd-map/pool.ts'
import type { LogLevel, World } from '../contract.ts'
import { nextPool, withPool } from './pending.ts'
import type { OsdmapPending } from './state.ts'

interface QuotaNews {
  readonly level: LogLevel
  readonly text: string
}

const QUOTA_FLAGS = POOL_FLAG.FULL_QUOTA | POOL_FLAG.FULL

/** `pending` with the full flags of pools set and cleared as the manager's digest has it, and what is to be logged. */
export const updatePoolQuotas = (
  world: World,
  pending: OsdmapPending,
): { readonly pending: OsdmapPending; readonly texts: readonly QuotaNews[] } => {
  const { map } = world.committed.osdmap
  const texts: QuotaNews[] = []
  let next = pending
  for (const [id, pool] of sortedEntries(map.pools, byBigint)) {
    const sums = world.committed.mgrstat.digest.poolSums.get(Number(id))?.stats
    if (sums === undefined) continue
    const name = map.poolNames.get(id) ?? ''
    const { numBytes, numObjects } = sums
    const overBytes = pool.quotaMaxBytes > 0n && numBytes >= pool.quotaMaxBytes
    const overObjects = pool.quotaMaxObjects > 0n && numObjects >= pool.quotaMaxObjects
    const isMarked = (pool.flags & POOL_FLAG.FULL_QUOTA) !== 0n
    if (isMarked === (overBytes || overObjects)) continue
    if (isMarked)
      texts.push({ level: 'info', text: `pool '${name}' no longer out of quota; removing NO_QUOTA flag` })
    if (overBytes)
      texts.push({
        level: 'warn',
        text: `pool '${name}' is full (reached quota's max_bytes: ${printBytes(pool.quotaMaxBytes)})`,
      })
    if (overObjects)
      texts.push({
        level: 'warn',
        text: `pool '${name}' is full (reached quota's max_objects: ${pool.quotaMaxObjects})`,
      })
    const changed = nextPool(world, next, id)
    next = withPool(next, id, isMarked ? withoutFlags(changed) : withFlags(changed))
  }
  return { pending: next, texts }
}

const withFlags = (pool: Pool): Pool => ({
  ...pool,
  flags: (pool.flags | QUOTA_FLAGS) & ~(POOL_FLAG.BACKFILLFULL | POOL_FLAG.NEARFULL),
})
const withoutFlags = (pool: Pool): Pool => ({ ...pool, flags: pool.flags & ~QUOTA_FLAGS })
