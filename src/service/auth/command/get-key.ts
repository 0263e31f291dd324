/** `auth get-key`, `print-key`, `print_key`: the key alone. */
import { printCryptoKey } from '../../../auth/crypto-key.ts'
import { authOf } from '../../../auth/key-server.ts'
import { printEntityName } from '../../../codec/type/entity-name.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { failed, formatted } from '../../reply.ts'
import { queryEntity } from '../entity-args.ts'
import { keyJson, keysOf } from '../keys.ts'

export const authGetKey: CommandHandler = {
  query: (world, _request, command) =>
    queryEntity(command, (name) => {
      const auth = name === undefined ? undefined : authOf(keysOf(world), name)
      if (auth === undefined)
        return failed(ERRNO.ENOENT, `don't have ${name === undefined ? '' : printEntityName(name)}`)
      return formatted(
        command,
        () => keyJson(auth),
        () => printCryptoKey(auth.key),
      )
    }),
}
