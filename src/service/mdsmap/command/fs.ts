/** `fs ls`, `fs dump [epoch]`. Source: ceph src/mon/MDSMonitor.cc preprocess_command, src/mds/FSMap.cc dump, print. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { decodeFrom } from '../../../codec/reader.ts'
import { decodeFsMap } from '../../../map/fs-map/fs-map.ts'
import { CephInt, CephString, queryWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { failed, formatted, streamed } from '../../reply.ts'
import { fsMapJson, printFsMap } from '../fs-map-text.ts'

const Args = t.partial({ epoch: CephInt })

export const fsLs: CommandHandler = {
  query: ({ committed }, _request, command) => {
    const filesystems = [...committed.mdsmap.map.filesystems.values()]
    return streamed(
      formatted(
        command,
        () => filesystems.map((fs) => ({ name: fs.mdsMap.fsName })),
        () =>
          filesystems.length === 0
            ? 'No filesystems enabled\n'
            : filesystems.map((fs) => `name: ${fs.mdsMap.fsName}\n`).join(''),
      ),
    )
  },
}

const GetArgs = t.type({ fs_name: CephString })

/** Differs: there are no file systems yet, so none is found. */
export const fsGet: CommandHandler = {
  query: (_world, _request, command) =>
    queryWith(GetArgs, command, ({ fs_name: name }) =>
      failed(ERRNO.ENOENT, `filesystem '${name}' not found`),
    ),
}

export const fsDump: CommandHandler = {
  query: ({ committed, store }, _request, command) =>
    queryWith(Args, command, ({ epoch }) => {
      const current = committed.mdsmap.map
      const bytes = epoch === undefined || epoch === 0 ? undefined : store.get('mdsmap', String(epoch))
      const older = bytes === undefined ? undefined : decodeFrom(decodeFsMap, bytes)
      if (epoch !== undefined && epoch !== 0 && (older === undefined || E.isLeft(older)))
        return failed(ERRNO.ENOENT, '')
      const map = older !== undefined && E.isRight(older) ? older.right : current
      return {
        ...streamed(
          formatted(
            command,
            () => fsMapJson(map),
            () => printFsMap(map),
          ),
        ),
        text: `dumped fsmap epoch ${map.epoch}`,
      }
    }),
}
