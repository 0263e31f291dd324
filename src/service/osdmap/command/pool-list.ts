/** `osd pool ls`, `osd lspools`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::preprocess_command, src/osd/OSDMap.cc print_pools. */
import * as t from 'io-ts'
import { byBigint, sortedEntries } from '../../../base/ordered.ts'
import { poolJson } from '../../../map/osd-map/dump-pool.ts'
import { printPools } from '../../../map/osd-map/dump-plain.ts'
import { CephString, queryWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { formatted } from '../../reply.ts'
import { linesOutput } from '../output.ts'

const Args = t.partial({ detail: CephString })

export const poolList: CommandHandler = {
  query: ({ committed }, _request, command) =>
    queryWith(Args, command, ({ detail }) => {
      const { map } = committed.osdmap
      const isDetailed = detail === 'detail'
      const pools = sortedEntries(map.pools, byBigint).map(
        ([id, pool]) => [id, map.poolNames.get(id) ?? '<unknown>', pool] as const,
      )
      return formatted(
        command,
        () =>
          pools.map(([id, name, pool]) =>
            isDetailed ? { pool_id: id, pool_name: name, ...poolJson(pool) } : name,
          ),
        () => (isDetailed ? `${printPools(map)}\n` : pools.map(([, name]) => `${name}\n`).join('')),
      )
    }),
}

export const listPools: CommandHandler = {
  query: ({ committed }, _request, command) => {
    const { pools, poolNames } = committed.osdmap.map
    const named = sortedEntries(pools, byBigint).map(([id]) => [id, poolNames.get(id) ?? ''] as const)
    return linesOutput(
      command,
      () => named.map(([poolnum, poolname]) => ({ poolnum, poolname })),
      () => named.map(([id, name]) => `${id} ${name}`).join('\n'),
    )
  },
}
