/**
 * `config-key set <key> [value]`, with the value from the command's input when it is not given.
 * Source: ceph src/mon/KVMonitor.cc KVMonitor::prepare_command.
 */
import * as t from 'io-ts'
import { wireBytes } from '../../../base/text.ts'
import { CephString, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { withChanges } from '../state.ts'

const Args = t.partial({ key: CephString, val: CephString })

export const configKeySet: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ key, val }) => {
      if (key === undefined) return answered(request, failed(ERRNO.EINVAL, 'must specify a key'))
      const value = val === undefined ? command.input : wireBytes(val)
      const bytesMax = world.options.int('mon_config_key_max_entry_size')
      if (value.length > bytesMax)
        return answered(
          request,
          failed(
            ERRNO.EFBIG,
            `error: entry size limited to ${bytesMax} bytes. ` +
              "Use 'mon config key max entry size' to manually adjust",
          ),
        )
      return prepared(request, { kv: withChanges(pendings.kv, [[key, value]]) }, done(`set ${key}`))
    }),
}
