import { decodeEntityAddrvec, encodeEntityAddrvec, type EntityAddrvec } from '../codec/type/entity-addr.ts'
import { decodeStringMap, encodeStringMap, type StringMap } from '../codec/type/string-map.ts'
import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'

/**
 * A monitor asks to be put into the monmap, or to have its address there corrected.
 *
 * Grammar: paxos prefix, uuid fsid, string name, entity_addrvec_t, map string → string location, bool force location.
 * Source: ceph src/messages/MMonJoin.h.
 */
export interface MMonJoin {
  readonly _tag: 'MMonJoin'
  readonly version: bigint
  readonly fsid: string
  readonly name: string
  readonly addrs: EntityAddrvec
  readonly crushLoc: StringMap
  readonly forceLoc: boolean
}

export const MMonJoin = messageCodec<MMonJoin>({
  name: 'MMonJoin',
  type: 68,
  version: 3,
  compat: 2,
  decode: (r) => ({
    _tag: 'MMonJoin',
    version: decodePaxosPrefix(r),
    fsid: decodeUuid(r),
    name: r.string(),
    addrs: decodeEntityAddrvec(r),
    crushLoc: decodeStringMap(r),
    forceLoc: r.bool(),
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    encodeUuid(w, m.fsid)
    w.string(m.name)
    encodeEntityAddrvec(w, m.addrs)
    encodeStringMap(w, m.crushLoc)
    w.bool(m.forceLoc)
  },
})
