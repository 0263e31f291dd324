/** `osd tier add-cache`: a tier, its mode, its overlay and its size in one. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_impl. */
import * as t from 'io-ts'
import type { Pool } from '../../../map/osd-map/pool.ts'
import { CephInt, CephString, updateWith } from '../../args.ts'
import type { CommandHandler, World } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { nextPool, withPool } from '../pending.ts'
import { hitSetParams } from '../pool-setter-tier.ts'
import { becomeTierReply, cacheModeNumber, objectsIn, withOpsResent, withPools } from '../tier.ts'

const Args = t.intersection([
  t.type({ size: CephInt }),
  t.partial({ pool: CephString, tierpool: CephString }),
])

export const tierAddCache: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ pool = '', tierpool = '', size }) =>
      withPools(world, request, [pool, tierpool], (base, tier) => {
        const { options } = world
        const ended = becomeTierReply(world.committed.osdmap.map, pendings, base, tier)
        if (ended !== undefined) return answered(request, ended)
        if (objectsIn(world, tier.id) !== 0n)
          return answered(request, failed(ERRNO.ENOTEMPTY, `tier pool '${tier.name}' is not empty`))
        const modeName = options.string('osd_tier_default_cache_mode')
        const mode = cacheModeNumber(modeName)
        if (mode === undefined)
          return answered(
            request,
            failed(ERRNO.EINVAL, `osd tier cache default mode '${modeName}' is not a valid cache mode`),
          )
        const hitSet = defaultHitSet(world)
        if (hitSet === undefined)
          return answered(
            request,
            failed(
              ERRNO.EINVAL,
              `osd tier cache default hit set type '${options.string('osd_tier_default_cache_hit_set_type')}' ` +
                'is not a known type',
            ),
          )
        const { osdmap } = pendings
        const { epoch } = osdmap.inc
        const nextBase = nextPool(world, osdmap, base.id)
        const nextTier = nextPool(world, osdmap, tier.id)
        if (nextBase.tiers.has(tier.id) || nextTier.tierOf >= 0n) return { _tag: 'RetryAfterCommit' }
        const withBase = withPool(osdmap, base.id, {
          ...withOpsResent(nextBase, epoch),
          tiers: new Set([...nextBase.tiers, tier.id]),
          readTier: tier.id,
          writeTier: tier.id,
          snapEpoch: epoch,
        })
        const changed = withPool(withBase, tier.id, {
          ...withOpsResent(nextTier, epoch),
          ...cacheDefaults(world),
          tierOf: base.id,
          cacheMode: mode,
          hitSetParams: hitSet,
          targetMaxBytes: BigInt(size),
        })
        const text = `pool '${tier.name}' is now (or already was) a cache tier of '${base.name}'`
        return prepared(request, { osdmap: changed }, done(text))
      }),
    ),
}

const defaultHitSet = ({ options }: World): Pool['hitSetParams'] | undefined => {
  const type = options.string('osd_tier_default_cache_hit_set_type')
  return type === 'none' ? undefined : hitSetParams(type, options.float('osd_pool_default_hit_set_bloom_fpp'))
}

const cacheDefaults = ({ options }: World): Partial<Pool> => {
  const of = (name: string): number => options.int(`osd_tier_default_cache_${name}`)
  return {
    hitSetCount: of('hit_set_count'),
    hitSetPeriodSec: of('hit_set_period'),
    minReadRecencyForPromote: of('min_read_recency_for_promote'),
    minWriteRecencyForPromote: of('min_write_recency_for_promote'),
    hitSetGradeDecayRate: of('hit_set_grade_decay_rate'),
    hitSetSearchLastN: of('hit_set_search_last_n'),
  }
}
