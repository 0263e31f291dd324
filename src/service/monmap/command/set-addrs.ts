/** `mon set-addrs`: where a monitor listens after its next start. Source: ceph src/mon/MonmapMonitor.cc MonmapMonitor::prepare_command. */
import * as t from 'io-ts'
import { parseAddrvec, portOf, printAddr, withNonce } from '../../../codec/type/entity-addr.ts'
import { replaceMon } from '../../../map/mon-map/edit.ts'
import { CephString, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed } from '../../reply.ts'
import { changeMonmap } from '../change.ts'

const Args = t.type({ name: CephString, addrs: CephString })

export const monSetAddrs: CommandHandler = {
  update: ({ monmap }, pendings, request, command) =>
    updateWith(Args, request, command, ({ name, addrs: text }) => {
      const mon = monmap.mons.get(name)
      if (mon === undefined) return answered(request, failed(ERRNO.ENOENT, `mon.${name} does not exist`))
      const publicAddrs = parseAddrvec(text)?.map((addr) => withNonce(addr, 0))
      if (publicAddrs === undefined)
        return answered(request, failed(ERRNO.EINVAL, `failed to parse addrs '${text}'`))
      const portless = publicAddrs.find((addr) => portOf(addr) === 0)
      if (portless !== undefined)
        return answered(
          request,
          failed(ERRNO.EINVAL, `monitor must bind to a non-zero port, not ${printAddr(portless)}`),
        )
      return changeMonmap(pendings, request, done(), (map) => replaceMon(map, { ...mon, publicAddrs }))
    }),
}
