/**
 * `config help <name>`.
 *
 * Differs: the texts that describe an option are Ceph's and not here; their places stay empty.
 * Source: ceph src/common/options.cc Option::dump, Option::print.
 */
import * as t from 'io-ts'
import type { Option } from '../../../config/option.ts'
import type { Json, JsonRecord } from '../../../base/json.ts'
import { defaultValue, optionValueJson, printOptionValue } from '../../../config/option-value.ts'
import { CephString, queryWith } from '../../args.ts'
import type { CommandHandler } from '../../contract.ts'
import { ERRNO } from '../../errno.ts'
import { failed, formatted } from '../../reply.ts'
import { findOption, isRuntime } from '../known-option.ts'

const Args = t.partial({ key: CephString })

export const configHelp: CommandHandler = {
  query: (world, _request, command) =>
    queryWith(Args, command, ({ key = '' }) => {
      const option = findOption(world, key)
      return option === undefined
        ? failed(ERRNO.ENOENT, '')
        : formatted(
            command,
            () => optionJson(option),
            () => printOption(option),
          )
    }),
}

const NO_DESCRIPTION = ''

// What a client has; a daemon's default may be another.
const defaultOf = ({ daemonDefault: _, ...option }: Option): Option => option

const limit = (option: Option, text: string | undefined): string =>
  text === undefined ? '' : printOptionValue(option.type === 'float' ? Number(text) : BigInt(text))

const list = (items: readonly string[]): string => `[${items.join(',')}]`

/** An option as Option::dump prints it. */
export const optionJson = (option: Option): JsonRecord => {
  const { name, type, level, daemonDefault, enumValues = [], min, max } = option
  const plain = defaultOf(option)
  return {
    name,
    type,
    level,
    desc: NO_DESCRIPTION,
    long_desc: NO_DESCRIPTION,
    default: optionValueJson(option, defaultValue(plain)),
    daemon_default: daemonDefault === undefined ? '' : optionValueJson(option, defaultValue(option)),
    tags: option.tags ?? [],
    services: option.services ?? [],
    see_also: option.seeAlso ?? [],
    enum_values: type === 'str' ? enumValues : undefined,
    min: min === undefined ? '' : limitJson(option, min),
    max: max === undefined ? '' : limitJson(option, max),
    can_update_at_runtime: isRuntime(option),
    flags: option.flags ?? [],
  }
}

const limitJson = (option: Option, text: string): Json =>
  optionValueJson(option, option.type === 'float' ? Number(text) : BigInt(text))

const printOption = (option: Option): string => {
  const { name, type, level, daemonDefault, enumValues = [], min, max } = option
  const { services = [], tags = [], seeAlso = [] } = option
  const plain = printOptionValue(defaultValue(defaultOf(option)))
  const lines = [
    `${name} - ${NO_DESCRIPTION}`,
    `  (${type}, ${level})`,
    ...(daemonDefault === undefined
      ? [`  Default: ${plain}`]
      : [
          `  Default (non-daemon): ${plain}`,
          `  Default (daemon): ${printOptionValue(defaultValue(option))}`,
        ]),
    ...(enumValues.length === 0 ? [] : [`  Possible values:  ${enumValues.join(' ')}`]),
    ...(min === undefined ? [] : [`  Minimum: ${limit(option, min)}`, `  Maximum: ${limit(option, max)}`]),
    `  Can update at runtime: ${isRuntime(option)}`,
    ...(services.length === 0 ? [] : [`  Services: ${list(services)}`]),
    ...(tags.length === 0 ? [] : [`  Tags: ${list(tags)}`]),
    ...(seeAlso.length === 0 ? [] : [`  See also: ${list(seeAlso)}`]),
  ]
  return lines.map((line) => `${line}\n`).join('')
}
