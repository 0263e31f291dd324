/** `config reset <num>`: back to a version of the history. Source: ceph src/mon/ConfigMonitor.cc prepare_command. */
import * as t from 'io-ts'
import { CephInt, updateWith } from '../../args.ts'
import type { CommandHandler, World } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed } from '../../reply.ts'
import { loadChangeset } from '../changeset.ts'
import { prepareChanges } from '../prepare.ts'
import type { ConfigChanges } from '../state.ts'

const Args = t.partial({ num: CephInt })

export const configReset: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ num = -1 }) => {
      const version = BigInt(num)
      if (version < 0n || version > world.committed.config.lastCommitted)
        return answered(
          request,
          failed(
            ERRNO.EINVAL,
            'must specify a valid historical version to revert to; ' +
              "see 'ceph config log' for a list of avialable configuration historical versions",
          ),
        )
      return prepareChanges(
        world,
        pendings,
        request,
        changesBack(world, version),
        done(),
        `reset to ${version}`,
      )
    }),
}

/** The newest version's changes are undone first; an older one has the last word. */
const changesBack = ({ committed, store }: World, to: bigint): ConfigChanges => {
  const changes = new Map<string, string | undefined>()
  for (let version = committed.config.lastCommitted; version > to; version--)
    for (const [key, { before }] of loadChangeset(store, version).diff) changes.set(key, before)
  return changes
}
