/**
 * Options of a pool, which are kept only when they are set: 0 or `unset` takes one away.
 * Source: ceph src/mon/OSDMonitor.cc OSDMonitor::prepare_command_pool_set.
 */
import * as E from 'fp-ts/lib/Either.js'
import { withEntry, withoutEntry } from '../../base/ordered.ts'
import { poolIdOfName } from '../../map/osd-map/osd-map.ts'
import { POOL_TYPE } from '../../map/osd-map/constant.ts'
import type { Pool } from '../../map/osd-map/pool.ts'
import { POOL_OPTIONS, type PoolOptionValue } from '../../map/osd-map/pool-option.ts'
import type { CommandReply } from '../contract.ts'
import { ERRNO } from '../errno.ts'
import { csumTypeOfName } from './csum-type.ts'
import { invalid, type PoolChange, type PoolVariableInput, refuse } from './pool-variable.ts'

/** Whether a variable is an option. */
export const isPoolOption = (name: string): boolean => POOL_OPTIONS.some(([option]) => option === name)

/** Sets or takes away the option `input.name`. */
export const setPoolOption = (pool: Pool, input: PoolVariableInput): PoolChange => {
  const key = POOL_OPTIONS.findIndex(([name]) => name === input.name)
  const type = POOL_OPTIONS[key]?.[1]
  if (type === undefined) return invalid(`unrecognized variable '${input.name}'`)
  return E.flatMap((checked: PoolVariableInput) => store(pool, key, type, checked))(check(pool, input))
}

type Checked = E.Either<CommandReply, PoolVariableInput>

const COMPRESSION_MODES: ReadonlySet<string> = new Set(['force', 'aggressive', 'passive', 'none'])
const COMPRESSION_ALGORITHMS: ReadonlySet<string> = new Set(['none', 'snappy', 'zlib', 'zstd', 'lz4'])
const PRIORITY_MAX = 10
const BIAS_MAX = 1000

const check = (pool: Pool, input: PoolVariableInput): Checked => {
  const { name, text } = input
  const isUnset = text === 'unset'
  switch (name) {
    case 'compression_mode':
      return isUnset || COMPRESSION_MODES.has(text)
        ? E.right(input)
        : invalid(`unrecognized compression mode '${text}'`)
    case 'compression_algorithm':
      return isUnset || COMPRESSION_ALGORITHMS.has(text)
        ? E.right(input)
        : invalid(`unrecognized compression_algorithm '${text}'`)
    // The original refuses `none` alone, which is the number 0, and takes any other word.
    case 'fingerprint_algorithm':
    case 'dedup_chunk_algorithm':
      return text === 'none' ? invalid(`unrecognized fingerprint_algorithm '${text}'`) : E.right(input)
    case 'csum_type':
      return checkCsumType(input)
    case 'dedup_tier':
      return checkDedupTier(pool, input)
    default:
      return checkNumber(pool, input)
  }
}

const checkCsumType = (input: PoolVariableInput): Checked => {
  const type = input.text === 'unset' ? 0 : csumTypeOfName(input.text)
  return type === undefined
    ? invalid(`unrecognized csum_type '${input.text}'`)
    : E.right({ ...input, integer: E.right(BigInt(type)) })
}

const checkDedupTier = (pool: Pool, input: PoolVariableInput): Checked => {
  if (E.isRight(input.integer)) return invalid("expecting value 'pool name'")
  if (pool.type === POOL_TYPE.erasure)
    return refuse(ERRNO.ENOTSUP, `pool '${input.poolName}' is an ec pool, which cannot be a base tier`)
  const id = poolIdOfName(input.world.committed.osdmap.map, input.text)
  return id === undefined
    ? refuse(ERRNO.ENOENT, `unrecognized pool '${input.text}'`)
    : E.right({ ...input, integer: E.right(id) })
}

// What the original calls a number of each option when it cannot read it; the others are read further below.
const NUMBER_KINDS: ReadonlyMap<string, string> = new Map([
  ['compression_max_blob_size', 'int'],
  ['compression_min_blob_size', 'int'],
  ['csum_max_block', 'int'],
  ['csum_min_block', 'int'],
  ['target_size_bytes', 'unit'],
  ['pg_num_min', 'int'],
  ['pg_num_max', 'int'],
  ['recovery_priority', 'int'],
  ['dedup_cdc_chunk_size', 'int'],
])

const checkNumber = (pool: Pool, input: PoolVariableInput): Checked => {
  const { name, text, integer, float } = input
  const kind = NUMBER_KINDS.get(name)
  if (kind !== undefined && E.isLeft(integer))
    return invalid(`error parsing ${kind} value '${text}': ${integer.left}`)
  const n = E.isRight(integer) ? Number(integer.right) : 0
  const f = E.isRight(float) ? float.right : 0
  const refused = rangeRefusal(pool, input, n, f)
  if (refused !== undefined) return invalid(refused)
  return name === 'compression_required_ratio' && E.isLeft(float)
    ? invalid(`error parsing float value '${text}': ${float.left}`)
    : E.right(input)
}

const rangeRefusal = (pool: Pool, input: PoolVariableInput, n: number, f: number): string | undefined => {
  const { name, text, world } = input
  switch (name) {
    case 'compression_required_ratio':
      return f < 0 || f > 1 ? `compression_required_ratio is out of range (0-1): '${text}'` : undefined
    case 'pg_num_min':
      return n > pool.pgNumTarget ? `specified pg_num_min ${n} > pg_num ${pool.pgNumTarget}` : undefined
    case 'pg_num_max':
      return n !== 0 && n < pool.pgNumTarget
        ? `specified pg_num_max ${n} < pg_num ${pool.pgNumTarget}`
        : undefined
    case 'recovery_priority':
      return Math.abs(n) > PRIORITY_MAX && !world.options.bool('debug_allow_any_pool_priority')
        ? `pool recovery_priority must be between ${-PRIORITY_MAX} and ${PRIORITY_MAX}`
        : undefined
    case 'pg_autoscale_bias':
      return f < 0 || f > BIAS_MAX ? `pg_autoscale_bias must be between 0 and ${BIAS_MAX}` : undefined
    case 'target_size_ratio':
      return f < 0 ? 'target_size_ratio cannot be negative' : undefined
    default:
      return undefined
  }
}

const store = (
  pool: Pool,
  key: number,
  type: PoolOptionValue['type'],
  { text, integer, float }: PoolVariableInput,
): PoolChange => {
  const set = (value: PoolOptionValue | undefined): PoolChange =>
    E.right({
      ...pool,
      options: value === undefined ? withoutEntry(pool.options, key) : withEntry(pool.options, key, value),
    })
  switch (type) {
    case 'string':
      return set(text === 'unset' ? undefined : { type, value: text })
    case 'int':
      if (E.isLeft(integer)) return invalid(`error parsing integer value '${text}': ${integer.left}`)
      return set(integer.right === 0n ? undefined : { type, value: integer.right })
    case 'double':
      if (E.isLeft(float)) return invalid(`error parsing floating point value '${text}': ${float.left}`)
      return set(float.right === 0 ? undefined : { type, value: float.right })
  }
}
