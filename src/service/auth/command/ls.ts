/** `auth ls`, `auth list`: all committed entities. Source: ceph src/auth/cephx/CephxKeyServer.cc encode_secrets. */
import { printCryptoKey } from '../../../auth/crypto-key.ts'
import type { KeyEntry } from '../../../auth/entity-auth.ts'
import { entriesInOrder } from '../../../auth/key-server-data.ts'
import { printEntityName } from '../../../codec/type/entity-name.ts'
import type { CommandHandler } from '../../contract.ts'
import { jsonOutput, output, wantsJson } from '../../reply.ts'
import { capsTexts, entityJson } from '../keys.ts'

const entryText = ({ name, auth }: KeyEntry): string =>
  [
    printEntityName(name),
    `\tkey: ${printCryptoKey(auth.key)}`,
    ...capsTexts(auth.caps).map(([service, text]) => `\tcaps: [${service}] ${text}`),
  ]
    .map((line) => `${line}\n`)
    .join('')

export const authLs: CommandHandler = {
  query: ({ committed }, _request, command) => {
    const entries = entriesInOrder(committed.auth.keys.secrets)
    if (wantsJson(command))
      return jsonOutput(command, entries.length === 0 ? {} : { auth_dump: entries.map(entityJson) })
    const text = entries.length === 0 ? 'no installed auth entries!\n' : 'installed auth entries:\n'
    return output(entries.map(entryText).join(''), text)
  },
}
