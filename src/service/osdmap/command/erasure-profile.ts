/** `osd erasure-code-profile …`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::preprocess_command, prepare_command_impl. */
import * as t from 'io-ts'
import { byBytes, sortedEntries, withoutEntry } from '../../../base/ordered.ts'
import type { Pool } from '../../../map/osd-map/pool.ts'
import { CephString, queryWith, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { formattedWithEnd } from '../output.ts'
import { withInc } from '../pending.ts'

export const erasureProfileList: CommandHandler = {
  query: ({ committed }, _request, command) => {
    const names = [...committed.osdmap.map.erasureCodeProfiles.keys()].sort(byBytes)
    return formattedWithEnd(
      command,
      () => names,
      () => names.map((name) => `${name}\n`).join(''),
      '\n',
    )
  },
}

const Args = t.partial({ name: CephString })

export const erasureProfileGet: CommandHandler = {
  query: ({ committed }, _request, command) =>
    queryWith(Args, command, ({ name = '' }) => {
      const profile = committed.osdmap.map.erasureCodeProfiles.get(name)
      if (profile === undefined) return failed(ERRNO.ENOENT, `unknown erasure code profile '${name}'`)
      const entries = sortedEntries(profile, byBytes)
      return formattedWithEnd(
        command,
        () => new Map(entries),
        () => entries.map(([key, value]) => `${key}=${value}\n`).join(''),
        '\n',
      )
    }),
}

const usersOf = (pools: ReadonlyMap<bigint, Pool>, profile: string): readonly bigint[] =>
  [...pools].filter(([, pool]) => pool.erasureCodeProfile === profile).map(([id]) => id)

export const erasureProfileRemove: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ name = '' }) => {
      const { map } = world.committed.osdmap
      const { inc } = pendings.osdmap
      if (usersOf(inc.newPools, name).length > 0) return { _tag: 'RetryAfterCommit' }
      const users = usersOf(map.pools, name).map((id) => map.poolNames.get(id) ?? '')
      if (users.length > 0)
        return answered(
          request,
          failed(ERRNO.EBUSY, `${users.join(' ')} pool(s) are using the erasure code profile '${name}'`),
        )
      const exists = map.erasureCodeProfiles.has(name)
      if (!exists && !inc.newErasureCodeProfiles.has(name))
        return answered(request, done(`erasure-code-profile ${name} does not exist`))
      const osdmap = withInc(
        pendings.osdmap,
        exists
          ? { oldErasureCodeProfiles: [...inc.oldErasureCodeProfiles, name] }
          : { newErasureCodeProfiles: withoutEntry(inc.newErasureCodeProfiles, name) },
      )
      return prepared(request, { osdmap }, done())
    }),
}
