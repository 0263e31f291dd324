/**
 * `mgr fail [who]`. There is no active manager and no standby that could fail, and the answers say so.
 *
 * Source: ceph src/mon/MgrMonitor.cc MgrMonitor::prepare_command.
 */
import * as t from 'io-ts'
import { CephString, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { answered, done } from '../../reply.ts'

const Args = t.partial({ who: CephString })

export const mgrFail: CommandHandler = {
  update: (_world, _pendings, request, command) =>
    updateWith(Args, request, command, ({ who }) =>
      answered(
        request,
        done(who === undefined ? 'Currently no active mgr' : `Daemon not found '${who}', already failed?`),
      ),
    ),
}
