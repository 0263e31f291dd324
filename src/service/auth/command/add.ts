/** `auth add <entity> [<service> <caps>…]`: a new entity, with the key of a keyring or a fresh one. */
import * as E from 'fp-ts/lib/Either.js'
import { type CapsMap, entryOf, type KeyMap } from '../../../auth/entity-auth.ts'
import { addEntity } from '../../../auth/key-server-data.ts'
import { authOf } from '../../../auth/key-server.ts'
import { parseKeyring } from '../../../auth/keyring.ts'
import { type EntityName, printEntityName } from '../../../codec/type/entity-name.ts'
import type { CommandHandler, CommandReply } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { checkedCaps, entityChange } from '../entity-args.ts'
import { matchExisting, type WantedEntity } from '../entity-match.ts'
import { createEntity } from '../get-or-create.ts'
import { keysOf } from '../keys.ts'
import { isEntityPending, withChanges } from '../state.ts'

const invalid = (text: string): E.Either<CommandReply, never> => E.left(failed(ERRNO.EINVAL, text))

const givenKeyring = (input: Buffer): E.Either<CommandReply, KeyMap | undefined> => {
  if (input.length === 0) return E.right(undefined)
  const keyring = parseKeyring(input)
  return E.isLeft(keyring) ? invalid('error decoding keyring') : keyring
}

const wantedOf = (
  name: EntityName,
  caps: CapsMap,
  keyring: KeyMap | undefined,
): E.Either<CommandReply, WantedEntity> => {
  if (keyring === undefined) return E.right({ key: undefined, caps })
  const given = entryOf(keyring, name)
  if (given === undefined) return invalid(`key for ${printEntityName(name)} not found in provided keyring`)
  if (caps.size > 0 && given.caps.size > 0)
    return invalid('caps cannot be specified both in keyring and in command')
  return E.right({ key: given.key, caps: caps.size > 0 ? caps : given.caps })
}

export const authAdd: CommandHandler = {
  update: (world, { auth: pending }, request, command) => {
    const change = entityChange(command)
    if (E.isLeft(change)) return answered(request, change.left)
    const { entity: name, capsPairs } = change.right
    const keyring = givenKeyring(command.input)
    if (E.isLeft(keyring)) return answered(request, keyring.left)
    const caps = checkedCaps(world, capsPairs)
    if (E.isLeft(caps)) return answered(request, caps.left)
    if (isEntityPending(pending, name)) return { _tag: 'RetryAfterCommit' }
    const wanted = wantedOf(name, caps.right, keyring.right)
    if (E.isLeft(wanted)) return answered(request, wanted.left)
    const existing = authOf(keysOf(world), name)
    if (existing !== undefined) return answered(request, matchExisting(name, existing, wanted.right))
    const created = createEntity(world, name, wanted.right.caps)
    const key = wanted.right.key ?? created.auth.key
    const entry = { name, auth: { ...created.auth, key } }
    const changes = [{ _tag: 'Keys', change: addEntity(entry) }] as const
    const reply = done(`added key for ${printEntityName(name)}`)
    return prepared(request, { auth: withChanges(pending, changes) }, reply)
  },
}
