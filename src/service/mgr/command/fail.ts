/**
 * `mgr fail [who]`. There is no active manager and no standby that could fail, and the answers say so; a new epoch
 * is made all the same, as with the original.
 *
 * Source: ceph src/mon/MgrMonitor.cc MgrMonitor::prepare_command.
 */
import * as t from 'io-ts'
import { CephString, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { done, prepared } from '../../reply.ts'

const Args = t.partial({ who: CephString })

export const mgrFail: CommandHandler = {
  update: (_world, pendings, request, command) =>
    updateWith(Args, request, command, ({ who }) =>
      prepared(
        request,
        { mgr: pendings.mgr },
        done(who === undefined ? 'Currently no active mgr' : `Daemon not found '${who}', already failed?`),
      ),
    ),
}
