/** `mgr stat`, `mgr services`. Source: ceph src/mon/MgrMonitor.cc preprocess_command. */
import { byBytes, sortedEntries } from '../../../base/ordered.ts'
import type { Command, CommandHandler } from '../../contract.ts'
import { prettyOutput } from '../../reply.ts'

export const mgrStat: CommandHandler = {
  query: ({ committed }, _request, command: Command) => {
    const { map } = committed.mgr
    return prettyOutput(command, {
      epoch: map.epoch,
      available: map.available,
      active_name: map.activeName,
      num_standby: map.standbys.size,
    })
  },
}

export const mgrServices: CommandHandler = {
  query: ({ committed }, _request, command) =>
    prettyOutput(command, new Map(sortedEntries(committed.mgr.map.services, byBytes))),
}
