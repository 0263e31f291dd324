import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'
import { PRIORITY } from './raw.ts'

/**
 * An OSD's own view of how full it is differs from the osdmap's.
 *
 * Grammar: paxos prefix, u32 map epoch, u32 state bits. Source: ceph src/messages/MOSDFull.h.
 */
export interface MOSDFull {
  readonly _tag: 'MOSDFull'
  readonly version: bigint
  readonly mapEpoch: number
  /** nearfull, backfillfull and full bits as in the osdmap's state. */
  readonly state: number
}

export const MOSDFull = messageCodec<MOSDFull>({
  name: 'MOSDFull',
  type: 75,
  version: 1,
  priority: PRIORITY.default,
  decode: (r) => ({
    _tag: 'MOSDFull',
    version: decodePaxosPrefix(r),
    mapEpoch: r.u32(),
    state: r.u32(),
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    w.u32(m.mapEpoch)
    w.u32(m.state)
  },
})
