/** `config set <who> <name> <value> [--force]`. Source: ceph src/mon/ConfigMonitor.cc ConfigMonitor::prepare_command. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { OUT_OF_RANGE, parseOptionValue, printOptionValue } from '../../../config/option-value.ts'
import { CephBool, CephString, updateWith } from '../../args.ts'
import type { CommandHandler, CommandReply, World } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed } from '../../reply.ts'
import { configKey, parseTarget } from '../config-map.ts'
import { findOption, hasFlag } from '../known-option.ts'
import { prepareChanges } from '../prepare.ts'

const Args = t.partial({ who: CephString, name: CephString, value: CephString, force: CephBool })

export const configSet: CommandHandler = {
  update: (world, pendings, request, command) =>
    updateWith(Args, request, command, ({ who = '', name = '', value = '', force = false }) => {
      const normalized = force ? E.right(value) : normalizedValue(world, name, value)
      if (E.isLeft(normalized)) return answered(request, normalized.left)
      const target = parseTarget(who)
      if (target === undefined) return answered(request, unrecognizedTarget(who))
      const changes = new Map([[configKey(target, name), normalized.right]])
      return prepareChanges(world, pendings, request, changes, done())
    }),
}

export const unrecognizedTarget = (who: string): CommandReply =>
  failed(ERRNO.EINVAL, `unrecognized config target '${who}'`)

/** What is answered for an option that only a daemon's own configuration may hold. */
export const specialOption = (name: string): CommandReply =>
  failed(ERRNO.EINVAL, `${name} is special and cannot be stored by the mon`)

const normalizedValue = (world: World, name: string, text: string): E.Either<CommandReply, string> => {
  const option = findOption(world, name)
  if (option === undefined) return E.left(failed(ERRNO.EINVAL, `unrecognized config option '${name}'`))
  const value = parseOptionValue(option, text)
  if (E.isLeft(value))
    return E.left(
      failed(value.left === OUT_OF_RANGE ? ERRNO.ERANGE : ERRNO.EINVAL, `error parsing value: ${value.left}`),
    )
  return hasFlag(option, 'no_mon_update')
    ? E.left(specialOption(name))
    : E.right(printOptionValue(value.right))
}
