/**
 * Writes the command tables of src/service/: what a leader tells its peons in VICTORY (command-table.json), what it
 * stores before a manager has told its own commands (mgr-command-table.json), and what the admin socket offers
 * (tell-command-table.json).
 *
 *   CEPH_OBJECT_CORPUS=… node --import=tsx test/capture/command-table.ts STORE.DB ceph-mon.a.asok
 *
 * STORE.DB is of a monitor that has been started once and stopped; no manager ever ran. The tables in the repository
 * are of ceph-mon 16.2.15 (Debian 16.2.15+ds): a recorded mon-mon stream, a store, and a running monitor.
 */
import * as E from 'fp-ts/lib/Either.js'
import { writeFileSync } from 'node:fs'
import { askAdminSocket } from '../../src/admin/client.ts'
import { Reader } from '../../src/codec/reader.ts'
import { decodeCommandTable, decodeMonCommand, type MonCommand } from '../../src/map/mon-command.ts'
import { ELECTION_OP } from '../../src/message/mon-election.ts'
import { decodeMessage } from '../../src/message/message.ts'
import { openRocksKv } from '../../src/store/rocks-kv.ts'
import { recordedMessages, wireFolder } from '../message/recorded.ts'

const right = <A>(result: E.Either<unknown, A>): A => {
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left))
  return result.right
}

const write = (name: string, rows: readonly object[]): void => {
  writeFileSync(`src/service/${name}.json`, `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`)
}

const monRow = ({ flags, ...texts }: MonCommand): object => ({ ...texts, flags: Number(flags) })

const leaderTable = (): readonly MonCommand[] => {
  for (const { raw } of recordedMessages(wireFolder() ?? '')) {
    const message = decodeMessage(raw)
    if (E.isLeft(message) || message.right._tag !== 'MMonElection') continue
    if (message.right.op !== ELECTION_OP.VICTORY) continue
    const r = new Reader(message.right.sharing)
    return right(r.done(decodeCommandTable(r)))
  }
  throw new Error('no VICTORY was recorded')
}

const mgrTable = async (store: string): Promise<readonly MonCommand[]> => {
  const kv = right(await openRocksKv(store, { create: false })())
  const entries = new Map(right(await kv.readAll()))
  right(await kv.close())
  const r = new Reader(entries.get('mgr_command_descs\0') ?? Buffer.alloc(0))
  return right(r.done(r.array(decodeMonCommand)))
}

interface Description {
  readonly sig: readonly (string | Readonly<Record<string, string>>)[]
  readonly help: string
}

// The socket gives signatures taken apart; name and type come first in a text, the rest in any order.
const signatureOf = (sig: Description['sig']): string =>
  sig
    .map((part) => {
      if (typeof part === 'string') return part
      const { name = '', type = '', ...rest } = part
      const pairs = [['name', name], ['type', type], ...Object.entries(rest)]
      return pairs.map(([key = '', value = '']) => `${key}=${value}`).join(',')
    })
    .join(' ')

const tellTable = async (socket: string): Promise<readonly object[]> => {
  const payload = right(await askAdminSocket(socket, { prefix: 'get_command_descriptions' })())
  const descriptions = JSON.parse(payload.toString()) as Record<string, Description>
  return Object.values(descriptions).map(({ sig, help }) => ({ command: signatureOf(sig), help }))
}

const run = async (): Promise<void> => {
  const [store = '', socket = ''] = process.argv.slice(2)
  write('command-table', leaderTable().map(monRow))
  write('mgr-command-table', (await mgrTable(store)).map(monRow))
  write('tell-command-table', await tellTable(socket))
}

run().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exitCode = 1
})
