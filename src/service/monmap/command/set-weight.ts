/** `mon set-weight`. Source: ceph src/mon/MonmapMonitor.cc MonmapMonitor::prepare_command. */
import * as t from 'io-ts'
import { replaceMon } from '../../../map/mon-map/edit.ts'
import { CephInt, CephString, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed } from '../../reply.ts'
import { changeMonmap } from '../change.ts'

const Args = t.type({ name: CephString, weight: CephInt })

export const monSetWeight: CommandHandler = {
  update: ({ monmap }, pendings, request, command) =>
    updateWith(Args, request, command, ({ name, weight }) => {
      const mon = monmap.mons.get(name)
      return mon === undefined
        ? answered(request, failed(ERRNO.ENOENT, `mon.${name} does not exist`))
        : changeMonmap(pendings, request, done(), (map) => replaceMon(map, { ...mon, weight }))
    }),
}
