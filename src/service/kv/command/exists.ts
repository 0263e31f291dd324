/** `config-key exists <key>`. Source: ceph src/mon/KVMonitor.cc KVMonitor::preprocess_command. */
import * as t from 'io-ts'
import { CephString, queryWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { done, failed } from '../../reply.ts'
import { KV_PREFIX } from '../state.ts'

const Args = t.partial({ key: CephString })

export const configKeyExists: CommandHandler = {
  query: ({ store }, _request, command) =>
    queryWith(Args, command, ({ key = '' }) =>
      store.has(KV_PREFIX, key)
        ? done(`key '${key}' exists`)
        : failed(ERRNO.ENOENT, `key '${key}' doesn't exist`),
    ),
}
