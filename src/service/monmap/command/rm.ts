/** `mon rm`, `mon remove`. Source: ceph src/mon/MonmapMonitor.cc MonmapMonitor::prepare_command. */
import * as t from 'io-ts'
import { printAddrvec } from '../../../codec/type/entity-addr.ts'
import { removeMon } from '../../../map/mon-map/edit.ts'
import { CephString, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed } from '../../reply.ts'
import { changeMonmap } from '../change.ts'

const Args = t.type({ name: CephString })

export const monRemove: CommandHandler = {
  update: ({ monmap }, pendings, request, command) =>
    updateWith(Args, request, command, ({ name }) => {
      const mon = monmap.mons.get(name)
      if (mon === undefined)
        return answered(request, done(`mon.${name} does not exist or has already been removed`))
      if (monmap.mons.size === 1)
        return answered(request, failed(ERRNO.EINVAL, `error: refusing removal of last monitor ${name}`))
      if (monmap.stretchModeEnabled && name === monmap.tiebreakerMon)
        return answered(request, failed(ERRNO.EINVAL, "you cannot remove stretch mode's tiebreaker monitor"))
      const reply = done(
        `removing mon.${name} at ${printAddrvec(mon.publicAddrs)}, there will be ${monmap.mons.size - 1} monitors`,
      )
      return changeMonmap(pendings, request, reply, (map) => removeMon(map, name))
    }),
}
