/** `osd map`, `pg map`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::preprocess_command. */
import * as t from 'io-ts'
import { parsePgKey, pgKey, pgOfKey, printPgKey } from '../../../codec/type/pg-key.ts'
import { poolIdOfName } from '../../../map/osd-map/osd-map.ts'
import { objectHash, placementOf, stableMod } from '../../../map/osd-map/placement.ts'
import { EMPTY_POOL } from '../../../map/osd-map/pool.ts'
import { CephString, queryWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { failed } from '../../reply.ts'
import { linesOrJson } from '../output.ts'

const ObjectArgs = t.partial({ pool: CephString, object: CephString, nspace: CephString })

export const osdMapObject: CommandHandler = {
  query: ({ committed }, _request, command) =>
    queryWith(ObjectArgs, command, ({ pool: poolName = '', object = '', nspace = '' }) => {
      const { map } = committed.osdmap
      const id = poolIdOfName(map, poolName)
      if (id === undefined) return failed(ERRNO.ENOENT, `pool ${poolName} does not exist`)
      const pool = map.pools.get(id) ?? EMPTY_POOL
      const hash = objectHash(pool, object, nspace)
      const raw = printPgKey(pgKey({ pool: id, seed: hash }))
      const key = pgKey({ pool: id, seed: stableMod(hash, pool.pgNum) })
      const pg = printPgKey(key)
      const { up, upPrimary, acting, actingPrimary } = placementOf(map, key)
      const name = nspace === '' ? object : `${nspace}/${object}`
      return linesOrJson(
        command,
        () => ({
          epoch: map.epoch,
          pool: poolName,
          pool_id: id,
          objname: name,
          raw_pgid: raw,
          pgid: pg,
          up,
          up_primary: upPrimary,
          acting,
          acting_primary: actingPrimary,
        }),
        () =>
          `osdmap e${map.epoch} pool '${poolName}' (${id}) object '${name}' -> pg ${raw} (${pg})` +
          ` -> up ([${up.join(',')}], p${upPrimary}) acting ([${acting.join(',')}], p${actingPrimary})`,
      )
    }),
}

const PgArgs = t.partial({ pgid: CephString })

export const pgMap: CommandHandler = {
  query: ({ committed }, _request, command) =>
    queryWith(PgArgs, command, ({ pgid: text = '' }) => {
      const { map } = committed.osdmap
      const raw = parsePgKey(text)
      if (raw === undefined) return failed(ERRNO.EINVAL, `invalid pgid '${text}'`)
      const { pool: id, seed } = pgOfKey(raw)
      const pool = map.pools.get(id)
      if (pool === undefined) return failed(ERRNO.ENOENT, `pg '${text}' does not exist`)
      const key = pgKey({ pool: id, seed: stableMod(seed, pool.pgNum) })
      const { up, acting } = placementOf(map, raw)
      return linesOrJson(
        command,
        () => ({ epoch: map.epoch, raw_pgid: text, pgid: printPgKey(key), up, acting }),
        () =>
          `osdmap e${map.epoch} pg ${text} (${printPgKey(key)}) -> up [${up.join(',')}] acting [${acting.join(',')}]`,
      )
    }),
}
