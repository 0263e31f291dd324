import { decodeOpaque } from '../codec/opaque.ts'
import type { Reader } from '../codec/reader.ts'
import { decodeShardPgId, encodeShardPgId, type ShardPgId } from '../codec/type/pg.ts'
import { decodeUtime, encodeUtime, type Utime } from '../codec/type/utime.ts'
import type { Writer } from '../codec/writer.ts'
import { messageCodec } from './codec.ts'

/** A placement group to create. */
export interface PgToCreate {
  readonly pg: ShardPgId
  readonly createdEpoch: number
  readonly createdStamp: Utime
  /** An encoded pg_history_t. */
  readonly history: Buffer
  /** An encoded PastIntervals. */
  readonly pastIntervals: Buffer
}

/**
 * Placement groups that the receiver shall create.
 *
 * Grammar: u32 epoch, map spg_t → { u32 created epoch, utime created },
 *          map spg_t → { pg_history_t, PastIntervals }. Both maps have the same keys.
 * Source: ceph src/messages/MOSDPGCreate2.h.
 */
export interface MOSDPGCreate2 {
  readonly _tag: 'MOSDPGCreate2'
  readonly epoch: number
  /** In the order of the placement groups. */
  readonly pgs: readonly PgToCreate[]
}

type Creation = Pick<PgToCreate, 'pg' | 'createdEpoch' | 'createdStamp'>
type Extra = Pick<PgToCreate, 'pg' | 'history' | 'pastIntervals'>

const decodeCreation = (r: Reader): Creation => ({
  pg: decodeShardPgId(r),
  createdEpoch: r.u32(),
  createdStamp: decodeUtime(r),
})

const decodeExtra = (r: Reader): Extra => ({
  pg: decodeShardPgId(r),
  history: decodeOpaque(r),
  pastIntervals: decodeOpaque(r),
})

const encodeCreation = (w: Writer, creation: Creation): void => {
  encodeShardPgId(w, creation.pg)
  w.u32(creation.createdEpoch)
  encodeUtime(w, creation.createdStamp)
}

const encodeExtra = (w: Writer, extra: Extra): void => {
  encodeShardPgId(w, extra.pg)
  w.raw(extra.history)
  w.raw(extra.pastIntervals)
}

const NO_EXTRA: Omit<Extra, 'pg'> = { history: Buffer.alloc(0), pastIntervals: Buffer.alloc(0) }

const isSamePg = (a: ShardPgId, b: ShardPgId): boolean =>
  a.pool === b.pool && a.seed === b.seed && a.shard === b.shard

export const MOSDPGCreate2 = messageCodec<MOSDPGCreate2>({
  name: 'MOSDPGCreate2',
  type: 120,
  version: 2,
  compat: 1,
  decode: (r) => {
    const epoch = r.u32()
    const creations = r.array(decodeCreation)
    const extras = r.array(decodeExtra)
    const pgs = creations.map((creation, i): PgToCreate => {
      const extra = extras[i]
      if (extra === undefined || !isSamePg(creation.pg, extra.pg))
        r.bad('MOSDPGCreate2 whose maps differ in their keys')
      return { ...NO_EXTRA, ...extra, ...creation }
    })
    return { _tag: 'MOSDPGCreate2', epoch, pgs }
  },
  encode: (w, m) => {
    w.u32(m.epoch)
    w.array(m.pgs, encodeCreation)
    w.array(m.pgs, encodeExtra)
  },
})
