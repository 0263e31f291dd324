/** `mon set-rank`. Source: ceph src/mon/MonmapMonitor.cc MonmapMonitor::prepare_command. */
import * as t from 'io-ts'
import { withRankOf } from '../../../map/mon-map/edit.ts'
import { CephInt, CephString, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed } from '../../reply.ts'
import { changeMonmap } from '../change.ts'

const Args = t.type({ name: CephString, rank: CephInt })

export const monSetRank: CommandHandler = {
  update: ({ monmap }, pendings, request, command) =>
    updateWith(Args, request, command, ({ name, rank }) =>
      monmap.mons.has(name)
        ? changeMonmap(pendings, request, done(), (map) => withRankOf(map, name, rank))
        : answered(request, failed(ERRNO.ENOENT, `mon.${name} does not exist in monmap`)),
    ),
}
