/** `mon getmap [epoch]`: the encoded map. Source: ceph src/mon/MonmapMonitor.cc preprocess_command. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { monMapBytes } from '../../../map/mon-map/mon-map.ts'
import { CephInt, queryWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { output } from '../../reply.ts'
import { monmapOfEpoch } from './dump.ts'

const Args = t.partial({ epoch: CephInt })

export const monGetmap: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(Args, command, ({ epoch }) => {
      const map = monmapOfEpoch(world, epoch)
      return E.isLeft(map) ? map.left : output(monMapBytes(map.right), `got monmap epoch ${map.right.epoch}`)
    }),
}
