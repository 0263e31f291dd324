/** `osd pool set-quota`, `get-quota`. Source: ceph src/mon/OSDMonitor.cc. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { parseSi, parseSize } from '../../../config/parse-number.ts'
import { printBytes, printCount } from '../../../base/si-units.ts'
import { EMPTY_POOL } from '../../../map/osd-map/pool.ts'
import { CephString, queryWith, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { formattedWithEnd } from '../output.ts'
import { nextPool, withPool } from '../pending.ts'
import { withPoolNamed } from '../pool-name.ts'

const SetArgs = t.partial({ pool: CephString, field: CephString, val: CephString })

export const poolSetQuota: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(SetArgs, request, command, ({ pool: name = '', field = '', val = '' }) =>
      withPoolNamed(
        world.committed.osdmap.map,
        name,
        (reply) => answered(request, reply),
        (id) => {
          if (field !== 'max_objects' && field !== 'max_bytes')
            return answered(
              request,
              failed(ERRNO.EINVAL, `unrecognized field '${field}'; should be 'max_bytes' or 'max_objects'`),
            )
          const value = field === 'max_objects' ? parseSi(val, false) : parseSize(val)
          if (E.isLeft(value))
            return answered(request, failed(ERRNO.EINVAL, `error parsing value '${val}': ${value.left}`))
          const quota =
            field === 'max_objects' ? { quotaMaxObjects: value.right } : { quotaMaxBytes: value.right }
          const osdmap = withPool(pendings.osdmap, id, { ...nextPool(world, pendings.osdmap, id), ...quota })
          return prepared(request, { osdmap }, done(`set-quota ${field} = ${value.right} for pool ${name}`))
        },
      ),
    ),
}

const GetArgs = t.partial({ pool: CephString })

export const poolGetQuota: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(GetArgs, command, ({ pool: name = '' }) => {
      const { map } = world.committed.osdmap
      return withPoolNamed(
        map,
        name,
        (reply) => reply,
        (id) => {
          const stats = world.committed.mgrstat.digest.poolSums.get(Number(id))
          if (stats === undefined) return failed(ERRNO.ENOENT, `no stats for pool '${name}'`)
          const pool = map.pools.get(id) ?? EMPTY_POOL
          const { numObjects, numBytes } = stats.stats
          return formattedWithEnd(
            command,
            () => ({
              pool_name: name,
              pool_id: id,
              quota_max_objects: pool.quotaMaxObjects,
              current_num_objects: numObjects,
              quota_max_bytes: pool.quotaMaxBytes,
              current_num_bytes: numBytes,
            }),
            () =>
              `quotas for pool '${name}':\n  max objects: ` +
              (pool.quotaMaxObjects === 0n
                ? 'N/A'
                : `${printCount(pool.quotaMaxObjects)} objects  (current num objects: ${numObjects} objects)`) +
              '\n  max bytes  : ' +
              (pool.quotaMaxBytes === 0n
                ? 'N/A'
                : `${printBytes(pool.quotaMaxBytes)}  (current num bytes: ${numBytes} bytes)`) +
              '\n',
            '\n',
          )
        },
      )
    }),
}
