/**
 * What somebody types, as the JSON that monitors take: `osd pool create rbd 8` becomes
 * `{"prefix": "osd pool create", "pool": "rbd", "pg_num": 8}`.
 *
 * Source: ceph src/pybind/ceph_argparse.py validate_command; only what a prefix finds is tried, first match wins.
 */
import * as E from 'fp-ts/lib/Either.js'
import { parseSignature, type Parameter } from '../service/command-signature.ts'

export type CommandJson = Readonly<Record<string, unknown>>

/** The first of `commands` (signatures) that `words` fit. Errors: a sentence. */
export const commandOfWords = (
  commands: readonly string[],
  words: readonly string[],
): E.Either<string, CommandJson> => {
  const signatures = commands.map(parseSignature)
  const isBegunBy = (prefix: string): boolean => prefix.split(' ').every((word, i) => words[i] === word)
  const candidates = signatures
    .filter(({ prefix }) => isBegunBy(prefix))
    .sort((a, b) => b.prefix.split(' ').length - a.prefix.split(' ').length)
  if (candidates.length === 0) return E.left(`no command begins with: ${words.join(' ')}`)
  const attempts = candidates.map(({ prefix, parts }) => {
    const parameters = parts.filter((part) => typeof part !== 'string')
    return E.map((args: CommandJson): CommandJson => ({ prefix, ...args }))(
      assign(parameters, words.slice(prefix.split(' ').length)),
    )
  })
  return attempts.find(E.isRight) ?? attempts[0] ?? E.left('no such command')
}

/** How the commands that begin with `words` are typed, one a line, with what they do. */
export const commandUsage = (
  commands: readonly { readonly command: string; readonly help: string }[],
  words: readonly string[],
): string =>
  commands
    .map(({ command, help }) => ({ signature: parseSignature(command), help }))
    .filter(({ signature }) => signature.prefix.startsWith(words.join(' ')))
    .map(({ signature, help }) => `${signature.parts.map(partUsage).join(' ')}\n    ${help}\n`)
    .join('')

const partUsage = (part: string | Parameter): string => {
  if (typeof part === 'string') return part
  const name = part.get('name') ?? ''
  const isFlag = part.get('type') === 'CephBool'
  const value = isFlag ? `--${name.replaceAll('_', '-')}` : `<${part.get('strings') ?? name}>`
  const many = part.has('n') ? `${value}...` : value
  return isFlag || part.get('req') === 'false' ? `[${many}]` : many
}

const assign = (
  parameters: readonly Parameter[],
  words: readonly string[],
): E.Either<string, CommandJson> => {
  const args: Record<string, unknown> = {}
  const rest = [...words]
  for (const parameter of parameters) {
    const name = parameter.get('name') ?? ''
    const named = takeNamed(parameter, rest)
    if (named !== undefined) args[name] = named
  }
  for (const parameter of parameters) {
    const name = parameter.get('name') ?? ''
    if (name in args || parameter.get('type') === 'CephBool') continue
    const isList = parameter.has('n')
    const values = (isList ? rest.splice(0) : rest.splice(0, 1)).map((word) => valueOf(parameter, word))
    if (values.includes(undefined)) return E.left(`${name} cannot be what was given`)
    if (values.length === 0 && parameter.get('req') !== 'false')
      return E.left(`missing required parameter ${name}`)
    if (values.length > 0) args[name] = isList ? values : values[0]
  }
  return rest.length === 0 ? E.right(args) : E.left(`unused: ${rest.join(' ')}`)
}

// `--name value`, `--name=value`, or `--name` alone for a yes; taken out of `rest`.
const takeNamed = (parameter: Parameter, rest: string[]): unknown => {
  const option = `--${(parameter.get('name') ?? '').replaceAll('_', '-')}`
  const at = rest.findIndex((word) => word === option || word.startsWith(`${option}=`))
  const word = rest[at]
  if (word === undefined) return undefined
  if (parameter.get('type') === 'CephBool') {
    rest.splice(at, 1)
    return true
  }
  const inline = word.includes('=')
  const [, value = ''] = inline ? [word, word.slice(option.length + 1)] : rest.slice(at, at + 2)
  rest.splice(at, inline ? 1 : 2)
  return parameter.has('n') ? [valueOf(parameter, value)] : valueOf(parameter, value)
}

// Undefined for a word that is no value of this parameter.
const valueOf = (parameter: Parameter, word: string): unknown => {
  switch (parameter.get('type') ?? '') {
    case 'CephInt':
      return /^[+-]?\d+$/.test(word) ? Number(word) : undefined
    case 'CephFloat':
      return word.trim() !== '' && Number.isFinite(Number(word)) ? Number(word) : undefined
    case 'CephChoices':
      return parameter.get('strings')?.split('|').includes(word) === true ? word : undefined
    default:
      return word
  }
}
