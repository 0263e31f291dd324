/**
 * The command line of ceph-mon: its own flags, and every option as `--name value`, `--name=value`, `--name` or
 * `--no-name`. Dashes and underscores of a name are alike. A later argument wins over an earlier one.
 *
 * Source: ceph src/ceph_mon.cc main, src/common/ceph_argparse.cc, src/common/config.cc md_config_t::parse_argv,
 * md_config_t::parse_option.
 */
import * as E from 'fp-ts/lib/Either.js'
import { OPTIONS } from '../config/option.ts'

export interface MonArguments {
  /** Configuration file, or several with commas between. */
  readonly conf?: string
  readonly cluster?: string
  readonly id?: string
  readonly help: boolean
  readonly version: boolean
  readonly mkfs: boolean
  readonly compact: boolean
  readonly forceSync: boolean
  readonly yesIReallyMeanIt: boolean
  readonly osdmap?: string
  readonly injectMonmap?: string
  readonly extractMonmap?: string
  readonly crushLocation?: string
  /** Print all options with their values and exit. */
  readonly showConfig: boolean
  /** Print this option's value and exit. */
  readonly showConfigValue?: string
  /** Options in the order given. */
  readonly settings: readonly (readonly [name: string, text: string])[]
  /** Options that had no value; said, and then left out. */
  readonly problems: readonly string[]
  /** What nothing above takes. */
  readonly rest: readonly string[]
}

type Field =
  | 'conf'
  | 'cluster'
  | 'id'
  | 'osdmap'
  | 'injectMonmap'
  | 'extractMonmap'
  | 'crushLocation'
  | 'showConfigValue'
type Flag = 'help' | 'version' | 'mkfs' | 'compact' | 'forceSync' | 'yesIReallyMeanIt' | 'showConfig'

const FIELDS: ReadonlyMap<string, Field> = new Map([
  ['-c', 'conf'],
  ['--conf', 'conf'],
  ['--cluster', 'cluster'],
  ['-i', 'id'],
  ['--id', 'id'],
  ['--user', 'id'],
  ['--osdmap', 'osdmap'],
  ['--inject_monmap', 'injectMonmap'],
  ['--extract_monmap', 'extractMonmap'],
  ['--set_crush_location', 'crushLocation'],
  ['--show_config_value', 'showConfigValue'],
])

const FLAGS: ReadonlyMap<string, Flag> = new Map([
  ['-h', 'help'],
  ['--help', 'help'],
  ['-v', 'version'],
  ['--version', 'version'],
  ['--mkfs', 'mkfs'],
  ['--show_config', 'showConfig'],
  ['--compact', 'compact'],
  ['--force_sync', 'forceSync'],
  ['--yes_i_really_mean_it', 'yesIReallyMeanIt'],
])

// Flags that set options, and short names of options that take a value.
const SETTING_FLAGS: ReadonlyMap<string, readonly (readonly [string, string])[]> = new Map([
  ['-f', [['daemonize', 'false']]],
  ['--foreground', [['daemonize', 'false']]],
  [
    '-d',
    [
      ['daemonize', 'false'],
      ['log_file', ''],
      ['log_to_stderr', 'true'],
      ['err_to_stderr', 'true'],
      ['log_to_syslog', 'false'],
    ],
  ],
  // A monitor never asks other monitors for its options.
  ['--no_mon_config', []],
  ['--mon_config', []],
])
const OPTION_ALIASES: ReadonlyMap<string, string> = new Map([
  ['-M', 'monmap'],
  ['-m', 'mon_host'],
  ['-k', 'keyring'],
  ['--bind', 'public_addr'],
])

const EMPTY: MonArguments = {
  help: false,
  version: false,
  mkfs: false,
  compact: false,
  forceSync: false,
  yesIReallyMeanIt: false,
  showConfig: false,
  settings: [],
  problems: [],
  rest: [],
}

/** A token taken apart: `--mon-lease=5` is name `--mon_lease`, inline `5`. */
interface Token {
  readonly name: string
  readonly inline: string | undefined
}

const tokenOf = (arg: string): Token => {
  if (!arg.startsWith('--')) return { name: arg, inline: undefined }
  const at = arg.indexOf('=')
  const name = at < 0 ? arg : arg.slice(0, at)
  return { name: `--${name.slice(2).replaceAll('-', '_')}`, inline: at < 0 ? undefined : arg.slice(at + 1) }
}

interface Step {
  readonly result: MonArguments
  /** How many arguments it took. */
  readonly taken: number
}

/**
 * The arguments in `argv` (without program and script).
 *
 * Errors: a text for the user when one of ceph-mon's own arguments lacks its value or a name is not of a monitor.
 */
export const parseMonArguments = (argv: readonly string[]): E.Either<string, MonArguments> => {
  let result = EMPTY
  for (let at = 0; at < argv.length;) {
    const arg = argv[at] ?? ''
    if (arg === '--') return E.right({ ...result, rest: [...result.rest, ...argv.slice(at + 1)] })
    const step = parseOne(result, arg, argv[at + 1])
    if (E.isLeft(step)) return step
    result = step.right.result
    at += step.right.taken
  }
  return E.right(result)
}

const parseOne = (result: MonArguments, arg: string, next: string | undefined): E.Either<string, Step> => {
  const { name, inline } = tokenOf(arg)
  const flag = FLAGS.get(name)
  if (flag !== undefined && inline === undefined)
    return E.right({ result: { ...result, [flag]: true }, taken: 1 })
  const field = FIELDS.get(name)
  const value = inline ?? next
  const taken = inline === undefined ? 2 : 1
  if (field !== undefined || name === '-n' || name === '--name') {
    if (value === undefined) return E.left(`Option ${arg} requires an argument.`)
    return field === undefined
      ? E.map((id: string): Step => ({ result: { ...result, id }, taken }))(idOfName(value))
      : E.right({ result: { ...result, [field]: value }, taken })
  }
  const settings = SETTING_FLAGS.get(name)
  if (settings !== undefined && inline === undefined)
    return E.right({ result: { ...result, settings: [...result.settings, ...settings] }, taken: 1 })
  return E.right(parseSetting(result, arg, { name, inline }, next))
}

const idOfName = (name: string): E.Either<string, string> => {
  const [type, ...id] = name.split('.')
  return type === 'mon' && id.length > 0
    ? E.right(id.join('.'))
    : E.left(`error parsing '${name}': expected string of the form TYPE.ID, TYPE being mon`)
}

const parseSetting = (result: MonArguments, arg: string, token: Token, next: string | undefined): Step => {
  const { name, inline } = token
  const with_ = (option: string, text: string): MonArguments => ({
    ...result,
    settings: [...result.settings, [option, text]],
  })
  const option = OPTION_ALIASES.get(name) ?? (name.startsWith('--') ? name.slice(2) : '')
  const positive = OPTIONS.get(option)
  if (positive?.type === 'bool') return { result: with_(option, inline ?? 'true'), taken: 1 }
  if (positive !== undefined) {
    if (inline !== undefined) return { result: with_(option, inline), taken: 1 }
    if (next !== undefined) return { result: with_(option, next), taken: 2 }
    const problem = `parse error setting '${option}' to '' (Option ${arg} requires an argument.\n)\n`
    return { result: { ...result, problems: [...result.problems, problem] }, taken: 1 }
  }
  const negated = option.startsWith('no_') ? option.slice('no_'.length) : ''
  if (OPTIONS.get(negated)?.type === 'bool') return { result: with_(negated, 'false'), taken: 1 }
  return { result: { ...result, rest: [...result.rest, arg] }, taken: 1 }
}
