/** `config log [num]`. Source: ceph src/mon/ConfigMonitor.cc; src/mon/ConfigMap.cc ConfigChangeSet::dump, print. */
import * as t from 'io-ts'
import type { JsonRecord } from '../../../base/json.ts'
import { printUtime } from '../../../codec/type/utime.ts'
import { CephInt, queryWith } from '../../args.ts'
import type { CommandHandler, World } from '../../contract.ts'
import { formatted } from '../../reply.ts'
import { loadChangeset, type Changeset } from '../changeset.ts'

const NUM_DEFAULT = 10

const Args = t.partial({ num: CephInt })

export const configLog: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(Args, command, ({ num = NUM_DEFAULT }) => {
      const changesets = lastChangesets(world, num)
      return formatted(
        command,
        () => changesets.map(changesetJson),
        () => changesets.map(printChangeset).join(''),
      )
    }),
}

// Newest first. A negative number is taken for a very large one.
const lastChangesets = ({ committed, store }: World, num: number): readonly Changeset[] => {
  const { lastCommitted } = committed.config
  const count = num < 0 || BigInt(num) > lastCommitted ? lastCommitted : BigInt(num)
  const changesets: Changeset[] = []
  for (let version = lastCommitted; version > lastCommitted - count; version--)
    changesets.push(loadChangeset(store, version))
  return changesets
}

const changesetJson = ({ version, stamp, description, diff }: Changeset): JsonRecord => ({
  version,
  timestamp: printUtime(stamp),
  name: description,
  changes: [...diff].map(([name, { before, after }]) => ({
    name,
    previous_value: before,
    new_value: after,
  })),
})

const printChangeset = ({ version, stamp, description, diff }: Changeset): string => {
  const title = `--- ${version} --- ${printUtime(stamp)}${description === '' ? '' : ` --- ${description}`} ---\n`
  const lines = [...diff].flatMap(([name, { before, after }]) => [
    ...(before === undefined ? [] : [`- ${name} = ${before}\n`]),
    ...(after === undefined ? [] : [`+ ${name} = ${after}\n`]),
  ])
  return title + lines.join('')
}
