/** The commands that this monitor knows, in the order of 16.2.15's table, and how a prefix is found in one. */
import type { MonCommand } from '../map/mon-command.ts'
import { parseSignature } from '../service/command-signature.ts'
import { COMMAND_TABLE } from '../service/command-table.ts'

export const MON_COMMANDS: readonly MonCommand[] = COMMAND_TABLE

/** Bits of MonCommand.flags. Source: ceph src/mon/MonCommand.h FLAG_*. */
export const COMMAND_FLAG = {
  noforward: 1n << 0n,
  obsolete: 1n << 1n,
  deprecated: 1n << 2n,
  mgr: 1n << 3n,
  poll: 1n << 4n,
  hidden: 1n << 5n,
} as const

/** The literal words at the start of a signature: `osd pool create name=pool,…` → `osd pool create`. */
export const prefixOfSignature = (signature: string): string => parseSignature(signature).prefix

const INDEXES = new WeakMap<readonly MonCommand[], ReadonlyMap<string, MonCommand>>()

/** The table's first entry for `prefix`. */
export const findCommand = (table: readonly MonCommand[], prefix: string): MonCommand | undefined => {
  let index = INDEXES.get(table)
  if (index === undefined) {
    // Of two entries with one prefix the first counts, so it is written last.
    index = new Map([...table].reverse().map((command) => [prefixOfSignature(command.command), command]))
    INDEXES.set(table, index)
  }
  return index.get(prefix)
}
