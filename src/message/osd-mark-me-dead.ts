import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'
import { PRIORITY } from './raw.ts'

/**
 * An OSD that is down will not serve reads of that epoch any more.
 *
 * Grammar: paxos prefix, uuid fsid, i32 target, u32 epoch. Source: ceph src/messages/MOSDMarkMeDead.h.
 */
export interface MOSDMarkMeDead {
  readonly _tag: 'MOSDMarkMeDead'
  readonly version: bigint
  readonly fsid: string
  readonly targetOsd: number
  readonly epoch: number
}

export const MOSDMarkMeDead = messageCodec<MOSDMarkMeDead>({
  name: 'MOSDMarkMeDead',
  type: 123,
  version: 1,
  priority: PRIORITY.default,
  decode: (r) => ({
    _tag: 'MOSDMarkMeDead',
    version: decodePaxosPrefix(r),
    fsid: decodeUuid(r),
    targetOsd: r.i32(),
    epoch: r.u32(),
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    encodeUuid(w, m.fsid)
    w.i32(m.targetOsd)
    w.u32(m.epoch)
  },
})
