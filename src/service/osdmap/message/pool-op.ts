/**
 * Pools and snapshots as librados asks for them.
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::preprocess_pool_op, prepare_pool_op, enforce_pool_op_caps.
 */
import * as E from 'fp-ts/lib/Either.js'
import { isCapable } from '../../../auth/mon-cap.ts'
import { withEntry } from '../../../base/ordered.ts'
import { hasSnap, NO_SNAPS, unionSnaps } from '../../../codec/type/snap-intervals.ts'
import { utimeOfMs } from '../../../codec/type/utime.ts'
import { encoded } from '../../../codec/writer.ts'
import { poolIdOfName } from '../../../map/osd-map/osd-map.ts'
import type { Pool } from '../../../map/osd-map/pool.ts'
import { type MPoolOp, POOL_OP } from '../../../message/pool-op.ts'
import type {
  QueryResult,
  Request,
  ServiceEffect,
  ServicePendings,
  UpdateResult,
  World,
} from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { planNewPool, withNewPool } from '../new-pool.ts'
import { nextPool, withInc, withPool } from '../pending.ts'
import {
  addPoolSnap,
  addUnmanagedSnap,
  hasPoolSnaps,
  hasUnmanagedSnaps,
  removePoolSnap,
  removeUnmanagedSnap,
  snapIdOfName,
} from '../pool-snap.ts'
import { removePool } from '../remove-pool.ts'
import { purgedRangeOf } from '../snap-key.ts'
import type { OsdmapPending } from '../state.ts'
import { ignored, type MessageHandler, NEEDS_UPDATE } from './handler.ts'

const reply = (
  world: World,
  request: Request,
  errno: number,
  epoch = world.committed.osdmap.map.epoch,
  response?: Buffer,
): ServiceEffect => ({
  _tag: 'Reply',
  request,
  message: { _tag: 'MPoolOpReply', version: 0n, fsid: world.fsid, code: -errno, epoch, response },
})

type Answered = Extract<QueryResult, { readonly _tag: 'Answered' }>
const answered = (world: World, request: Request, errno: number): Answered => ({
  _tag: 'Answered',
  effects: [reply(world, request, errno)],
})

const isUnmanagedOp = (op: number): boolean =>
  op === POOL_OP.CREATE_UNMANAGED_SNAP || op === POOL_OP.DELETE_UNMANAGED_SNAP

// Differs: a client whose monitor capability does not name the operation is not judged by its OSD capability.
const isAllowed = ({ session }: Request, m: MPoolOp, poolName: string | undefined): boolean => {
  const who = { entity: session.identity.entityName, address: session.socketAddr }
  if (!isUnmanagedOp(m.op)) return isCapable(session.identity.caps, { service: 'osd', opW: true, ...who })
  const args = new Map(poolName === undefined ? [] : [['poolname', poolName]])
  return isCapable(session.identity.caps, {
    service: 'osd',
    command: 'osd pool op unmanaged-snap',
    args,
    opW: true,
    ...who,
  })
}

const query = (world: World, request: Request, m: MPoolOp): QueryResult => {
  const { map } = world.committed.osdmap
  const id = BigInt(m.pool)
  if (!isAllowed(request, m, map.poolNames.get(id))) return answered(world, request, ERRNO.EPERM)
  if (m.fsid !== world.fsid) return answered(world, request, ERRNO.EINVAL)
  if (m.op === POOL_OP.CREATE)
    return poolIdOfName(map, m.name) === undefined ? NEEDS_UPDATE : answered(world, request, 0)
  const pool = map.pools.get(id)
  if (pool === undefined) return answered(world, request, m.op === POOL_OP.DELETE ? 0 : ERRNO.ENOENT)
  const errno = settled(world, id, pool, m)
  return errno === undefined ? NEEDS_UPDATE : answered(world, request, errno)
}

// The answer when nothing is to be changed; undefined when there is.
const settled = (world: World, id: bigint, pool: Pool, m: MPoolOp): number | undefined => {
  const exists = snapIdOfName(pool, m.name) !== undefined
  switch (m.op) {
    case POOL_OP.CREATE_SNAP:
      if (hasUnmanagedSnaps(pool) || pool.tierOf >= 0n) return ERRNO.EINVAL
      return exists ? 0 : undefined
    case POOL_OP.DELETE_SNAP:
      if (hasUnmanagedSnaps(pool)) return ERRNO.EINVAL
      return exists ? undefined : 0
    case POOL_OP.CREATE_UNMANAGED_SNAP:
      return hasPoolSnaps(pool) ? ERRNO.EINVAL : undefined
    case POOL_OP.DELETE_UNMANAGED_SNAP:
      if (hasPoolSnaps(pool)) return ERRNO.EINVAL
      return isRemoved(world, id, m.snapId) ? 0 : undefined
    case POOL_OP.DELETE:
      return poolIdOfName(world.committed.osdmap.map, m.name) === undefined ? undefined : 0
    default:
      return ERRNO.EOPNOTSUPP
  }
}

const isRemoved = (world: World, pool: bigint, snap: bigint): boolean =>
  hasSnap(world.committed.osdmap.map.removedSnapsQueue.get(pool) ?? NO_SNAPS, snap) ||
  purgedRangeOf(world.store, pool, snap) !== undefined

interface Change {
  readonly pending: OsdmapPending
  readonly response?: Buffer
}

const update = (world: World, pendings: ServicePendings, request: Request, m: MPoolOp): UpdateResult => {
  if (m.op === POOL_OP.DELETE) return deletePool(world, pendings, request, m)
  const change =
    m.op === POOL_OP.CREATE ? createPool(world, pendings, m) : changeSnaps(world, pendings.osdmap, m)
  if (typeof change === 'number') return answered(world, request, change)
  return proposed(world, request, change)
}

const proposed = (world: World, request: Request, { pending, response }: Change): UpdateResult => ({
  _tag: 'Prepared',
  pendings: { osdmap: pending },
  effects: [],
  afterCommit: [reply(world, request, 0, pending.inc.epoch, response)],
})

const createPool = (world: World, pendings: ServicePendings, m: MPoolOp): Change | number => {
  const planned = planNewPool(world, { pool: m.name })
  return E.isLeft(planned)
    ? -planned.left.code
    : { pending: withNewPool(pendings.osdmap, world, m.name, planned.right) }
}

const deletePool = (world: World, pendings: ServicePendings, request: Request, m: MPoolOp): UpdateResult => {
  const removal = removePool(world, pendings, BigInt(m.pool), false)
  if (E.isRight(removal)) return proposed(world, request, { pending: removal.right })
  return removal.left === 'RetryAfterCommit'
    ? { _tag: 'RetryAfterCommit' }
    : answered(world, request, -removal.left.code)
}

const changeSnaps = (world: World, pending: OsdmapPending, m: MPoolOp): Change | number => {
  const id = BigInt(m.pool)
  const pool = nextPool(world, pending, id)
  const { epoch } = pending.inc
  switch (m.op) {
    case POOL_OP.CREATE_SNAP: {
      if (hasUnmanagedSnaps(pool)) return ERRNO.EINVAL
      const exists = snapIdOfName(pool, m.name) !== undefined
      const changed = exists ? pool : addPoolSnap(pool, m.name, utimeOfMs(world.now), epoch)
      return { pending: withPool(pending, id, changed) }
    }
    case POOL_OP.DELETE_SNAP: {
      if (hasUnmanagedSnaps(pool)) return ERRNO.EINVAL
      const snap = snapIdOfName(pool, m.name)
      if (snap === undefined) return { pending }
      return { pending: withRemoved(withPool(pending, id, removePoolSnap(pool, snap, epoch)), id, snap) }
    }
    case POOL_OP.CREATE_UNMANAGED_SNAP: {
      if (hasPoolSnaps(pool)) return ERRNO.EINVAL
      const changed = addUnmanagedSnap(pool, epoch)
      const response = encoded((w) => {
        w.u64(changed.snapSeq)
      })
      return { pending: withPool(pending, id, changed), response }
    }
    default:
      return removeUnmanaged(pending, id, pool, m.snapId)
  }
}

const withRemoved = (pending: OsdmapPending, pool: bigint, snap: bigint): OsdmapPending => {
  const { newRemovedSnaps } = pending.inc
  const removed = unionSnaps(newRemovedSnaps.get(pool) ?? NO_SNAPS, [[snap, 1n]])
  return withInc(pending, { newRemovedSnaps: withEntry(newRemovedSnaps, pool, removed) })
}

// The id that the removal takes was never a snapshot; noting it as purged keeps the purged ids in one piece.
const removeUnmanaged = (pending: OsdmapPending, id: bigint, pool: Pool, snap: bigint): Change | number => {
  if (!hasUnmanagedSnaps(pool)) return ERRNO.ENOTSUP
  const { inc } = pending
  if (inc.oldPools.has(id) || hasSnap(inc.newRemovedSnaps.get(id) ?? NO_SNAPS, snap)) return { pending }
  if (snap > pool.snapSeq) return ERRNO.ENOENT
  const changed = removeUnmanagedSnap(pool, inc.epoch)
  const spent = new Set(pending.pseudoPurgedSnaps.get(id)).add(changed.snapSeq)
  const removed = withRemoved(withPool(pending, id, changed), id, snap)
  return { pending: { ...removed, pseudoPurgedSnaps: withEntry(removed.pseudoPurgedSnaps, id, spent) } }
}

export const poolOp: MessageHandler = {
  query: (world, request) =>
    request.message._tag === 'MPoolOp' ? query(world, request, request.message) : ignored(request),
  update: (world, pendings, request) =>
    request.message._tag === 'MPoolOp' ? update(world, pendings, request, request.message) : ignored(request),
}
