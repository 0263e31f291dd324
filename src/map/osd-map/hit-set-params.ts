/**
 * How a cache pool records which objects were hit (HitSet::Params).
 *
 * Grammar: versioned 1/1 { u8 type, by type: bloom versioned 1/1 { u32 fpp_micro, u64 target_size, u64 seed } }.
 * Source: ceph src/osd/HitSet.h, HitSet.cc.
 */
import { jsonFloat, type JsonRecord, printGeneral } from '../../base/json.ts'
import type { Reader } from '../../codec/reader.ts'
import type { Writer } from '../../codec/writer.ts'

export type HitSetParams =
  | { readonly type: 'none' | 'explicit_hash' | 'explicit_object' }
  | {
      readonly type: 'bloom'
      /** False positive probability in millionths. */
      readonly fppMicro: number
      readonly targetSize: bigint
      readonly seed: bigint
    }

export const NO_HIT_SET: HitSetParams = { type: 'none' }

const TYPES = ['none', 'explicit_hash', 'explicit_object', 'bloom'] as const

export const decodeHitSetParams = (r: Reader): HitSetParams =>
  r.versioned(1, () => {
    const number = r.u8()
    const type = TYPES[number]
    if (type === undefined) r.bad(`hit set type ${number}`)
    if (type !== 'bloom') return { type: type ?? 'none' }
    return r.versioned(1, () => ({ type, fppMicro: r.u32(), targetSize: r.u64(), seed: r.u64() }))
  })

export const encodeHitSetParams = (w: Writer, params: HitSetParams): void =>
  w.versioned(1, 1, () => {
    w.u8(TYPES.indexOf(params.type))
    if (params.type !== 'bloom') return
    w.versioned(1, 1, () => {
      w.u32(params.fppMicro)
      w.u64(params.targetSize)
      w.u64(params.seed)
    })
  })

const MICRO = 1e6

export const hitSetParamsJson = (params: HitSetParams): JsonRecord =>
  params.type === 'bloom'
    ? {
        type: params.type,
        false_positive_probability: jsonFloat(params.fppMicro / MICRO),
        target_size: params.targetSize,
        seed: params.seed,
      }
    : { type: params.type }

/** `bloom{false_positive_probability: 0.05, target_size: 0, seed: 0}`. */
export const printHitSetParams = (params: HitSetParams): string =>
  params.type === 'bloom'
    ? `bloom{false_positive_probability: ${printGeneral(params.fppMicro / MICRO)}, ` +
      `target_size: ${params.targetSize}, seed: ${params.seed}}`
    : params.type
