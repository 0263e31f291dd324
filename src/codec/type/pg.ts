/**
 * Names of placement groups: pg_t, and spg_t for one shard of it.
 *
 * Grammar: pg_t = u8 1, u64 pool, u32 seed, i32 -1; spg_t = versioned 1/1 { pg_t, i8 shard }.
 * Source: ceph src/osd/osd_types.h pg_t, spg_t.
 */
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface PgId {
  readonly pool: bigint
  readonly seed: number
}

export interface ShardPgId extends PgId {
  /** -1 in a replicated pool. */
  readonly shard: number
}

const PG_V = 1
// The preferred OSD, gone since Luminous.
const NO_PREFERRED = -1

export const decodePgId = (r: Reader): PgId => {
  const structV = r.u8()
  if (!r.failed && structV !== PG_V) r.bad(`pg_t version ${structV}`)
  const pg = { pool: r.u64(), seed: r.u32() }
  r.i32()
  return pg
}

export const encodePgId = (w: Writer, pg: PgId): void => {
  w.u8(PG_V)
  w.u64(pg.pool)
  w.u32(pg.seed)
  w.i32(NO_PREFERRED)
}

export const decodeShardPgId = (r: Reader): ShardPgId =>
  r.versioned(1, () => ({ ...decodePgId(r), shard: r.i8() }))

export const encodeShardPgId = (w: Writer, pg: ShardPgId): void =>
  w.versioned(1, 1, () => {
    encodePgId(w, pg)
    w.i8(pg.shard)
  })

/** `3.1f`: pool in decimal, seed in hexadecimal. */
export const printPgId = (pg: PgId): string => `${pg.pool}.${pg.seed.toString(16)}`

/** Order of std::map keyed by pg_t: pool, then seed. */
export const comparePgId = (a: PgId, b: PgId): number =>
  a.pool < b.pool ? -1 : a.pool > b.pool ? 1 : a.seed - b.seed
