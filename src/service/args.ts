/**
 * Arguments of a command, checked. Text is JSON text and a number a JSON number; a flag may be either, and anything
 * else is refused in Ceph's words.
 *
 * Source: ceph src/common/cmdparse.h cmd_getval, src/mon/Monitor.cc bad_cmd_get.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Command, CommandReply, Request, UpdateResult } from './contract.ts'
import { ERRNO } from './errno.ts'
import { answered, failed } from './reply.ts'

const type = <A>(name: string, parse: (value: unknown) => A | undefined): t.Type<A, A> =>
  new t.Type<A, A>(
    name,
    (_u): _u is A => true,
    (value, context) => {
      const parsed = parse(value)
      return parsed === undefined ? t.failure(value, context) : t.success(parsed)
    },
    t.identity,
  )

const INTEGER = /^[+-]?\d+$/

export const CephString = type('CephString', (v) => (typeof v === 'string' ? v : undefined))

export const CephInt = type('CephInt', (v) =>
  typeof v === 'number' && Number.isSafeInteger(v) ? v : undefined,
)

export const CephFloat = type('CephFloat', (v) => {
  const n = typeof v === 'string' && v.trim() !== '' ? Number(v) : v
  return typeof n === 'number' && Number.isFinite(n) ? n : undefined
})

/** A flag such as `--yes-i-really-mean-it`: JSON true, or text that means yes. */
export const CephBool = type('CephBool', (v) => {
  if (typeof v === 'boolean') return v
  if (typeof v !== 'string') return undefined
  if (v.startsWith('--')) return true
  const text = v.toLowerCase()
  return ['true', 'yes', 'on', '1'].includes(text)
    ? true
    : ['false', 'no', 'off', '0'].includes(text)
      ? false
      : undefined
})

/** `n=N` strings: a JSON array. */
export const CephStrings = type('CephStrings', (v): readonly string[] | undefined =>
  isArray(v) && v.every((item) => typeof item === 'string') ? v : undefined,
)

/** `n=N` ids: a JSON array. */
export const CephInts = type('CephInts', (v): readonly number[] | undefined =>
  isArray(v) && v.every((item) => Number.isSafeInteger(item)) ? v.map(Number) : undefined,
)

// Array.isArray would make the items any.
const isArray = (v: unknown): v is readonly unknown[] => Array.isArray(v)

/** One of the listed words. */
export const cephChoices = <const W extends readonly string[]>(words: W): t.Type<W[number], W[number]> =>
  type(words.join('|'), (v) => words.find((w) => w === v))

/**
 * The arguments as `codec` sees them.
 *
 * Errors: -EINVAL naming the first field that is missing or has the wrong type.
 */
export const decodeArgs = <A>(codec: t.Decoder<unknown, A>, command: Command): E.Either<CommandReply, A> =>
  E.mapLeft((errors: t.Errors) => {
    const field =
      errors[0]?.context.map((c) => c.key).findLast((key) => key !== '' && !INTEGER.test(key)) ?? '?'
    return failed(ERRNO.EINVAL, `bad or missing field '${field}'`)
  })(codec.decode(Object.fromEntries(command.args)))

/** A query handler whose arguments have been checked. */
export const queryWith = <A>(
  codec: t.Decoder<unknown, A>,
  command: Command,
  run: (args: A) => CommandReply | undefined,
): CommandReply | undefined => {
  const args = decodeArgs(codec, command)
  return E.isLeft(args) ? args.left : run(args.right)
}

/** An update handler whose arguments have been checked. */
export const updateWith = <A>(
  codec: t.Decoder<unknown, A>,
  request: Request,
  command: Command,
  run: (args: A) => UpdateResult,
): UpdateResult => {
  const args = decodeArgs(codec, command)
  return E.isLeft(args) ? answered(request, args.left) : run(args.right)
}
