/**
 * This monitor's own options, by admin socket and `ceph tell`: what holds here and now, and changes until the next
 * start. Nothing of it reaches the cluster.
 *
 * Source: ceph src/common/ceph_context.cc CephContext::_do_command; src/common/config.cc md_config_t::injectargs.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { formatJson, type Json } from '../base/json.ts'
import type { OptionError, Options } from '../config/options.ts'
import { OPTIONS, optionNamed } from '../config/option.ts'
import { CephString, CephStrings, queryWith } from '../service/args.ts'
import { optionJson } from '../service/config/command/help.ts'
import type { Command, CommandReply } from '../service/contract.ts'
import { ERRNO, printErrno } from '../service/errno.ts'
import { failed, output } from '../service/reply.ts'
import { adoptOptions } from './adopt-options.ts'
import type { Turn } from './turn.ts'

export type OwnCommand = (turn: Turn, command: Command) => CommandReply

// Indented unless compact JSON was asked for.
const json = (command: Command, value: Json, text = ''): CommandReply =>
  output(formatJson(value, command.format !== 'json'), text)

const Var = t.type({ var: CephString })
const VarVal = t.type({ var: CephString, val: CephStrings })
const Injected = t.type({ injected_args: CephStrings })

const NOT_OBSERVED = '(not observed, change may require restart) '

/**
 * `NAME = 'VALUE' ` for an option whose run-time value was another, or none, even where this one was in force before.
 * Debug levels are not told.
 *
 * Differs: an option that is not observed takes effect here all the same; the words are the original's.
 * Source: ceph src/common/config_obs_mgr.h ObserverMgr::for_each_change; src/common/config_values.cc set_value.
 */
const changeText = (before: Options, after: Options, name: string): string => {
  const option = optionNamed(name)
  if (option.subsystem === true || before.override(name) === after.override(name)) return ''
  return `${name} = '${after.text(name)}' ${option.observed === true ? '' : NOT_OBSERVED}`
}

const errnoOf = (error: OptionError): number =>
  error._tag === 'UnknownOption' ? ERRNO.ENOENT : error._tag === 'NotAtRuntime' ? ERRNO.EPERM : ERRNO.EINVAL

const refused = (error: OptionError, text: string): CommandReply => ({
  ...failed(ERRNO.EINVAL, text),
  code: -errnoOf(error),
})

const get: OwnCommand = ({ state }, command) =>
  queryReply(
    queryWith(Var, command, ({ var: name }) =>
      OPTIONS.has(name)
        ? json(command, { [name]: state.config.options.text(name) })
        : failed(ERRNO.ENOENT, `error getting '${name}': ${printErrno(ERRNO.ENOENT)}`),
    ),
  )

const set: OwnCommand = (turn, command) =>
  queryReply(
    queryWith(VarVal, command, ({ var: name, val }) => {
      const { options } = turn.state.config
      const text = val.join(' ')
      const next = options.withRuntimeChange(name, text)
      if (E.isLeft(next))
        return refused(next.left, `error setting '${name}' to '${text}': ${printErrno(errnoOf(next.left))}`)
      adoptOptions(turn, next.right)
      return json(command, { success: changeText(options, next.right, name) })
    }),
  )

const unset: OwnCommand = (turn, command) =>
  queryReply(
    queryWith(Var, command, ({ var: name }) => {
      if (!OPTIONS.has(name))
        return failed(ERRNO.EINVAL, `error unsetting '${name}': ${printErrno(ERRNO.EINVAL)}`)
      const before = turn.state.config.options
      const after = before.without('override', name)
      adoptOptions(turn, after)
      return json(command, {}, changeText(before, after, name))
    }),
  )

const diff: OwnCommand = ({ state }, command) => json(command, state.config.options.diff())

const show: OwnCommand = ({ state }, command) => json(command, state.config.options.show())

/** `config help`, with the option inside an object of its own. */
const help: OwnCommand = (_turn, command) =>
  queryReply(
    queryWith(Var, command, ({ var: name }) => {
      const option = OPTIONS.get(name)
      return option === undefined
        ? failed(ERRNO.ENOENT, `Setting not found: '${name}'`)
        : json(command, { option: optionJson(option) })
    }),
  )

/**
 * `--name=value`, `--name value`, or `--name` alone for a flag; several in one text, or in several.
 *
 * Differs: when one is wrong none is set; the original keeps those before it.
 */
const injectargs: OwnCommand = (turn, command) =>
  queryReply(
    queryWith(Injected, command, ({ injected_args: texts }) => {
      const { assignments, leftovers } = parseInjected(texts.join(' ').split(/\s+/))
      const before = turn.state.config.options
      let options = before
      for (const [name, text] of assignments) {
        const next = text === undefined ? undefined : options.withRuntimeChange(name, text)
        if (next === undefined || E.isLeft(next))
          return refused(
            next?.left ?? { _tag: 'InvalidValue', name, text: '', why: '' },
            `Parse error setting ${name} to '${text ?? ''}' using injectargs${whyRefused(name, next?.left)}.\n`,
          )
        options = next.right
      }
      if (leftovers.length > 0)
        return failed(ERRNO.EINVAL, ` failed to parse arguments: ${leftovers.join(',')}\n`)
      adoptOptions(turn, options)
      const names = [...new Set(assignments.map(([name]) => name))].sort()
      return json(command, {}, names.map((name) => changeText(before, options, name)).join(''))
    }),
  )

// In brackets, which are left out when there is nothing to say.
const whyRefused = (name: string, error: OptionError | undefined): string => {
  const why =
    error === undefined
      ? `Option --${name} requires an argument.\n`
      : error._tag === 'InvalidValue'
        ? error.why
        : `Configuration option '${name}' may not be modified at runtime`
  return why === '' ? '' : ` (${why})`
}

interface Injection {
  /** Without a value where one is missing. */
  readonly assignments: readonly (readonly [name: string, text: string | undefined])[]
  readonly leftovers: readonly string[]
}

const ARGUMENT = /^--([^=]+)(?:=(.*))?$/s

const parseInjected = (words: readonly string[]): Injection => {
  const assignments: (readonly [name: string, text: string | undefined])[] = []
  const leftovers: string[] = []
  const rest = words.filter((word) => word !== '')
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, dashed = '', text] = ARGUMENT.exec(word) ?? []
    const name = dashed.replaceAll('-', '_')
    const option = OPTIONS.get(name)
    if (option === undefined) leftovers.push(word)
    else if (text !== undefined) assignments.push([name, text])
    else if (option.type === 'bool' && !/^(true|false|0|1)$/.test(rest[0] ?? ''))
      assignments.push([name, 'true'])
    else assignments.push([name, rest.shift()])
  }
  return { assignments, leftovers }
}

const queryReply = (reply: CommandReply | undefined): CommandReply => reply ?? failed(ERRNO.EINVAL, '')

export const CONFIG_COMMANDS: ReadonlyMap<string, OwnCommand> = new Map([
  ['config get', get],
  ['config set', set],
  ['config unset', unset],
  ['config diff', diff],
  ['config diff get', diff],
  ['config show', show],
  ['config help', help],
  ['injectargs', injectargs],
])
