/**
 * `config assimilate-conf`: takes what it can out of a ceph.conf, and gives back the rest.
 *
 * Source: ceph src/mon/ConfigMonitor.cc ConfigMonitor::prepare_command.
 */
import * as E from 'fp-ts/lib/Either.js'
import { byBytes, sortedEntries } from '../../../base/ordered.ts'
import { textOf } from '../../../base/text.ts'
import { parseConfFile, type ConfFile } from '../../../config/conf-file.ts'
import { parseOptionValue, printOptionValue } from '../../../config/option-value.ts'
import type { CommandHandler, World } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, failed, output } from '../../reply.ts'
import { sectionNamed } from '../config-map.ts'
import { findOption, hasFlag } from '../known-option.ts'
import { prepareChanges } from '../prepare.ts'
import type { ConfigChanges } from '../state.ts'

export const configAssimilateConf: CommandHandler = {
  update: (world, pendings, request, command) => {
    const conf = parseConfFile(textOf(command.input))
    if (E.isLeft(conf)) return answered(request, failed(ERRNO.EINVAL, conf.left))
    const { changes, rest } = assimilated(world, conf.right)
    return prepareChanges(world, pendings, request, changes, output(rest))
  },
}

const assimilated = (
  world: World,
  conf: ConfFile,
): { readonly changes: ConfigChanges; readonly rest: string } => {
  const changes = new Map<string, string>()
  const rest: string[] = []
  for (const [section, keys] of sortedEntries(conf, byBytes)) {
    const left: string[] = []
    for (const [name, text] of sortedEntries(keys, byBytes)) {
      const value = acceptable(world, name, text)
      const known = sectionNamed(world.committed.config.map, section).find((have) => have.name === name)
      if (value === undefined || (known !== undefined && known.value !== value))
        left.push(`\t${name} = ${text}\n`)
      else if (known === undefined) changes.set(`${section}/${name}`, value)
    }
    if (left.length > 0) rest.push(`\n[${section}]\n`, ...left)
  }
  return { changes, rest: rest.join('') }
}

// The value as it is stored; undefined for what only a daemon's own file may hold, and for what is no option.
const acceptable = (world: World, name: string, text: string): string | undefined => {
  const option = findOption(world, name)
  if (option === undefined || hasFlag(option, 'no_mon_update') || hasFlag(option, 'cluster_create'))
    return undefined
  const value = parseOptionValue(option, text)
  return E.isLeft(value) ? undefined : printOptionValue(value.right)
}
