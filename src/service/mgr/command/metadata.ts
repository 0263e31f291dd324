/**
 * `mgr metadata [who]`, `mgr versions`, `mgr count-metadata property`.
 *
 * Source: ceph src/mon/MgrMonitor.cc preprocess_command, count_metadata.
 */
import * as t from 'io-ts'
import { byBytes, sortedEntries } from '../../../base/ordered.ts'
import { CephString, queryWith } from '../../args.ts'
import type { CommandHandler, World } from '../../contract.ts'
import { countMetadata } from '../../count-metadata.ts'
import { ERRNO } from '../../errno.ts'
import { failed, prettyOutput } from '../../reply.ts'

const WhoArgs = t.partial({ who: CephString })
const PropertyArgs = t.type({ property: CephString })

/** Names of the daemons in the map, the active one first. */
const names = ({ committed }: World): readonly string[] => {
  const { map } = committed.mgr
  const standbys = [...map.standbys.values()].map((s) => s.name)
  return map.activeName === '' ? standbys : [map.activeName, ...standbys]
}

export const mgrMetadata: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(WhoArgs, command, ({ who }) => {
      const { metadata } = world.committed.mgr
      const fields = (name: string): readonly (readonly [string, string])[] =>
        sortedEntries(metadata.get(name) ?? new Map<string, string>(), byBytes)
      if (who === undefined)
        return prettyOutput(
          command,
          names(world).map((name) => new Map([['name', name], ...fields(name)])),
        )
      const name = who.startsWith('mgr.') ? who.slice('mgr.'.length) : who
      return metadata.has(name)
        ? prettyOutput(command, new Map([['name', name], ...fields(name)]))
        : failed(ERRNO.ENOENT, '')
    }),
}

export const mgrVersions: CommandHandler = {
  query: (world, _request, command) =>
    prettyOutput(command, new Map(countMetadata(world.committed.mgr.metadata.values(), 'ceph_version'))),
}

export const mgrCountMetadata: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(PropertyArgs, command, ({ property }) =>
      prettyOutput(command, new Map(countMetadata(world.committed.mgr.metadata.values(), property))),
    ),
}
