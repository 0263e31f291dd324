/**
 * The answer to get_command_descriptions: what the `ceph` program checks its user's words against before it asks
 * for anything.
 *
 * Source: ceph src/common/cmdparse.cc dump_cmd_to_json, dump_cmddesc_to_json; src/mon/Monitor.cc
 * get_cmds_as_json; src/common/admin_socket.cc GetdescsHook.
 */
import type { Json } from '../base/json.ts'
import { withEntry } from '../base/ordered.ts'
import type { MonCommand } from '../map/mon-command.ts'
import { parameterEntries, parseSignature, type Parameter } from './command-signature.ts'
import type { TellCommand } from './command-table.ts'

const NUMBER_DIGITS = 3

/**
 * Descriptions of `commands`, numbered through. A client older than Nautilus knows no booleans: it is told that a
 * flag is the choice of one word.
 */
export const commandDescriptions = (
  commands: readonly MonCommand[],
  { knowsBool = true }: { readonly knowsBool?: boolean } = {},
): Json =>
  numbered(
    commands.map(({ command, help, module, perms, flags }) => ({
      sig: signatureJson(command, knowsBool),
      help,
      module,
      perm: perms,
      flags,
    })),
  )

/** Descriptions of what the admin socket takes: signature and help only. */
export const tellDescriptions = (commands: readonly TellCommand[]): Json =>
  numbered(commands.map(({ command, help }) => ({ sig: signatureJson(command, true), help })))

/** What `help` prints: the literal words of each command that has a help text. */
export const tellHelp = (commands: readonly TellCommand[]): Json =>
  new Map(
    commands
      .filter(({ help }) => help !== '')
      .map(({ command, help }) => [parseSignature(command).prefix, help] as const),
  )

const numbered = (descriptions: readonly Json[]): Json =>
  new Map(descriptions.map((json, i) => [`cmd${String(i).padStart(NUMBER_DIGITS, '0')}`, json] as const))

const signatureJson = (command: string, knowsBool: boolean): Json =>
  parseSignature(command).parts.map((part) =>
    typeof part === 'string' ? part : new Map(parameterEntries(knowsBool ? part : withoutBool(part))),
  )

const withoutBool = (parameter: Parameter): Parameter => {
  if (parameter.get('type') !== 'CephBool') return parameter
  const word = `--${parameter.get('name') ?? ''}`.replaceAll('_', '-')
  return withEntry(withEntry(parameter, 'type', 'CephChoices'), 'strings', word)
}
