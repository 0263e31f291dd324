/**
 * The entity that a command wants to exist: as it is when its capabilities are the wanted ones, else with a fresh
 * key.
 *
 * Source: ceph src/mon/AuthMonitor.cc prepare_command, "auth get-or-create".
 * Differs: while the entity is about to be created by somebody else, the original answers without the key; here the
 *          command waits and brings it.
 */
import * as E from 'fp-ts/lib/Either.js'
import { generateKey } from '../../auth/crypto-key.ts'
import type { CapsMap, KeyEntry } from '../../auth/entity-auth.ts'
import { addEntity } from '../../auth/key-server-data.ts'
import { authOf } from '../../auth/key-server.ts'
import { type EntityName, printEntityName } from '../../codec/type/entity-name.ts'
import { utimeOfMs } from '../../codec/type/utime.ts'
import type { Command, CommandReply, Request, ServicePendings, UpdateResult, World } from '../contract.ts'
import { ERRNO } from '../errno.ts'
import { answered, failed, prepared } from '../reply.ts'
import { checkedCaps, entityChange } from './entity-args.ts'
import { differingCap } from './entity-match.ts'
import { keysOf } from './keys.ts'
import { isEntityPending, withChanges } from './state.ts'

/** Runs `auth get-or-create[-key]`; `print` makes the answer from the entity. */
export const getOrCreate = (
  world: World,
  pendings: ServicePendings,
  request: Request,
  command: Command,
  print: (entry: KeyEntry) => CommandReply,
): UpdateResult => {
  const change = entityChange(command)
  if (E.isLeft(change)) return answered(request, change.left)
  const { entity: name, capsPairs } = change.right
  const caps = checkedCaps(world, capsPairs)
  if (E.isLeft(caps)) return answered(request, caps.left)
  const auth = authOf(keysOf(world), name)
  if (auth !== undefined) {
    const other = differingCap(auth.caps, caps.right)
    const text = `key for ${printEntityName(name)} exists but cap ${other} does not match`
    return answered(request, other === undefined ? print({ name, auth }) : failed(ERRNO.EINVAL, text))
  }
  if (isEntityPending(pendings.auth, name)) return { _tag: 'RetryAfterCommit' }
  const entry = createEntity(world, name, caps.right)
  const changes = [{ _tag: 'Keys', change: addEntity(entry) }] as const
  return prepared(request, { auth: withChanges(pendings.auth, changes) }, print(entry))
}

/** An entity with a fresh key. */
export const createEntity = ({ entropy, now }: World, name: EntityName, caps: CapsMap): KeyEntry => ({
  name,
  auth: { key: generateKey(entropy, `key of ${printEntityName(name)}`, utimeOfMs(now)), caps },
})
