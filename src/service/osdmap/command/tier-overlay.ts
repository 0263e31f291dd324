/** `osd tier set-overlay`, `remove-overlay`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_impl. */
import * as t from 'io-ts'
import { CephString, updateWith } from '../../args.ts'
import type { CommandHandler, CommandReply } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { nextPool, withPool } from '../pending.ts'
import { type NamedPool, removeTierRefusal, withOpsResent, withPools } from '../tier.ts'

const SetArgs = t.partial({ pool: CephString, overlaypool: CephString })

export const tierSetOverlay: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(SetArgs, request, command, ({ pool = '', overlaypool = '' }) =>
      withPools(world, request, [pool, overlaypool], (base, overlay) => {
        const nameOf = (id: bigint): string => world.committed.osdmap.map.poolNames.get(id) ?? '<unknown>'
        const text = `overlay for '${base.name}' is now (or already was) '${overlay.name}'`
        const ended = overlayReply(base, overlay, text, nameOf)
        if (ended !== undefined) return answered(request, ended)
        const { osdmap } = pendings
        const { epoch } = osdmap.inc
        const withBase = withPool(osdmap, base.id, {
          ...withOpsResent(nextPool(world, osdmap, base.id), epoch),
          readTier: overlay.id,
          writeTier: overlay.id,
        })
        const changed = withPool(
          withBase,
          overlay.id,
          withOpsResent(nextPool(world, withBase, overlay.id), epoch),
        )
        const warning =
          overlay.pool.cacheMode === 0 ? ' (WARNING: overlay pool cache_mode is still NONE)' : ''
        return prepared(request, { osdmap: changed }, done(text + warning))
      }),
    ),
}

const overlayReply = (
  base: NamedPool,
  overlay: NamedPool,
  text: string,
  nameOf: (id: bigint) => string,
): CommandReply | undefined => {
  const { tiers, readTier } = base.pool
  if (!tiers.has(overlay.id))
    return failed(ERRNO.EINVAL, `tier pool '${overlay.name}' is not a tier of '${base.name}'`)
  if (readTier === overlay.id) return done(text)
  return readTier >= 0n
    ? failed(
        ERRNO.EINVAL,
        `pool '${base.name}' has overlay '${nameOf(readTier)}'; please remove-overlay first`,
      )
    : undefined
}

const RemoveArgs = t.partial({ pool: CephString })

export const tierRemoveOverlay: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(RemoveArgs, request, command, ({ pool: name = '' }) =>
      withPools(world, request, [name], (base) => {
        const text = `there is now (or already was) no overlay for '${base.name}'`
        if (base.pool.readTier < 0n) return answered(request, done(text))
        const refusal = removeTierRefusal(pendings, base, undefined)
        if (refusal !== undefined) return answered(request, refusal)
        const { epoch } = pendings.osdmap.inc
        const pool = nextPool(world, pendings.osdmap, base.id)
        const tiers = new Set([pool.readTier, pool.writeTier].filter((id) => id >= 0n))
        const withTiers = [...tiers].reduce(
          (pending, id) => withPool(pending, id, withOpsResent(nextPool(world, pending, id), epoch)),
          pendings.osdmap,
        )
        const osdmap = withPool(withTiers, base.id, {
          ...withOpsResent(pool, epoch),
          readTier: -1n,
          writeTier: -1n,
        })
        return prepared(request, { osdmap }, done(text))
      }),
    ),
}
