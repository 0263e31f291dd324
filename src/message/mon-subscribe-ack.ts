import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import { messageCodec } from './codec.ts'

/**
 * Tells a client without stateful subscriptions how often to renew them; nobody since Jewel needs it.
 *
 * Grammar: u32 interval, uuid fsid. Units: seconds. Source: ceph src/messages/MMonSubscribeAck.h.
 */
export interface MMonSubscribeAck {
  readonly _tag: 'MMonSubscribeAck'
  readonly intervalSeconds: number
  readonly fsid: string
}

export const MMonSubscribeAck = messageCodec<MMonSubscribeAck>({
  name: 'MMonSubscribeAck',
  type: 16,
  version: 1,
  decode: (r) => ({ _tag: 'MMonSubscribeAck', intervalSeconds: r.u32(), fsid: decodeUuid(r) }),
  encode: (w, m) => {
    w.u32(m.intervalSeconds)
    encodeUuid(w, m.fsid)
  },
})
