import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'
import { PRIORITY } from './raw.ts'

/**
 * Asks for ranges of full and incremental osdmaps; answered by MOSDMap.
 *
 * Grammar: paxos prefix, u32 full first, u32 full last, u32 incremental first, u32 incremental last.
 * Units: epochs; 0 and 0 for no range. Source: ceph src/messages/MMonGetOSDMap.h.
 */
export interface MMonGetOSDMap {
  readonly _tag: 'MMonGetOSDMap'
  readonly version: bigint
  readonly fullFirst: number
  readonly fullLast: number
  readonly incFirst: number
  readonly incLast: number
}

export const MMonGetOSDMap = messageCodec<MMonGetOSDMap>({
  name: 'MMonGetOSDMap',
  type: 6,
  version: 1,
  priority: PRIORITY.default,
  decode: (r) => ({
    _tag: 'MMonGetOSDMap',
    version: decodePaxosPrefix(r),
    fullFirst: r.u32(),
    fullLast: r.u32(),
    incFirst: r.u32(),
    incLast: r.u32(),
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    w.u32(m.fullFirst)
    w.u32(m.fullLast)
    w.u32(m.incFirst)
    w.u32(m.incLast)
  },
})
