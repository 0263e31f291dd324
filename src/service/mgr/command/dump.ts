/** `mgr dump [epoch]`. Source: ceph src/mon/MgrMonitor.cc preprocess_command, src/mon/MgrMap.h dump. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { decodeFrom } from '../../../codec/reader.ts'
import { decodeMgrMap } from '../../../map/mgr-map/mgr-map.ts'
import { CephInt, queryWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { failed, prettyOutput } from '../../reply.ts'
import { mgrMapJson } from '../mgr-map-json.ts'

const Args = t.partial({ epoch: CephInt })

export const mgrDump: CommandHandler = {
  query: ({ committed, store }, _request, command) =>
    queryWith(Args, command, ({ epoch }) => {
      if (epoch === undefined || epoch === 0 || epoch === committed.mgr.map.epoch)
        return prettyOutput(command, mgrMapJson(committed.mgr.map))
      if (epoch > committed.mgr.map.epoch) return failed(ERRNO.ENOENT, `there is no map for epoch ${epoch}`)
      const bytes = store.get('mgr', String(epoch))
      const map = bytes === undefined ? undefined : decodeFrom(decodeMgrMap, bytes)
      return map !== undefined && E.isRight(map)
        ? prettyOutput(command, mgrMapJson(map.right))
        : failed(ERRNO.ENOENT, `there is no map for epoch ${epoch}`)
    }),
}
