/** `config-key get <key>`. Source: ceph src/mon/KVMonitor.cc KVMonitor::preprocess_command. */
import * as t from 'io-ts'
import { CephString, queryWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { failed, output } from '../../reply.ts'
import { KV_PREFIX } from '../state.ts'

const Args = t.partial({ key: CephString })

export const configKeyGet: CommandHandler = {
  query: ({ store }, _request, command) =>
    queryWith(Args, command, ({ key = '' }) => {
      const value = store.get(KV_PREFIX, key)
      return value === undefined ? failed(ERRNO.ENOENT, '') : output(value)
    }),
}
