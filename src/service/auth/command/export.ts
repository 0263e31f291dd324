/** `auth export [<entity>]`: committed keys as a keyring; the monitor's own keyring is not among them. */
import { NO_KEY, printCryptoKey } from '../../../auth/crypto-key.ts'
import { entryOf } from '../../../auth/entity-auth.ts'
import { entriesInOrder } from '../../../auth/key-server-data.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { failed, formatted } from '../../reply.ts'
import { queryEntity } from '../entity-args.ts'
import { entityJson, keyringText } from '../keys.ts'

export const authExport: CommandHandler = {
  query: ({ committed }, _request, command) =>
    queryEntity(command, (name) => {
      const { secrets } = committed.auth.keys
      const auth = name === undefined ? undefined : entryOf(secrets, name)
      if (name !== undefined && auth === undefined)
        return failed(ERRNO.ENOENT, `no key for auth(key=${printCryptoKey(NO_KEY)})`)
      const entries = name === undefined || auth === undefined ? entriesInOrder(secrets) : [{ name, auth }]
      return {
        ...formatted(
          command,
          () => entries.map(entityJson),
          () => keyringText(entries),
        ),
        text: auth === undefined ? 'exported master keyring' : `export auth(key=${printCryptoKey(auth.key)})`,
      }
    }),
}
