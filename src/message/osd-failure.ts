import { decodeEntityAddrvec, encodeEntityAddrvec, type EntityAddrvec } from '../codec/type/entity-addr.ts'
import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'
import { PRIORITY } from './raw.ts'

/** Bits of `flags`; without FAILED the report takes an earlier one back. Source: ceph src/messages/MOSDFailure.h. */
export const OSD_FAILURE = { FAILED: 1, IMMEDIATE: 2 } as const

/**
 * An OSD reports that another one does not answer.
 *
 * Grammar: paxos prefix, uuid fsid, i32 target, entity_addrvec_t, u32 epoch, u8 flags, i32 failed for.
 * Source: ceph src/messages/MOSDFailure.h.
 */
export interface MOSDFailure {
  readonly _tag: 'MOSDFailure'
  readonly version: bigint
  readonly fsid: string
  readonly targetOsd: number
  readonly targetAddrs: EntityAddrvec
  readonly epoch: number
  /** See OSD_FAILURE. */
  readonly flags: number
  readonly failedForSeconds: number
}

export const MOSDFailure = messageCodec<MOSDFailure>({
  name: 'MOSDFailure',
  type: 72,
  version: 4,
  priority: PRIORITY.default,
  decode: (r) => ({
    _tag: 'MOSDFailure',
    version: decodePaxosPrefix(r),
    fsid: decodeUuid(r),
    targetOsd: r.i32(),
    targetAddrs: decodeEntityAddrvec(r),
    epoch: r.u32(),
    flags: r.u8(),
    failedForSeconds: r.i32(),
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    encodeUuid(w, m.fsid)
    w.i32(m.targetOsd)
    encodeEntityAddrvec(w, m.targetAddrs)
    w.u32(m.epoch)
    w.u8(m.flags)
    w.i32(m.failedForSeconds)
  },
})
