import { decodeEversion, encodeEversion, type Eversion } from '../codec/type/eversion.ts'
import { decodePgId, encodePgId, type PgId } from '../codec/type/pg.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'
import { PRIORITY } from './raw.ts'

/**
 * A placement group that shall be merged into its parent is quiet, or is not going to be.
 *
 * Grammar: paxos prefix, pg_t, eversion source, eversion target, u32 last epoch started, u32 last epoch clean,
 *          bool ready.
 * Source: ceph src/messages/MOSDPGReadyToMerge.h.
 */
export interface MOSDPGReadyToMerge {
  readonly _tag: 'MOSDPGReadyToMerge'
  readonly version: bigint
  readonly pg: PgId
  readonly sourceVersion: Eversion
  readonly targetVersion: Eversion
  readonly lastEpochStarted: number
  readonly lastEpochClean: number
  readonly ready: boolean
}

export const MOSDPGReadyToMerge = messageCodec<MOSDPGReadyToMerge>({
  name: 'MOSDPGReadyToMerge',
  type: 122,
  version: 1,
  priority: PRIORITY.default,
  decode: (r) => ({
    _tag: 'MOSDPGReadyToMerge',
    version: decodePaxosPrefix(r),
    pg: decodePgId(r),
    sourceVersion: decodeEversion(r),
    targetVersion: decodeEversion(r),
    lastEpochStarted: r.u32(),
    lastEpochClean: r.u32(),
    ready: r.bool(),
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    encodePgId(w, m.pg)
    encodeEversion(w, m.sourceVersion)
    encodeEversion(w, m.targetVersion)
    w.u32(m.lastEpochStarted)
    w.u32(m.lastEpochClean)
    w.bool(m.ready)
  },
})
