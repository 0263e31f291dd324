/**
 * `mds stat`, `mds metadata`, `mds versions`, `mds count-metadata`, `mds compat show`: there are no metadata servers yet, which is an
 * answer that a starting manager waits for.
 *
 * Source: ceph src/mon/MDSMonitor.cc preprocess_command, dump_info.
 */
import * as t from 'io-ts'
import { CephString, queryWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { failed, formatted, prettyOutput, streamed } from '../../reply.ts'
import { compatJson, fsMapJson, printCompat } from '../fs-map-text.ts'
import { mdsSummary } from '../summary.ts'

const WhoArgs = t.partial({ who: CephString })

export const mdsStat: CommandHandler = {
  query: ({ committed }, _request, command) => {
    const { map, firstCommitted, lastCommitted } = committed.mdsmap
    return streamed(
      formatted(
        command,
        () => ({
          fsmap: fsMapJson(map),
          mdsmap_first_committed: firstCommitted,
          mdsmap_last_committed: lastCommitted,
        }),
        () => mdsSummary(map),
      ),
    )
  },
}

export const mdsCompatShow: CommandHandler = {
  query: ({ committed }, _request, command) => {
    const { defaultCompat } = committed.mdsmap.map
    return streamed(
      formatted(
        command,
        () => compatJson(defaultCompat),
        () => printCompat(defaultCompat),
      ),
    )
  },
}

export const mdsMetadata: CommandHandler = {
  query: (_world, _request, command) =>
    queryWith(WhoArgs, command, ({ who }) =>
      who === undefined
        ? streamed(prettyOutput(command, []))
        : failed(ERRNO.ENOENT, `MDS named '${who}' does not exist, or is not up`),
    ),
}

export const mdsVersions: CommandHandler = {
  query: (_world, _request, command) => streamed(prettyOutput(command, {})),
}

export const mdsCountMetadata: CommandHandler = {
  query: (_world, _request, command) => streamed(prettyOutput(command, {})),
}
