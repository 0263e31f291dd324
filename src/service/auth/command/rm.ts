/** `auth rm`, `auth del <entity>`: removes an entity; one that is not there is no error. */
import * as E from 'fp-ts/lib/Either.js'
import { entryOf } from '../../../auth/entity-auth.ts'
import { deleteEntity } from '../../../auth/key-server-data.ts'
import { printEntityName } from '../../../codec/type/entity-name.ts'
import type { CommandHandler } from '../../contract.ts'
import { answered, done, prepared } from '../../reply.ts'
import { entityChange } from '../entity-args.ts'
import { withChanges } from '../state.ts'

export const authRm: CommandHandler = {
  update: (world, { auth: pending }, request, command) => {
    const change = entityChange(command)
    if (E.isLeft(change)) return answered(request, change.left)
    const { entity } = change.right
    if (entryOf(world.committed.auth.keys.secrets, entity) === undefined)
      return answered(request, done(`entity ${printEntityName(entity)} does not exist`))
    const changes = [{ _tag: 'Keys', change: deleteEntity(entity) }] as const
    return prepared(request, { auth: withChanges(pending, changes) }, done('updated'))
  },
}
