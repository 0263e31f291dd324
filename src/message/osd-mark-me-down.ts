import { decodeEntityAddrvec, encodeEntityAddrvec, type EntityAddrvec } from '../codec/type/entity-addr.ts'
import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'

/**
 * An OSD that stops asks to be marked down, and waits for the same message back.
 *
 * Grammar: paxos prefix, uuid fsid, i32 target, entity_addrvec_t, u32 epoch, bool request ack,
 *          bool down and dead (version 4).
 * Source: ceph src/messages/MOSDMarkMeDown.h; version 4 is what 16.2.15 sends.
 */
export interface MOSDMarkMeDown {
  readonly _tag: 'MOSDMarkMeDown'
  readonly version: bigint
  readonly fsid: string
  readonly targetOsd: number
  readonly targetAddrs: EntityAddrvec
  readonly epoch: number
  /** False in the answer. */
  readonly requestAck: boolean
  readonly downAndDead: boolean
}

export const MOSDMarkMeDown = messageCodec<MOSDMarkMeDown>({
  name: 'MOSDMarkMeDown',
  type: 74,
  version: 4,
  compat: 3,
  oldest: 3,
  decode: (r, { version }) => ({
    _tag: 'MOSDMarkMeDown',
    version: decodePaxosPrefix(r),
    fsid: decodeUuid(r),
    targetOsd: r.i32(),
    targetAddrs: decodeEntityAddrvec(r),
    epoch: r.u32(),
    requestAck: r.bool(),
    downAndDead: version >= 4 && r.bool(),
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    encodeUuid(w, m.fsid)
    w.i32(m.targetOsd)
    encodeEntityAddrvec(w, m.targetAddrs)
    w.u32(m.epoch)
    w.bool(m.requestAck)
    w.bool(m.downAndDead)
  },
})
