/**
 * `osd pg-temp`, `osd primary-temp`, `pg repeer`: PGs served for a while by others than CRUSH would choose.
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_impl.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { withEntry } from '../../../base/ordered.ts'
import { parsePgKey, type PgKey, pgOfKey, printPgKey } from '../../../codec/type/pg-key.ts'
import { osdExists, osdIds, osdIsUp, type OsdMap } from '../../../map/osd-map/osd-map.ts'
import { placementOf } from '../../../map/osd-map/placement.ts'
import type { Pool } from '../../../map/osd-map/pool.ts'
import { RELEASE, releaseName } from '../../../map/release.ts'
import { CephInt, CephInts, CephString, updateWith } from '../../args.ts'
import type { CommandHandler, CommandReply, Request, UpdateResult } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { withInc } from '../pending.ts'

/** A PG of the map. */
export interface KnownPg {
  readonly key: PgKey
  readonly pool: Pool
  readonly name: string
}

/** Errors: the reply to a text that is no PG of the map. */
export const readPg = (
  map: OsdMap,
  text: string,
  unknown: (name: string) => string = (name) => `pg ${name} does not exist`,
): E.Either<CommandReply, KnownPg> => {
  const key = parsePgKey(text)
  if (key === undefined) return E.left(failed(ERRNO.EINVAL, `invalid pgid '${text}'`))
  const { pool: id, seed } = pgOfKey(key)
  const pool = map.pools.get(id)
  const name = printPgKey(key)
  return pool === undefined || seed >= pool.pgNum
    ? E.left(failed(ERRNO.ENOENT, unknown(name)))
    : E.right({ key, pool, name })
}

/** What is wrong with that many OSDs for a PG of the pool. */
export const refusedCount = (count: number, pool: Pool): string | undefined =>
  count < pool.minSize
    ? `num of osds (${count}) < pool min size (${pool.minSize})`
    : count > pool.size
      ? `num of osds (${count}) > pool size (${pool.size})`
      : undefined

const refused = (request: Request, errno: (typeof ERRNO)[keyof typeof ERRNO], text: string): UpdateResult =>
  answered(request, failed(errno, text))

const PgTempArgs = t.partial({ pgid: CephString, id: CephInts })

export const osdPgTemp: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(PgTempArgs, request, command, ({ pgid = '', id: osds = [] }) => {
      const { map } = world.committed.osdmap
      const { inc } = pendings.osdmap
      const pg = readPg(map, pgid)
      if (E.isLeft(pg)) return answered(request, pg.left)
      const { key, pool, name } = pg.right
      if (inc.newPgTemp.has(key)) return { _tag: 'RetryAfterCommit' }
      const stranger = osds.find((osd) => !osdExists(map, osd))
      if (stranger !== undefined) return refused(request, ERRNO.ENOENT, `osd.${stranger} does not exist`)
      const wrong = osds.length === 0 ? undefined : refusedCount(osds.length, pool)
      if (wrong !== undefined) return refused(request, ERRNO.EINVAL, wrong)
      const osdmap = withInc(pendings.osdmap, { newPgTemp: withEntry(inc.newPgTemp, key, osds) })
      const text =
        osds.length === 0
          ? `done cleaning up pg_temp of ${name}`
          : `set ${name} pg_temp mapping to [${osds.join(',')}]`
      return prepared(request, { osdmap }, done(text))
    }),
}

const PrimaryTempArgs = t.partial({ pgid: CephString, id: CephInt })

export const osdPrimaryTemp: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(PrimaryTempArgs, request, command, ({ pgid = '', id: osd = -1 }) => {
      const { map } = world.committed.osdmap
      const pg = readPg(map, pgid)
      if (E.isLeft(pg)) return answered(request, pg.left)
      const { key, name } = pg.right
      if (osd !== -1 && !osdExists(map, osd))
        return refused(request, ERRNO.ENOENT, `osd.${osd} does not exist`)
      const oldest = map.requireMinCompatClient
      if (oldest !== 0 && oldest < RELEASE.firefly)
        return refused(
          request,
          ERRNO.EPERM,
          `require_min_compat_client ${releaseName(oldest)} < firefly, which is required for primary-temp`,
        )
      const { newPrimaryTemp } = pendings.osdmap.inc
      const osdmap = withInc(pendings.osdmap, { newPrimaryTemp: withEntry(newPrimaryTemp, key, osd) })
      return prepared(request, { osdmap }, done(`set ${name} primary_temp mapping to ${osd}`))
    }),
}

const RepeerArgs = t.partial({ pgid: CephString })

/** Makes a PG peer again by changing who serves it for a moment. */
export const pgRepeer: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(RepeerArgs, request, command, ({ pgid = '' }) => {
      const { map } = world.committed.osdmap
      const pg = readPg(map, pgid, () => `pg '${pgid}' does not exist`)
      if (E.isLeft(pg)) return answered(request, pg.left)
      const { acting, actingPrimary: primary } = placementOf(map, pg.right.key)
      if (primary < 0) return refused(request, ERRNO.EAGAIN, 'pg currently has no primary')
      const other = osdIds(map).find((osd) => osd !== primary && osdIsUp(map, osd))
      // The primary alone maps back to what CRUSH wants; where it is alone already, any other makes a change.
      const osds = acting.length > 1 ? [primary] : other === undefined ? undefined : [primary, other]
      if (osds === undefined)
        return refused(request, ERRNO.EAGAIN, 'not enough up OSDs in the cluster to force repeer')
      const { newPgTemp } = pendings.osdmap.inc
      const osdmap = withInc(pendings.osdmap, { newPgTemp: withEntry(newPgTemp, pg.right.key, osds) })
      return prepared(request, { osdmap }, done())
    }),
}
