/**
 * A command description: MonCommand, and the table of them that a new leader sends with its VICTORY.
 *
 * Grammar: MonCommand (in vectors) = versioned 1/1 { string command, string help, string module, string perms,
 *            string availability, u64 flags }
 *          table of VICTORY = versioned 2/1 { u16 count, count × { string command, help, module, perms,
 *            availability }, count × u64 flags }
 * Source: ceph src/mon/MonCommand.h.
 */
import type { Reader } from '../codec/reader.ts'
import type { Writer } from '../codec/writer.ts'

export interface MonCommand {
  /** `osd pool create name=pool,type=CephPoolname …`: literal words, then parameter descriptors. */
  readonly command: string
  readonly help: string
  /** The service whose capability counts. */
  readonly module: string
  /** Letters of `rwx`. */
  readonly perms: string
  /** See COMMAND_FLAG in monitor/command-table.ts. */
  readonly flags: bigint
}

// Once said where a command may be given; nobody reads it any more.
const AVAILABILITY = 'cli,rest'
const COUNT_MAX = 0xffff
// Five string lengths.
const ENTRY_BYTES_MIN = 20

const decodeTexts = (r: Reader): Omit<MonCommand, 'flags'> => {
  const texts = { command: r.string(), help: r.string(), module: r.string(), perms: r.string() }
  r.string()
  return texts
}

const encodeTexts = (w: Writer, command: MonCommand): void => {
  w.string(command.command)
  w.string(command.help)
  w.string(command.module)
  w.string(command.perms)
  w.string(AVAILABILITY)
}

export const decodeMonCommand = (r: Reader): MonCommand =>
  r.versioned(1, () => ({ ...decodeTexts(r), flags: r.u64() }))

export const encodeMonCommand = (w: Writer, command: MonCommand): void =>
  w.versioned(1, 1, () => {
    encodeTexts(w, command)
    w.u64(command.flags)
  })

export const decodeCommandTable = (r: Reader): readonly MonCommand[] =>
  r.versioned(2, (structV) => {
    const count = r.u16()
    if (count * ENTRY_BYTES_MIN > r.remaining) r.bad(`command table of ${count} entries`)
    const texts: Omit<MonCommand, 'flags'>[] = []
    for (let left = count; left > 0 && !r.failed; left--) texts.push(decodeTexts(r))
    return texts.map((text) => ({ ...text, flags: structV >= 2 ? r.u64() : 0n }))
  })

/** More than 65535 entries do not fit and are cut off. */
export const encodeCommandTable = (w: Writer, commands: readonly MonCommand[]): void =>
  w.versioned(2, 1, () => {
    const table = commands.slice(0, COUNT_MAX)
    w.u16(table.length)
    for (const command of table) encodeTexts(w, command)
    for (const command of table) w.u64(command.flags)
  })
