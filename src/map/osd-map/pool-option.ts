/**
 * Options of a pool that are stored only when they are set (pool_opts_t).
 *
 * Grammar: versioned 2/1 { u32 count, count of { i32 key, i32 type, value } };
 *          type 0 string, 1 i64, 2 double.
 * Source: ceph src/osd/osd_types.cc pool_opts_t.
 */
import type { Json } from '../../base/json.ts'
import { jsonFloat } from '../../base/json.ts'
import { byNumber } from '../../base/ordered.ts'
import type { Reader } from '../../codec/reader.ts'
import type { Writer } from '../../codec/writer.ts'

export type PoolOptionValue =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }

export type PoolOptionType = PoolOptionValue['type']

/** Option key → value. */
export type PoolOptions = ReadonlyMap<number, PoolOptionValue>

const WIRE_TYPE = { string: 0, int: 1, double: 2 } as const

/** Name and type of each option; the place in the list is the key. */
export const POOL_OPTIONS: readonly (readonly [name: string, type: PoolOptionType])[] = [
  ['scrub_min_interval', 'double'],
  ['scrub_max_interval', 'double'],
  ['deep_scrub_interval', 'double'],
  ['recovery_priority', 'int'],
  ['recovery_op_priority', 'int'],
  ['scrub_priority', 'int'],
  ['compression_mode', 'string'],
  ['compression_algorithm', 'string'],
  ['compression_required_ratio', 'double'],
  ['compression_max_blob_size', 'int'],
  ['compression_min_blob_size', 'int'],
  ['csum_type', 'int'],
  ['csum_max_block', 'int'],
  ['csum_min_block', 'int'],
  ['fingerprint_algorithm', 'string'],
  ['pg_num_min', 'int'],
  ['target_size_bytes', 'int'],
  ['target_size_ratio', 'double'],
  ['pg_autoscale_bias', 'double'],
  ['read_lease_interval', 'double'],
  ['dedup_tier', 'int'],
  ['dedup_chunk_algorithm', 'string'],
  ['dedup_cdc_chunk_size', 'int'],
  ['pg_num_max', 'int'],
]

/** Key of an option, undefined when there is none of that name. */
export const poolOptionKey = (name: string): number | undefined => {
  const key = POOL_OPTIONS.findIndex(([known]) => known === name)
  return key < 0 ? undefined : key
}

export const decodePoolOptions = (r: Reader): PoolOptions => r.versioned(2, () => r.map(r.i32, decodeValue))

const decodeValue = (r: Reader): PoolOptionValue => {
  const type = r.i32()
  switch (type) {
    case WIRE_TYPE.string:
      return { type: 'string', value: r.string() }
    case WIRE_TYPE.int:
      return { type: 'int', value: r.i64() }
    default:
      if (type !== WIRE_TYPE.double) r.bad(`pool option type ${type}`)
      return { type: 'double', value: r.f64() }
  }
}

export const encodePoolOptions = (w: Writer, options: PoolOptions): void =>
  w.versioned(2, 1, () => w.map(options, byNumber, (out, key) => out.i32(key), encodeValue))

const encodeValue = (w: Writer, option: PoolOptionValue): void => {
  w.i32(WIRE_TYPE[option.type])
  switch (option.type) {
    case 'string':
      return void w.string(option.value)
    case 'int':
      return void w.i64(option.value)
    case 'double':
      return void w.f64(option.value)
  }
}

/** Set options by name, in the order of the names. Source: ceph src/osd/osd_types.cc pool_opts_t::dump. */
export const poolOptionsJson = (options: PoolOptions): ReadonlyMap<string, Json> => {
  const json = new Map<string, Json>()
  for (const [name, key] of SORTED_NAMES) {
    const option = options.get(key)
    if (option !== undefined)
      json.set(name, option.type === 'double' ? jsonFloat(option.value) : option.value)
  }
  return json
}

const SORTED_NAMES = POOL_OPTIONS.map(([name], key) => [name, key] as const).sort(([a], [b]) =>
  a < b ? -1 : 1,
)

/** ` name value` for each option that is set, by name, as `ceph osd dump` appends them to a pool's line. */
export const printPoolOptions = (options: PoolOptions, printDouble: (value: number) => string): string =>
  SORTED_NAMES.map(([name, key]) => {
    const option = options.get(key)
    if (option === undefined) return ''
    return ` ${name} ${option.type === 'double' ? printDouble(option.value) : option.value}`
  }).join('')
