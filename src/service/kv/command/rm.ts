/** `config-key rm <key>`, `config-key del <key>`. Source: ceph src/mon/KVMonitor.cc KVMonitor::prepare_command. */
import * as t from 'io-ts'
import { CephString, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { withChanges } from '../state.ts'

const Args = t.partial({ key: CephString })

export const configKeyRm: CommandHandler = {
  update: (_world, pendings, request, command) =>
    updateWith(Args, request, command, ({ key }) =>
      key === undefined
        ? answered(request, failed(ERRNO.EINVAL, 'must specify a key'))
        : prepared(request, { kv: withChanges(pendings.kv, [[key, undefined]]) }, done('key deleted')),
    ),
}
