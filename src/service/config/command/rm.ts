/** `config rm <who> <name>`. Source: ceph src/mon/ConfigMonitor.cc ConfigMonitor::prepare_command. */
import * as t from 'io-ts'
import { CephString, updateWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { answered, done } from '../../reply.ts'
import { configKey, parseTarget } from '../config-map.ts'
import { prepareChanges } from '../prepare.ts'
import { unrecognizedTarget } from './set.ts'

const Args = t.partial({ who: CephString, name: CephString })

export const configRm: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ who = '', name = '' }) => {
      const target = parseTarget(who)
      if (target === undefined) return answered(request, unrecognizedTarget(who))
      return prepareChanges(world, pendings, request, new Map([[configKey(target, name), undefined]]), done())
    }),
}
