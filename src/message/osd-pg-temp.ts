import type { Reader } from '../codec/reader.ts'
import { decodePgId, encodePgId, type PgId } from '../codec/type/pg.ts'
import type { Writer } from '../codec/writer.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'
import { PRIORITY } from './raw.ts'

/** The OSDs that shall act for a placement group until it is backfilled; none to end that. */
export type PgTempEntry = readonly [pg: PgId, osds: readonly number[]]

/**
 * A primary asks for other acting sets than CRUSH gives.
 *
 * Grammar: paxos prefix, u32 map epoch, map pg_t → array of i32, bool forced (version 2).
 * Source: ceph src/messages/MOSDPGTemp.h.
 */
export interface MOSDPGTemp {
  readonly _tag: 'MOSDPGTemp'
  readonly version: bigint
  readonly mapEpoch: number
  /** In the order of the placement groups. */
  readonly pgTemp: readonly PgTempEntry[]
  readonly forced: boolean
}

const decodeEntry = (r: Reader): PgTempEntry => [decodePgId(r), r.array(r.i32)]

const encodeEntry = (w: Writer, [pg, osds]: PgTempEntry): void => {
  encodePgId(w, pg)
  w.array(osds, (item, osd) => item.i32(osd))
}

export const MOSDPGTemp = messageCodec<MOSDPGTemp>({
  name: 'MOSDPGTemp',
  type: 78,
  version: 2,
  compat: 1,
  oldest: 1,
  priority: PRIORITY.default,
  decode: (r, { version }) => ({
    _tag: 'MOSDPGTemp',
    version: decodePaxosPrefix(r),
    mapEpoch: r.u32(),
    pgTemp: r.array(decodeEntry),
    forced: version >= 2 && r.bool(),
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    w.u32(m.mapEpoch)
    w.array(m.pgTemp, encodeEntry)
    w.bool(m.forced)
  },
})
