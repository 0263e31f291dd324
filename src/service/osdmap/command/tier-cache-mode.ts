/** `osd tier cache-mode`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_impl. */
import * as t from 'io-ts'
import { CACHE_MODES, cacheModeName, POOL_FLAG } from '../../../map/osd-map/constant.ts'
import { CephBool, CephString, updateWith } from '../../args.ts'
import type { CommandHandler, CommandReply, World } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { nextPool, withPool } from '../pending.ts'
import { cacheModeNumber, type NamedPool, withPools } from '../tier.ts'

const Args = t.partial({ pool: CephString, mode: CephString, yes_i_really_mean_it: CephBool })

type Mode = (typeof CACHE_MODES)[number]

const GONE: ReadonlySet<string> = new Set<Mode>(['forward', 'readforward'])
const WELL_SUPPORTED: ReadonlySet<string> = new Set<Mode>(['writeback', 'none', 'proxy', 'readproxy'])

/** From a mode, what may be gone over to while there are dirty objects; from others, everything. */
const WITH_DIRTY_OBJECTS: ReadonlyMap<string, readonly Mode[]> = new Map<Mode, readonly Mode[]>([
  ['readforward', ['writeback', 'proxy', 'readproxy']],
  ['readproxy', ['readproxy', 'writeback', 'proxy']],
  ['proxy', ['proxy', 'writeback', 'readproxy']],
  ['forward', ['writeback', 'proxy', 'readproxy']],
])

export const tierCacheMode: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, (args) =>
      withPools(world, request, [args.pool ?? ''], (tier) => {
        const { mode: modeName = '', yes_i_really_mean_it: sure = false } = args
        const mode = cacheModeNumber(modeName)
        if (tier.pool.tierOf < 0n)
          return answered(request, failed(ERRNO.EINVAL, `pool '${tier.name}' is not a tier`))
        if (mode === undefined)
          return answered(request, failed(ERRNO.EINVAL, `'${modeName}' is not a valid cache mode`))
        const refusal = modeRefusal(modeName, sure)
        if (refusal !== undefined) return answered(request, refusal)
        const text = `set cache-mode for pool '${tier.name}' to ${modeName}`
        const next = nextPool(world, pendings.osdmap, tier.id)
        if (tier.pool.cacheMode === mode && next.cacheMode === mode) return answered(request, done(text))
        const impossible = transitionRefusal(world, tier, modeName)
        if (impossible !== undefined) return answered(request, impossible)
        const osdmap = withPool(pendings.osdmap, tier.id, {
          ...next,
          cacheMode: mode,
          flags: next.flags | POOL_FLAG.INCOMPLETE_CLONES,
        })
        const base = world.committed.osdmap.map.pools.get(next.tierOf)
        const isOverlay = base?.readTier === tier.id || base?.writeTier === tier.id
        const warning =
          modeName === 'none' && isOverlay ? ' (WARNING: pool is still configured as read or write tier)' : ''
        return prepared(request, { osdmap }, done(text + warning))
      }),
    ),
}

const modeRefusal = (mode: string, sure: boolean): CommandReply | undefined => {
  if (GONE.has(mode)) return failed(ERRNO.EPERM, `'${mode}' is no longer a supported cache mode`)
  return WELL_SUPPORTED.has(mode) || sure
    ? undefined
    : failed(
        ERRNO.EPERM,
        `'${mode}' is not a well-supported cache mode and may corrupt your data.  ` +
          'pass --yes-i-really-mean-it to force.',
      )
}

const transitionRefusal = (
  world: World,
  { id, name, pool }: NamedPool,
  to: string,
): CommandReply | undefined => {
  const from = cacheModeName(pool.cacheMode)
  if (from === 'writeback' && to !== 'proxy' && to !== 'readproxy')
    return failed(
      ERRNO.EINVAL,
      `unable to set cache-mode '${to}' on a '${from}' pool; only 'proxy','readproxy' allowed.`,
    )
  const allowed: readonly string[] | undefined = WITH_DIRTY_OBJECTS.get(from)
  const stats = world.committed.mgrstat.digest.poolSums.get(Number(id))?.stats
  return allowed?.includes(to) === false && (stats?.numObjectsDirty ?? 0n) > 0n
    ? failed(ERRNO.EBUSY, `unable to set cache-mode '${to}' on pool '${name}': dirty objects found`)
    : undefined
}
