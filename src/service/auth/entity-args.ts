/**
 * Arguments that `auth` commands share: whom it is about, and capabilities in pairs.
 *
 * Source: ceph src/mon/AuthMonitor.cc preprocess_command, prepare_command.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { capsProblem } from '../../auth/caps-syntax.ts'
import type { CapsMap } from '../../auth/entity-auth.ts'
import { type EntityName, parseEntityName } from '../../codec/type/entity-name.ts'
import { CephString, CephStrings, decodeArgs, queryWith } from '../args.ts'
import type { Command, CommandReply, World } from '../contract.ts'
import { ERRNO } from '../errno.ts'
import { failed } from '../reply.ts'
import { capsOfPairs } from './keys.ts'

const Entity = t.partial({ entity: CephString })
const EntityAndCaps = t.partial({ entity: CephString, caps: CephStrings })

/** Runs a query about an entity; `undefined` when the command names none. */
export const queryEntity = (
  command: Command,
  run: (entity: EntityName | undefined) => CommandReply,
): CommandReply | undefined =>
  queryWith(Entity, command, ({ entity: text = '' }) => {
    if (text === '') return run(undefined)
    const entity = parseEntityName(text)
    return entity === undefined ? failed(ERRNO.EINVAL, `invalid entity_auth ${text}`) : run(entity)
  })

export interface EntityChange {
  readonly entity: EntityName
  readonly capsPairs: readonly string[]
}

/** Entity and capabilities of a command that changes keys; the capabilities come in pairs but are not checked yet. */
export const entityChange = (command: Command): E.Either<CommandReply, EntityChange> => {
  const args = decodeArgs(EntityAndCaps, command)
  if (E.isLeft(args)) return args
  const { entity: text = '', caps: capsPairs = [] } = args.right
  if (capsPairs.length % 2 !== 0)
    return E.left(failed(ERRNO.EINVAL, 'bad capabilities request; odd number of arguments'))
  return E.map((entity: EntityName) => ({ entity, capsPairs }))(entityNamed(text))
}

/** The entity that a command changes. Differs: `fs authorize` of the original takes an empty name for an entity. */
export const entityNamed = (text: string): E.Either<CommandReply, EntityName> => {
  const entity = parseEntityName(text)
  return entity === undefined
    ? E.left(failed(ERRNO.EINVAL, text === '' ? '' : 'bad entity name'))
    : E.right(entity)
}

/** The capabilities of `pairs`, or what is wrong with the first that is. */
export const checkedCaps = (world: World, pairs: readonly string[]): E.Either<CommandReply, CapsMap> => {
  const validatesAll = world.options.bool('mon_auth_validate_all_caps')
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const problem = capsProblem(pairs[i] ?? '', pairs[i + 1] ?? '', validatesAll)
    if (problem !== undefined) return E.left(failed(ERRNO.EINVAL, problem))
  }
  return E.right(capsOfPairs(pairs))
}
