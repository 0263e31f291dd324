/** `auth get-or-create <entity> [<service> <caps>…]`: a keyring with the entity's key; as JSON with its capabilities too. */
import type { CommandHandler } from '../../contract.ts'
import { getOrCreate } from '../get-or-create.ts'
import { printEntity } from '../keys.ts'

export const authGetOrCreate: CommandHandler = {
  update: (world, pendings, request, command) =>
    getOrCreate(world, pendings, request, command, (entry) => printEntity(command, entry)),
}
