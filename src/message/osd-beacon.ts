import { decodePgId, encodePgId, type PgId } from '../codec/type/pg.ts'
import { decodeUtime, encodeUtime, type Utime, UTIME_ZERO } from '../codec/type/utime.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'
import { PRIORITY } from './raw.ts'

/**
 * An OSD is alive, and how far back its placement groups need old osdmaps.
 *
 * Grammar: paxos prefix, array of pg_t, u32 min last epoch clean, utime last purged snaps scrub (version 2),
 *          i32 report interval (version 3).
 * Source: ceph src/messages/MOSDBeacon.h.
 */
export interface MOSDBeacon {
  readonly _tag: 'MOSDBeacon'
  /** The osdmap epoch that the sender has. */
  readonly version: bigint
  readonly pgs: readonly PgId[]
  readonly minLastEpochClean: number
  readonly lastPurgedSnapsScrub: Utime
  /** 0 from an OSD that does not say. */
  readonly reportIntervalSeconds: number
}

export const MOSDBeacon = messageCodec<MOSDBeacon>({
  name: 'MOSDBeacon',
  type: 79,
  version: 3,
  compat: 1,
  oldest: 1,
  priority: PRIORITY.default,
  decode: (r, { version }) => ({
    _tag: 'MOSDBeacon',
    version: decodePaxosPrefix(r),
    pgs: r.array(decodePgId),
    minLastEpochClean: r.u32(),
    lastPurgedSnapsScrub: version >= 2 ? decodeUtime(r) : UTIME_ZERO,
    reportIntervalSeconds: version >= 3 ? r.i32() : 0,
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    w.array(m.pgs, encodePgId)
    w.u32(m.minLastEpochClean)
    encodeUtime(w, m.lastPurgedSnapsScrub)
    w.i32(m.reportIntervalSeconds)
  },
})
