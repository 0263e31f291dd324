import {
  decodeEntityAddr,
  decodeEntityAddrvec,
  encodeEntityAddr,
  encodeEntityAddrvec,
  type EntityAddr,
  type EntityAddrvec,
} from '../codec/type/entity-addr.ts'
import { decodeEntityName, encodeEntityName, type EntityName } from '../codec/type/entity-name.ts'
import { messageCodec } from './codec.ts'
import { decodeEmbedded, encodeEmbedded, type EmbeddedMessage } from './embedded.ts'

/**
 * A peon hands a client's request to the leader, with everything that the leader must know of the client.
 *
 * Grammar: u64 tid, u8 client type, entity_addrvec_t client, entity_addr_t socket, MonCap versioned 4/4 { string },
 *          embedded message, u64 features of the client's connection, EntityName.
 * Source: ceph src/messages/MForward.h; src/mon/MonCap.cc MonCap::encode.
 */
export interface MForward {
  readonly _tag: 'MForward'
  /** The peon's number of this request; MRoute repeats it. */
  readonly tid: bigint
  readonly clientType: number
  readonly clientAddrs: EntityAddrvec
  readonly clientSocketAddr: EntityAddr
  /** Text of the client's monitor capability. */
  readonly clientCaps: string
  readonly embedded: EmbeddedMessage
  readonly conFeatures: bigint
  readonly entityName: EntityName
}

const MON_CAP_V = 4

export const MForward = messageCodec<MForward>({
  name: 'MForward',
  type: 46,
  version: 4,
  decode: (r) => ({
    _tag: 'MForward',
    tid: r.u64(),
    clientType: r.u8(),
    clientAddrs: decodeEntityAddrvec(r),
    clientSocketAddr: decodeEntityAddr(r),
    clientCaps: r.versioned(MON_CAP_V, () => r.string()),
    embedded: decodeEmbedded(r),
    conFeatures: r.u64(),
    entityName: decodeEntityName(r),
  }),
  encode: (w, m) => {
    w.u64(m.tid)
    w.u8(m.clientType)
    encodeEntityAddrvec(w, m.clientAddrs)
    encodeEntityAddr(w, m.clientSocketAddr)
    w.versioned(MON_CAP_V, MON_CAP_V, () => w.string(m.clientCaps))
    encodeEmbedded(w, m.embedded)
    w.u64(m.conFeatures)
    encodeEntityName(w, m.entityName)
  },
})
