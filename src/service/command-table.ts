/**
 * The commands of 16.2.15, as its monitors know them: facts that clients, peers and the `ceph` program compare
 * with, word for word. Made by test/capture/command-table.ts.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { invariant } from '../base/assert.ts'
import type { MonCommand } from '../map/mon-command.ts'
import monTable from './command-table.json' with { type: 'json' }
import mgrTable from './mgr-command-table.json' with { type: 'json' }
import tellTable from './tell-command-table.json' with { type: 'json' }

const Text = t.strict({ command: t.string, help: t.string })
const Row = t.intersection([Text, t.strict({ module: t.string, perms: t.string, flags: t.Int })])

const decoded = <A>(codec: t.Decoder<unknown, A>, table: unknown): readonly A[] => {
  const rows = t.array(t.unknown).decode(table)
  invariant(E.isRight(rows), 'a command table is not an array')
  return rows.right.map((row) => {
    const command = codec.decode(row)
    invariant(E.isRight(command), `a command table holds ${JSON.stringify(row)}`)
    return command.right
  })
}

const monCommands = (table: unknown): readonly MonCommand[] =>
  decoded(Row, table).map((row) => ({ ...row, flags: BigInt(row.flags) }))

/** What the monitors answer themselves, in the order of the original's table. Source: ceph src/mon/MonCommands.h. */
export const COMMAND_TABLE: readonly MonCommand[] = monCommands(monTable)

/**
 * What a manager answers, as the monitors assume it until an active manager has told its own.
 * Source: ceph src/mgr/MgrCommands.h, src/mon/MgrMonitor.cc create_initial.
 */
export const MGR_COMMAND_TABLE: readonly MonCommand[] = monCommands(mgrTable)

/** A command of the admin socket and of `ceph tell`; without help it is not listed by `help`. */
export type TellCommand = t.TypeOf<typeof Text>

/** What one monitor answers about itself. Source: ceph src/mon/Monitor.cc, src/common/ceph_context.cc. */
export const TELL_COMMAND_TABLE: readonly TellCommand[] = decoded(Text, tellTable)
