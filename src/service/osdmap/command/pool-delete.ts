/** `osd pool rm`, `osd pool delete`. Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_impl. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { poolIdOfName } from '../../../map/osd-map/osd-map.ts'
import { CephBool, CephString, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { removePool } from '../remove-pool.ts'

const Args = t.partial({
  pool: CephString,
  pool2: CephString,
  yes_i_really_really_mean_it: CephBool,
  yes_i_really_really_mean_it_not_faking: CephBool,
})

export const poolDelete: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, (args) => {
      const { pool: name = '', pool2 = '' } = args
      const id = poolIdOfName(world.committed.osdmap.map, name)
      if (id === undefined) return answered(request, done(`pool '${name}' does not exist`))
      const sure = args.yes_i_really_really_mean_it ?? false
      if (pool2 !== name || !(sure || args.yes_i_really_really_mean_it_not_faking === true))
        return answered(request, failed(ERRNO.EPERM, warning(name)))
      const removal = removePool(world, pendings, id, sure)
      if (E.isRight(removal))
        return prepared(request, { osdmap: removal.right }, done(`pool '${name}' removed`))
      return removal.left === 'RetryAfterCommit'
        ? { _tag: 'RetryAfterCommit' }
        : answered(request, removal.left)
    }),
}

const warning = (name: string): string =>
  `WARNING: this will *PERMANENTLY DESTROY* all data stored in pool ${name}.` +
  '  If you are *ABSOLUTELY CERTAIN* that is what you want, pass the pool name *twice*,' +
  ' followed by --yes-i-really-really-mean-it.'
