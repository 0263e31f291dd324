/**
 * Whether a request's arguments fit a command's signature, in Ceph's words when they do not. The monitors check
 * admin socket and tell commands like this; what the `ceph` program sends it has checked itself.
 *
 * Source: ceph src/common/cmdparse.cc validate_cmd, validate_arg, validate_str_arg, arg_in_range.
 */
import { parseAddr } from '../codec/type/entity-addr.ts'
import { parseSignature, type Parameter } from './command-signature.ts'

/** What is wrong with `args` for `command`; undefined when they fit. The text may be empty, as the original's. */
export const commandProblem = (command: string, args: ReadonlyMap<string, unknown>): string | undefined => {
  for (const part of parseSignature(command).parts) {
    const problem = typeof part === 'string' ? undefined : parameterProblem(part, args)
    if (problem !== undefined) return problem
  }
  return undefined
}

const parameterProblem = (parameter: Parameter, args: ReadonlyMap<string, unknown>): string | undefined => {
  const name = parameter.get('name') ?? ''
  const isList = parameter.has('n')
  const value = args.get(name)
  if (value === undefined || value === null)
    return isList || parameter.get('req') === 'false' ? undefined : `missing required parameter: '${name}'`
  if (isList !== Array.isArray(value)) return ''
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  for (const one of values) {
    const problem = valueProblem(parameter, one)
    if (problem !== undefined) return problem
  }
  return undefined
}

const valueProblem = (parameter: Parameter, value: unknown): string | undefined => {
  switch (parameter.get('type') ?? 'CephString') {
    case 'CephInt':
      return typeof value === 'number' && Number.isInteger(value) ? rangeProblem(parameter, value) : ''
    case 'CephFloat':
      return typeof value === 'number' ? rangeProblem(parameter, value) : ''
    case 'CephBool':
      return typeof value === 'boolean' || typeof value === 'string' ? undefined : ''
    case 'CephIPAddr':
      if (typeof value !== 'string') return ''
      return parseAddr(value) === undefined
        ? `failed to parse addr '${value}', should be ip:[port]`
        : undefined
    case 'CephChoices':
      return typeof value === 'string' ? choiceProblem(parameter, value) : ''
    default:
      return typeof value === 'string' ? undefined : ''
  }
}

const choiceProblem = (parameter: Parameter, value: string): string | undefined => {
  const choices = parameter.get('strings') ?? ''
  return choices.split('|').includes(value) ? undefined : `'${value}' not belong to '${choices}'`
}

const rangeProblem = (parameter: Parameter, value: number): string | undefined => {
  const range = parameter.get('range')
  if (range === undefined) return undefined
  const limits = range.split('|')
  const [min = 0, max = Infinity] = limits.map(Number)
  return value < min || value > max ? `'${value}' out of range: [${limits.join(',')}]` : undefined
}
