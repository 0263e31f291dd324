/** `auth caps <entity> <service> <caps>…`: replaces all capabilities of an entity. */
import * as E from 'fp-ts/lib/Either.js'
import { addEntity } from '../../../auth/key-server-data.ts'
import { authOf } from '../../../auth/key-server.ts'
import { printEntityName } from '../../../codec/type/entity-name.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { checkedCaps, entityChange } from '../entity-args.ts'
import { keysOf } from '../keys.ts'
import { withChanges } from '../state.ts'

export const authCaps: CommandHandler = {
  update: (world, { auth: pending }, request, command) => {
    const change = entityChange(command)
    if (E.isLeft(change)) return answered(request, change.left)
    const { entity: name, capsPairs } = change.right
    const existing = authOf(keysOf(world), name)
    if (existing === undefined)
      return answered(request, failed(ERRNO.ENOENT, `couldn't find entry ${printEntityName(name)}`))
    const caps = checkedCaps(world, capsPairs)
    if (E.isLeft(caps)) return answered(request, caps.left)
    const entry = { name, auth: { key: existing.key, caps: caps.right } }
    const changes = [{ _tag: 'Keys', change: addEntity(entry) }] as const
    const reply = done(`updated caps for ${printEntityName(name)}`)
    return prepared(request, { auth: withChanges(pending, changes) }, reply)
  },
}
