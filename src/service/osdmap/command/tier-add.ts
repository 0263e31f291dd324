/** `osd tier add`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_impl. */
import * as t from 'io-ts'
import { POOL_TYPE } from '../../../map/osd-map/constant.ts'
import { CephString, updateWith } from '../../args.ts'
import type { CommandHandler, CommandReply, World } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { nextPool, withPool } from '../pending.ts'
import { becomeTierReply, isTierText, type NamedPool, objectsIn, withPools } from '../tier.ts'

const Args = t.partial({ pool: CephString, tierpool: CephString, force_nonempty: CephString })

const FORCE = '--force-nonempty'

export const tierAdd: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ pool = '', tierpool = '', force_nonempty: force }) =>
      withPools(world, request, [pool, tierpool], (base, tier) => {
        const ended =
          becomeTierReply(world.committed.osdmap.map, pendings, base, tier) ??
          unfitTier(world, tier, force === FORCE)
        if (ended !== undefined) return answered(request, ended)
        const { osdmap } = pendings
        const nextBase = nextPool(world, osdmap, base.id)
        const nextTier = nextPool(world, osdmap, tier.id)
        if (nextBase.tiers.has(tier.id) || nextTier.tierOf >= 0n) return { _tag: 'RetryAfterCommit' }
        const changed = withPool(
          withPool(osdmap, base.id, {
            ...nextBase,
            tiers: new Set([...nextBase.tiers, tier.id]),
            snapEpoch: osdmap.inc.epoch,
          }),
          tier.id,
          { ...nextTier, tierOf: base.id },
        )
        return prepared(request, { osdmap: changed }, done(isTierText(base, tier)))
      }),
    ),
}

const unfitTier = (world: World, { id, name, pool }: NamedPool, force: boolean): CommandReply | undefined => {
  if (objectsIn(world, id) !== 0n && !force)
    return failed(ERRNO.ENOTEMPTY, `tier pool '${name}' is not empty; ${FORCE} to force`)
  if (pool.type === POOL_TYPE.erasure)
    return failed(ERRNO.ENOTSUP, `tier pool '${name}' is an ec pool, which cannot be a tier`)
  const hasSnaps = pool.removedSnaps.length > 0 || pool.snaps.size > 0
  return hasSnaps && !(force && world.options.bool('mon_debug_unsafe_allow_tier_with_nonempty_snaps'))
    ? failed(
        ERRNO.ENOTEMPTY,
        `tier pool '${name}' has snapshot state; it cannot be added as a tier without breaking the pool`,
      )
    : undefined
}
