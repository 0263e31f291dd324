/** `config-key ls`, `config-key list`. Source: ceph src/mon/KVMonitor.cc KVMonitor::preprocess_command. */
import type { CommandHandler } from '../../contract.ts'
import { keysFrom } from '../keys.ts'
import { listOutput } from '../output.ts'

export const configKeyLs: CommandHandler = {
  query: ({ store }, _request, command) =>
    listOutput(
      command,
      [...keysFrom(store, '')].map(([key]) => key),
    ),
}
