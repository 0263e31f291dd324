/** `osd pool create`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_impl. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { poolTypeName } from '../../../map/osd-map/constant.ts'
import { poolIdOfName } from '../../../map/osd-map/osd-map.ts'
import { EMPTY_POOL } from '../../../map/osd-map/pool.ts'
import { CephBool, CephFloat, CephInt, CephString, updateWith } from '../../args.ts'
import type { CommandHandler, Request, ServicePendings, UpdateResult, World } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { erasureShape } from '../erasure-pool.ts'
import { pgCounts, planErasure, planNewPool, poolTypeAsked, withNewPool } from '../new-pool.ts'

const Args = t.partial({
  pool: CephString,
  pg_num: CephInt,
  pgp_num: CephInt,
  pool_type: CephString,
  erasure_code_profile: CephString,
  rule: CephString,
  expected_num_objects: CephInt,
  size: CephInt,
  pg_num_min: CephInt,
  pg_num_max: CephInt,
  bulk: CephBool,
  autoscale_mode: CephString,
  target_size_bytes: CephInt,
  target_size_ratio: CephFloat,
})
export const poolCreate: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, (args) => {
      const { map } = world.committed.osdmap
      const { pool: name = '' } = args
      const typeName = poolTypeAsked(world, args)
      const existing = poolIdOfName(map, name)
      if (existing !== undefined) {
        const { type } = map.pools.get(existing) ?? EMPTY_POOL
        return answered(
          request,
          poolTypeName(type) === typeName
            ? done(`pool '${name}' already exists`)
            : failed(ERRNO.EINVAL, `pool '${name}' cannot change to type ${typeName}`),
        )
      }
      if (typeName === 'erasure') return createErasure(world, pendings, request, args)
      const pool = planNewPool(world, args)
      if (E.isLeft(pool)) return answered(request, pool.left)
      const osdmap = withNewPool(pendings.osdmap, world, name, pool.right)
      return prepared(request, { osdmap }, done(`pool '${name}' created`))
    }),
}

/** Its rule is committed first, when there is none. */
const createErasure = (
  world: World,
  pendings: ServicePendings,
  request: Request,
  args: t.TypeOf<typeof Args>,
): UpdateResult => {
  const counts = pgCounts(world, args)
  if (E.isLeft(counts)) return answered(request, counts.left)
  const shape = erasureShape(world, pendings, args)
  if (E.isLeft(shape)) {
    const { left } = shape
    if (left === 'RetryAfterCommit') return { _tag: 'RetryAfterCommit' }
    return 'first' in left
      ? { _tag: 'RetryAfterCommit', pendings: { osdmap: left.first } }
      : answered(request, left)
  }
  const pool = planErasure(world, args, counts.right, shape.right)
  if (E.isLeft(pool)) return answered(request, pool.left)
  const { pool: name = '' } = args
  const osdmap = withNewPool(pendings.osdmap, world, name, pool.right)
  return prepared(request, { osdmap }, done(`pool '${name}' created`))
}
