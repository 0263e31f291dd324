/**
 * The commands of 16.2.15, as its monitors know them: facts that clients, peers and the `ceph` program compare
 * with, word for word. Made by test/capture/command-table.ts.
 */
import * as t from 'io-ts'
import { invariant } from '../base/assert.ts'
import type { MonCommand } from '../map/mon-command.ts'
import monTable from './command-table.json' with { type: 'json' }
import mgrTable from './mgr-command-table.json' with { type: 'json' }
import tellTable from './tell-command-table.json' with { type: 'json' }

const Text = t.strict({ command: t.string, help: t.string })
const Row = t.intersection([Text, t.strict({ module: t.string, perms: t.string, flags: t.Int })])

// Asked whether they are tables, not decoded: that makes no copies, and every start waits for it.
const monCommands = (table: unknown): readonly MonCommand[] => {
  invariant(t.readonlyArray(Row).is(table), 'a command table does not hold commands')
  return table.map((row) => ({ ...row, flags: BigInt(row.flags) }))
}

const tellCommands = (table: unknown): readonly TellCommand[] => {
  invariant(t.readonlyArray(Text).is(table), 'a command table does not hold commands')
  return table
}

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
export const TELL_COMMAND_TABLE: readonly TellCommand[] = tellCommands(tellTable)
