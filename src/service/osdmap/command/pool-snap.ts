/** `osd pool mksnap`, `rmsnap`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_impl. */
import * as t from 'io-ts'
import { utimeOfMs } from '../../../codec/type/utime.ts'
import { EMPTY_POOL } from '../../../map/osd-map/pool.ts'
import { CephString, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { nextPool, withPool } from '../pending.ts'
import { withPoolNamed } from '../pool-name.ts'
import { addPoolSnap, hasUnmanagedSnaps, removePoolSnap, snapIdOfName } from '../pool-snap.ts'

const Args = t.partial({ pool: CephString, snap: CephString })

export const poolMakeSnap: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ pool: name = '', snap = '' }) =>
      withPoolNamed(
        world.committed.osdmap.map,
        name,
        (reply) => answered(request, reply),
        (id) => {
          const committed = world.committed.osdmap.map.pools.get(id) ?? EMPTY_POOL
          if (hasUnmanagedSnaps(committed))
            return answered(request, failed(ERRNO.EINVAL, `pool ${name} is in unmanaged snaps mode`))
          const exists = done(`pool ${name} snap ${snap} already exists`)
          if (snapIdOfName(committed, snap) !== undefined) return answered(request, exists)
          if (committed.tierOf >= 0n)
            return answered(request, failed(ERRNO.EINVAL, `pool ${name} is a cache tier`))
          const pool = nextPool(world, pendings.osdmap, id)
          if (snapIdOfName(pool, snap) !== undefined)
            return prepared(request, { osdmap: pendings.osdmap }, exists)
          const changed = addPoolSnap(pool, snap, utimeOfMs(world.now), pendings.osdmap.inc.epoch)
          const osdmap = withPool(pendings.osdmap, id, changed)
          return prepared(request, { osdmap }, done(`created pool ${name} snap ${snap}`))
        },
      ),
    ),
}

export const poolRemoveSnap: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ pool: name = '', snap = '' }) =>
      withPoolNamed(
        world.committed.osdmap.map,
        name,
        (reply) => answered(request, reply),
        (id) => {
          const committed = world.committed.osdmap.map.pools.get(id) ?? EMPTY_POOL
          if (hasUnmanagedSnaps(committed))
            return answered(request, failed(ERRNO.EINVAL, `pool ${name} is in unmanaged snaps mode`))
          if (snapIdOfName(committed, snap) === undefined)
            return answered(request, done(`pool ${name} snap ${snap} does not exist`))
          const pool = nextPool(world, pendings.osdmap, id)
          const snapId = snapIdOfName(pool, snap)
          if (snapId === undefined)
            return prepared(
              request,
              { osdmap: pendings.osdmap },
              done(`already removed pool ${name} snap ${snap}`),
            )
          const osdmap = withPool(
            pendings.osdmap,
            id,
            removePoolSnap(pool, snapId, pendings.osdmap.inc.epoch),
          )
          return prepared(request, { osdmap }, done(`removed pool ${name} snap ${snap}`))
        },
      ),
    ),
}
