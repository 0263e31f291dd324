/** `osd tier remove`, `osd tier rm`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_impl. */
import * as t from 'io-ts'
import { POOL_FLAG } from '../../../map/osd-map/constant.ts'
import { NO_HIT_SET } from '../../../map/osd-map/hit-set-params.ts'
import type { Pool } from '../../../map/osd-map/pool.ts'
import { CephString, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { nextPool, withPool } from '../pending.ts'
import { removeTierRefusal, withPools } from '../tier.ts'

const Args = t.partial({ pool: CephString, tierpool: CephString })

export const tierRemove: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ pool = '', tierpool = '' }) =>
      withPools(world, request, [pool, tierpool], (base, tier) => {
        const refusal = removeTierRefusal(pendings, base, tier)
        if (refusal !== undefined) return answered(request, refusal)
        const text = `pool '${tier.name}' is now (or already was) not a tier of '${base.name}'`
        if (!base.pool.tiers.has(tier.id)) return answered(request, done(text))
        if (base.pool.readTier === tier.id)
          return answered(
            request,
            failed(
              ERRNO.EBUSY,
              `tier pool '${tier.name}' is the overlay for '${base.name}'; please remove-overlay first`,
            ),
          )
        const { osdmap } = pendings
        const nextBase = nextPool(world, osdmap, base.id)
        const nextTier = nextPool(world, osdmap, tier.id)
        if (!nextBase.tiers.has(tier.id) || nextTier.tierOf !== base.id || nextBase.readTier === tier.id)
          return { _tag: 'RetryAfterCommit' }
        const tiers = new Set([...nextBase.tiers].filter((id) => id !== tier.id))
        const changed = withPool(
          withPool(osdmap, base.id, { ...nextBase, tiers }),
          tier.id,
          withoutTier(nextTier),
        )
        return prepared(request, { osdmap: changed }, done(text))
      }),
    ),
}

/** A pool on its own again. Source: ceph src/osd/osd_types.h pg_pool_t::clear_tier. */
const withoutTier = (pool: Pool): Pool => ({
  ...pool,
  tierOf: -1n,
  readTier: -1n,
  writeTier: -1n,
  flags: pool.cacheMode === 0 ? pool.flags : pool.flags | POOL_FLAG.INCOMPLETE_CLONES,
  cacheMode: 0,
  targetMaxBytes: 0n,
  targetMaxObjects: 0n,
  cacheTargetDirtyRatioMicro: 0,
  cacheTargetDirtyHighRatioMicro: 0,
  cacheTargetFullRatioMicro: 0,
  hitSetParams: NO_HIT_SET,
  hitSetPeriodSec: 0,
  hitSetCount: 0,
  hitSetGradeDecayRate: 0,
  hitSetSearchLastN: 0,
})
