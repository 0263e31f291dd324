/**
 * `auth import -i <keyring>`: every entity of a keyring, added or replaced.
 *
 * Differs: the original adds what comes before an entity without capabilities although it answers with an error, and
 *          answers an empty keyring only when something else is committed.
 */
import * as E from 'fp-ts/lib/Either.js'
import { addEntity, entriesInOrder } from '../../../auth/key-server-data.ts'
import { parseKeyring } from '../../../auth/keyring.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { answered, done, failed, prepared } from '../../reply.ts'
import { withChanges } from '../state.ts'

const IMPORTED = done('imported keyring')

export const authImport: CommandHandler = {
  update: (_world, { auth: pending }, request, { input }) => {
    const refuse = (text: string): ReturnType<typeof answered> =>
      answered(request, failed(ERRNO.EINVAL, text))
    if (input.length === 0) return refuse('auth import: no data supplied')
    const keyring = parseKeyring(input)
    if (E.isLeft(keyring)) return refuse(`error decoding keyring ${keyring.left.what}: Malformed input`)
    const entries = entriesInOrder(keyring.right)
    if (entries.some(({ auth }) => auth.caps.size === 0)) return refuse('auth import: no caps supplied')
    if (entries.length === 0) return answered(request, IMPORTED)
    const changes = entries.map((entry) => ({ _tag: 'Keys' as const, change: addEntity(entry) }))
    return prepared(request, { auth: withChanges(pending, changes) }, IMPORTED)
  },
}
