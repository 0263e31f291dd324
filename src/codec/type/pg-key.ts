/** A placement group's name as a key of a JavaScript map: one bigint that sorts as std::map sorts pg_t. */
import { byBigint } from '../../base/ordered.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'
import { decodePgId, encodePgId, type PgId, printPgId } from './pg.ts'

declare const brand: unique symbol
export type PgKey = bigint & { readonly [brand]: 'PgKey' }

const SEED_BITS = 32n
const SEED_MASK = 0xffff_ffffn

/** Shape: pool × 2³² + seed. */
export const pgKey = (pg: PgId): PgKey => ((pg.pool << SEED_BITS) | BigInt(pg.seed)) as PgKey

/** Inverse of `pgKey`. */
export const pgOfKey = (key: PgKey): PgId => ({ pool: key >> SEED_BITS, seed: Number(key & SEED_MASK) })

export const poolOfPgKey = (key: PgKey): bigint => key >> SEED_BITS
export const byPgKey = (a: PgKey, b: PgKey): number => byBigint(a, b)

export const decodePgKey = (r: Reader): PgKey => pgKey(decodePgId(r))
export const encodePgKey = (w: Writer, key: PgKey): void => encodePgId(w, pgOfKey(key))

/** `3.1f`. */
export const printPgKey = (key: PgKey): string => printPgId(pgOfKey(key))

/** Inverse of `printPgKey`; undefined when the text is none. Source: ceph src/osd/osd_types.cc pg_t::parse. */
export const parsePgKey = (text: string): PgKey | undefined => {
  const match = /^(\d{1,19})\.([0-9a-f]{1,8})$/.exec(text)
  return match === null
    ? undefined
    : pgKey({ pool: BigInt(match[1] ?? 0), seed: parseInt(match[2] ?? '', 16) })
}
