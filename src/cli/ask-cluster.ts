/** `monclave ceph`: a command for the cluster in a folder, typed as for the stock `ceph`. */
import * as E from 'fp-ts/lib/Either.js'
import { readFileSync } from 'node:fs'
import { parseKeyring } from '../auth/keyring.ts'
import { entryOf } from '../auth/entity-auth.ts'
import { entityAddr } from '../codec/type/entity-addr.ts'
import { ENTITY_TYPE } from '../codec/type/entity-name.ts'
import { COMMAND_TABLE } from '../service/command-table.ts'
import { printErrno } from '../service/errno.ts'
import { commandOfWords } from './command-words.ts'
import { findCluster, type LocalCluster } from './local-cluster.ts'
import { askMonitor, type MonTarget } from './mon-client.ts'
import { systemError } from '../node/system-error.ts'

export interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

const ADMIN = { type: ENTITY_TYPE.client, id: 'admin' }
const HOST = '127.0.0.1'

const refused = (err: string): Said => ({ code: 1, out: '', err })

/** Sends the command to the first monitor that answers; a peon passes it on to the leader when it must. */
export const askCluster = async (
  folder: string,
  words: readonly string[],
  format: string | undefined,
): Promise<Said> => {
  const cluster = findCluster(folder)
  if (E.isLeft(cluster)) return refused(cluster.left)
  if (cluster.right === undefined) return refused(`there is no cluster in ${folder}`)
  const targets = targetsOf(cluster.right)
  if (E.isLeft(targets)) return refused(targets.left)
  const command = commandOfWords(
    COMMAND_TABLE.map((entry) => entry.command),
    words,
  )
  if (E.isLeft(command)) return refused(command.left)
  const json = format === undefined ? command.right : { ...command.right, format }
  let why = 'the cluster has no monitors'
  for (const target of targets.right) {
    const answer = await askMonitor(target, json)()
    if (E.isLeft(answer)) {
      why = answer.left
      continue
    }
    const { code, text, data } = answer.right
    const err = code < 0 ? `Error ${printErrno(code)}: ${text}` : text
    return { code: Math.abs(code), out: data.toString(), err }
  }
  return refused(why)
}

const targetsOf = (cluster: LocalCluster): E.Either<string, readonly MonTarget[]> => {
  const bytes = systemError(() => readFileSync(cluster.keyring))
  if (E.isLeft(bytes)) return E.left(`${cluster.keyring}: ${bytes.left}`)
  const keyring = parseKeyring(bytes.right)
  const admin = E.isRight(keyring) ? entryOf(keyring.right, ADMIN) : undefined
  if (admin === undefined) return E.left(`${cluster.keyring} has no key of client.admin`)
  return E.right(
    cluster.monitors.map(({ port }) => ({
      fsid: cluster.fsid,
      addrs: [entityAddr('msgr2', HOST, port)],
      entityName: ADMIN,
      key: admin.key,
    })),
  )
}
