/** `config ls`: names of all options. Source: ceph src/mon/ConfigMonitor.cc ConfigMonitor::preprocess_command. */
import { OPTIONS } from '../../../config/option.ts'
import type { CommandHandler } from '../../contract.ts'
import { formatted } from '../../reply.ts'
import { moduleOptionNames } from '../known-option.ts'

// Debug levels can be set and are not listed.
const LISTED = [...OPTIONS.values()].filter(({ subsystem }) => subsystem !== true).map(({ name }) => name)

export const configLs: CommandHandler = {
  query: (world, _request, command) => {
    const names = [...LISTED, ...moduleOptionNames(world)]
    return formatted(
      command,
      () => names,
      () => names.map((name) => `${name}\n`).join(''),
    )
  },
}
