import { decodeEntityAddrvec, encodeEntityAddrvec, type EntityAddrvec } from '../codec/type/entity-addr.ts'
import { decodeStringMap, encodeStringMap, type StringMap } from '../codec/type/string-map.ts'
import { decodeOsdSuperblock, encodeOsdSuperblock, type OsdSuperblock } from '../map/osd-superblock.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'
import { PRIORITY } from './raw.ts'

/**
 * An OSD has started and wants to be up.
 *
 * Grammar: paxos prefix, OSDSuperblock, entity_addrvec_t heartbeat back, entity_addrvec_t cluster, u32 boot epoch,
 *          entity_addrvec_t heartbeat front, map string → string metadata, u64 features.
 * Source: ceph src/messages/MOSDBoot.h.
 */
export interface MOSDBoot {
  readonly _tag: 'MOSDBoot'
  /** The osdmap epoch that the sender has. */
  readonly version: bigint
  readonly superblock: OsdSuperblock
  readonly hbBackAddrs: EntityAddrvec
  readonly clusterAddrs: EntityAddrvec
  /** Last epoch in which it was up; 0 for never in this process. */
  readonly bootEpoch: number
  readonly hbFrontAddrs: EntityAddrvec
  readonly metadata: StringMap
  readonly osdFeatures: bigint
}

export const MOSDBoot = messageCodec<MOSDBoot>({
  name: 'MOSDBoot',
  type: 71,
  version: 7,
  priority: PRIORITY.default,
  decode: (r) => ({
    _tag: 'MOSDBoot',
    version: decodePaxosPrefix(r),
    superblock: decodeOsdSuperblock(r),
    hbBackAddrs: decodeEntityAddrvec(r),
    clusterAddrs: decodeEntityAddrvec(r),
    bootEpoch: r.u32(),
    hbFrontAddrs: decodeEntityAddrvec(r),
    metadata: decodeStringMap(r),
    osdFeatures: r.u64(),
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    encodeOsdSuperblock(w, m.superblock)
    encodeEntityAddrvec(w, m.hbBackAddrs)
    encodeEntityAddrvec(w, m.clusterAddrs)
    w.u32(m.bootEpoch)
    encodeEntityAddrvec(w, m.hbFrontAddrs)
    encodeStringMap(w, m.metadata)
    w.u64(m.osdFeatures)
  },
})
