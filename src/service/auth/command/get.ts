/** `auth get <entity>`: an entity as a keyring; also one of the monitor's own keyring. */
import { authOf } from '../../../auth/key-server.ts'
import { printEntityName } from '../../../codec/type/entity-name.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { failed, formatted } from '../../reply.ts'
import { queryEntity } from '../entity-args.ts'
import { entityJson, keyringText, keysOf } from '../keys.ts'

export const authGet: CommandHandler = {
  query: (world, _request, command) =>
    queryEntity(command, (name) => {
      if (name === undefined) return failed(ERRNO.EINVAL, 'invalid command')
      const auth = authOf(keysOf(world), name)
      if (auth === undefined)
        return failed(ERRNO.ENOENT, `failed to find ${printEntityName(name)} in keyring`)
      const entry = { name, auth }
      return {
        ...formatted(
          command,
          () => [entityJson(entry)],
          () => keyringText([entry]),
        ),
        text: `exported keyring for ${printEntityName(name)}`,
      }
    }),
}
