/** `osd pool rename`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::_prepare_rename_pool. */
import * as t from 'io-ts'
import { withEntry } from '../../../base/ordered.ts'
import { poolIdOfName } from '../../../map/osd-map/osd-map.ts'
import { CephString, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO, printErrno } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { withInc } from '../pending.ts'

const Args = t.partial({ srcpool: CephString, destpool: CephString })

export const poolRename: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ srcpool = '', destpool = '' }) => {
      const { map } = world.committed.osdmap
      const source = poolIdOfName(map, srcpool)
      const target = poolIdOfName(map, destpool)
      // A repeated request finds its work done.
      if (source === undefined && target !== undefined)
        return answered(
          request,
          done(`pool '${srcpool}' does not exist; pool '${destpool}' does -- assuming successful rename`),
        )
      if (source === undefined)
        return answered(request, failed(ERRNO.ENOENT, `unrecognized pool '${srcpool}'`))
      if (target !== undefined)
        return answered(request, failed(ERRNO.EEXIST, `pool '${destpool}' already exists`))
      const { inc } = pendings.osdmap
      const taken = [...inc.newPoolNames].some(([id, name]) => name === destpool && id !== source)
      const errno = inc.oldPools.has(source) ? ERRNO.ENOENT : taken ? ERRNO.EEXIST : undefined
      if (errno !== undefined)
        return answered(
          request,
          failed(errno, `failed to rename pool '${srcpool}' to '${destpool}': ${printErrno(errno)}`),
        )
      const osdmap = withInc(pendings.osdmap, {
        newPoolNames: withEntry(inc.newPoolNames, source, destpool),
      })
      return prepared(request, { osdmap }, done(`pool '${srcpool}' renamed to '${destpool}'`))
    }),
}
