/** Removal of a pool, by command or by message. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::_prepare_remove_pool. */
import * as E from 'fp-ts/lib/Either.js'
import { withEntry } from '../../base/ordered.ts'
import { byPgKey, type PgKey, poolOfPgKey } from '../../codec/type/pg-key.ts'
import { crushMapBytes } from '../../map/crush/codec.ts'
import { pendingCrush } from './pending-crush.ts'
import { isPoolInUse } from '../../map/fs-map/pool-in-use.ts'
import { POOL_FLAG } from '../../map/osd-map/constant.ts'
import type { OsdMap } from '../../map/osd-map/osd-map.ts'
import type { Pool } from '../../map/osd-map/pool.ts'
import type { CommandReply, ServicePendings, World } from '../contract.ts'
import { ERRNO } from '../errno.ts'
import { failed } from '../reply.ts'
import { withInc } from './pending.ts'
import type { OsdmapPending } from './state.ts'

export type Removal = E.Either<CommandReply | 'RetryAfterCommit', OsdmapPending>

/** `pendings.osdmap` without the pool; `force` removes it even when mon_fake_pool_delete only renames. */
export const removePool = (world: World, pendings: ServicePendings, id: bigint, force: boolean): Removal => {
  const pending = pendings.osdmap
  const { map } = world.committed.osdmap
  const name = map.poolNames.get(id) ?? '<unknown>'
  const committed = map.pools.get(id)
  if (committed === undefined) return E.left(failed(ERRNO.ENOENT, `pool '${name}' does not exist`))
  const refused = refusal(world, pendings, id, committed)
  if (refused !== undefined) return E.left(refused)
  const changed = pending.inc.newPools.get(id)
  // What is pending may make it impossible: look again when it is committed.
  if (changed !== undefined && refusal(world, pendings, id, changed) !== undefined)
    return E.left('RetryAfterCommit')
  if (pending.inc.oldPools.has(id)) return E.right(pending)
  if (world.options.bool('mon_fake_pool_delete') && !force)
    return E.right(
      withInc(pending, { newPoolNames: withEntry(pending.inc.newPoolNames, id, `${name}.${id}.DELETED`) }),
    )
  return E.right(withoutPool(map, pending, id))
}

const refusal = (
  world: World,
  pendings: ServicePendings,
  id: bigint,
  pool: Pool,
): CommandReply | undefined => {
  const { map } = world.committed.osdmap
  const nameOf = (pool: bigint): string => map.poolNames.get(pool) ?? '<unknown>'
  const name = nameOf(id)
  if (isPoolInUse(pendings.mdsmap.map, id)) return failed(ERRNO.EBUSY, `pool '${name}' is in use by CephFS`)
  if (pool.tierOf >= 0n) return failed(ERRNO.EBUSY, `pool '${name}' is a tier of '${nameOf(pool.tierOf)}'`)
  if (pool.tiers.size > 0)
    return failed(
      ERRNO.EBUSY,
      `pool '${name}' has tiers${[...pool.tiers].map((t) => ` ${nameOf(t)}`).join('')}`,
    )
  if (!world.options.bool('mon_allow_pool_delete'))
    return failed(
      ERRNO.EPERM,
      'pool deletion is disabled; you must first set the mon_allow_pool_delete config option to true before you can destroy a pool',
    )
  if ((pool.flags & POOL_FLAG.NODELETE) !== 0n)
    return failed(ERRNO.EPERM, 'pool deletion is disabled; you must unset nodelete flag for the pool first')
  return undefined
}

const withoutPool = (map: OsdMap, pending: OsdmapPending, id: bigint): OsdmapPending => {
  const { inc } = pending
  const ofPool = (pgs: Iterable<PgKey>): readonly PgKey[] =>
    [...pgs].filter((pg) => poolOfPgKey(pg) === id).sort(byPgKey)
  const others = <V>(entries: ReadonlyMap<PgKey, V>): ReadonlyMap<PgKey, V> =>
    new Map([...entries].filter(([pg]) => poolOfPgKey(pg) !== id))
  const crush = pendingCrush(map, inc)
  const chooseArgs = new Map(crush.chooseArgs)
  return withInc(pending, {
    oldPools: new Set([...inc.oldPools, id]),
    newPgTemp: new Map([...inc.newPgTemp, ...ofPool(map.pgTemp.keys()).map((pg) => [pg, []] as const)]),
    newPrimaryTemp: new Map([
      ...inc.newPrimaryTemp,
      ...ofPool(map.primaryTemp.keys()).map((pg) => [pg, -1] as const),
    ]),
    oldPgUpmap: new Set([...inc.oldPgUpmap, ...ofPool(map.pgUpmap.keys())]),
    newPgUpmap: others(inc.newPgUpmap),
    oldPgUpmapItems: new Set([...inc.oldPgUpmapItems, ...ofPool(map.pgUpmapItems.keys())]),
    newPgUpmapItems: others(inc.newPgUpmapItems),
    ...(chooseArgs.delete(id) ? { crush: crushMapBytes({ ...crush, chooseArgs }) } : {}),
  })
}
