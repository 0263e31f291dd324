/** `auth get-or-create-key <entity> [<service> <caps>…]`: the entity's key alone. */
import { printCryptoKey } from '../../../auth/crypto-key.ts'
import type { CommandHandler } from '../../contract.ts'
import { formatted } from '../../reply.ts'
import { getOrCreate } from '../get-or-create.ts'
import { keyJson } from '../keys.ts'

export const authGetOrCreateKey: CommandHandler = {
  update: (world, pendings, request, command) =>
    getOrCreate(world, pendings, request, command, ({ auth }) =>
      formatted(
        command,
        () => keyJson(auth),
        () => `${printCryptoKey(auth.key)}\n`,
      ),
    ),
}
