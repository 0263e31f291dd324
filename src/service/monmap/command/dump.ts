/** `mon dump [epoch]`. Source: ceph src/mon/MonmapMonitor.cc preprocess_command. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { JsonRecord } from '../../../base/json.ts'
import { decodeFrom } from '../../../codec/reader.ts'
import { decodeMonMap, type MonMap } from '../../../map/mon-map/mon-map.ts'
import { monMapJson, printMonMap } from '../../../map/mon-map/print.ts'
import { CephInt, queryWith } from '../../args.ts'
import type { CommandHandler, CommandReply, World } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { failed, formatted, streamed } from '../../reply.ts'

const Args = t.partial({ epoch: CephInt })

/** The committed map of `epoch`, or the newest; the reply that says that there is none. */
export const monmapOfEpoch = (world: World, epoch: number | undefined): E.Either<CommandReply, MonMap> => {
  if (epoch === undefined || epoch === 0) return E.right(world.monmap)
  const bytes = world.store.get('monmap', String(epoch))
  const map = bytes === undefined ? undefined : decodeFrom(decodeMonMap, bytes)
  return map !== undefined && E.isRight(map)
    ? map
    : E.left(failed(ERRNO.ENOENT, `there is no map for epoch ${epoch}`))
}

export const monDump: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(Args, command, ({ epoch }) => {
      const found = monmapOfEpoch(world, epoch)
      if (E.isLeft(found)) return found.left
      const map = found.right
      const json = (): JsonRecord => ({ ...monMapJson(map), quorum: world.quorum.ranks })
      return {
        ...streamed(formatted(command, json, () => printMonMap(map))),
        text: `dumped monmap epoch ${map.epoch}`,
      }
    }),
}
