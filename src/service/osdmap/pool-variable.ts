/** What setting a variable of a pool comes down to. */
import * as E from 'fp-ts/lib/Either.js'
import { parseFloatValue, parseInteger, parseSi, parseSize } from '../../config/parse-number.ts'
import type { Pool } from '../../map/osd-map/pool.ts'
import type { CommandReply, World } from '../contract.ts'
import { ERRNO } from '../errno.ts'
import { failed } from '../reply.ts'

/** A value that was given for a variable of a pool, read in every way that variables are read. */
export interface PoolVariableInput {
  readonly world: World
  readonly poolId: bigint
  readonly poolName: string
  readonly name: string
  readonly text: string
  /** --yes-i-really-mean-it. */
  readonly sure: boolean
  /** The epoch in which the change takes effect. */
  readonly epoch: number
  readonly integer: E.Either<string, bigint>
  readonly float: E.Either<string, number>
}

export type PoolChange = E.Either<CommandReply, Pool>

/** Changes a pool as the input wants, or says why not. */
export type PoolSetter = (pool: Pool, input: PoolVariableInput) => PoolChange

const SI_VARIABLES: ReadonlySet<string> = new Set(['target_max_objects'])
const IEC_VARIABLES: ReadonlySet<string> = new Set([
  'target_max_bytes',
  'target_size_bytes',
  'compression_max_blob_size',
  'compression_min_blob_size',
  'csum_max_block',
  'csum_min_block',
])

/** Variables that count in units take them; a float means nothing for those. */
export const readInput = (name: string, text: string): Pick<PoolVariableInput, 'integer' | 'float'> =>
  SI_VARIABLES.has(name)
    ? { integer: parseSi(text, false), float: E.right(0) }
    : IEC_VARIABLES.has(name)
      ? { integer: parseSize(text), float: E.right(0) }
      : { integer: parseInteger(text), float: parseFloatValue(text) }

export const refuse = (
  errno: (typeof ERRNO)[keyof typeof ERRNO],
  text: string,
): E.Either<CommandReply, never> => E.left(failed(errno, text))

export const invalid = (text: string): E.Either<CommandReply, never> => refuse(ERRNO.EINVAL, text)

/** Goes on with the integer; `kind` is how the original calls it when it is none. */
export const withInteger = (
  { text, integer }: PoolVariableInput,
  run: (n: number) => PoolChange,
  kind = 'integer',
): PoolChange =>
  E.isLeft(integer)
    ? invalid(`error parsing ${kind} value '${text}': ${integer.left}`)
    : run(Number(integer.right))

/** Goes on with true or false, which may be written as 1 or 0. */
export const withBool = (
  { text, integer }: PoolVariableInput,
  run: (isSet: boolean) => PoolChange,
): PoolChange => {
  const n = E.isRight(integer) ? integer.right : undefined
  if (text === 'true' || n === 1n) return run(true)
  if (text === 'false' || n === 0n) return run(false)
  return invalid("expecting value 'true', 'false', '0', or '1'")
}
