/** `mon set_location`. Source: ceph src/mon/MonmapMonitor.cc MonmapMonitor::prepare_command. */
import * as t from 'io-ts'
import { replaceMon } from '../../../map/mon-map/edit.ts'
import { CephString, CephStrings, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed } from '../../reply.ts'
import { changeMonmap } from '../change.ts'
import { notALocationText, parseLocation } from '../location.ts'

const Args = t.intersection([t.type({ name: CephString }), t.partial({ args: CephStrings })])

export const monSetLocation: CommandHandler = {
  update: ({ monmap }, pendings, request, command) =>
    updateWith(Args, request, command, ({ name, args: words = [] }) => {
      const mon = monmap.mons.get(name)
      if (mon === undefined) return answered(request, failed(ERRNO.ENOENT, `mon.${name} does not exist`))
      const crushLoc = parseLocation(words)
      return crushLoc.size === 0
        ? answered(request, failed(ERRNO.EINVAL, notALocationText(words)))
        : changeMonmap(pendings, request, done(), (map) => replaceMon(map, { ...mon, crushLoc }))
    }),
}
