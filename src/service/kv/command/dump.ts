/** `config-key dump [prefix]`. Source: ceph src/mon/KVMonitor.cc KVMonitor::preprocess_command. */
import * as t from 'io-ts'
import { textOf } from '../../../base/text.ts'
import { CephString, queryWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { keysFrom } from '../keys.ts'
import { listOutput } from '../output.ts'

const Args = t.partial({ key: CephString })

// Printable ASCII, tab and line end; everything else is not shown.
const isText = (value: Buffer): boolean =>
  value.every((byte) => byte === 0x09 || byte === 0x0a || (byte >= 0x20 && byte < 0x7f))

const shown = (value: Buffer): string =>
  isText(value) ? textOf(value) : `<<< binary blob of length ${value.length} >>>`

export const configKeyDump: CommandHandler = {
  query: ({ store }, _request, command) =>
    queryWith(Args, command, ({ key: prefix = '' }) =>
      listOutput(command, new Map([...keysFrom(store, prefix)].map(([key, value]) => [key, shown(value)]))),
    ),
}
