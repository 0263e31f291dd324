import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'
import { PRIORITY } from './raw.ts'

/**
 * A step of authentication outside the handshake: renewal of tickets and of rotating secrets.
 *
 * Grammar: paxos prefix, u32 protocol, blob payload, u32 monmap epoch (absent from the oldest senders).
 * Source: ceph src/messages/MAuth.h.
 */
export interface MAuth {
  readonly _tag: 'MAuth'
  readonly version: bigint
  /** 2 cephx. */
  readonly protocol: number
  readonly payload: Buffer
  readonly monmapEpoch: number
}

export const MAuth = messageCodec<MAuth>({
  name: 'MAuth',
  type: 17,
  version: 1,
  priority: PRIORITY.default,
  decode: (r) => ({
    _tag: 'MAuth',
    version: decodePaxosPrefix(r),
    protocol: r.u32(),
    payload: r.blob(),
    monmapEpoch: r.remaining > 0 ? r.u32() : 0,
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    w.u32(m.protocol)
    w.blob(m.payload)
    w.u32(m.monmapEpoch)
  },
})

/**
 * Grammar: u32 protocol, i32 result, u64 global id, blob payload, string text.
 * Source: ceph src/messages/MAuthReply.h.
 */
export interface MAuthReply {
  readonly _tag: 'MAuthReply'
  readonly protocol: number
  /** 0 or a negative errno. */
  readonly result: number
  readonly globalId: bigint
  readonly payload: Buffer
  readonly text: string
}

export const MAuthReply = messageCodec<MAuthReply>({
  name: 'MAuthReply',
  type: 18,
  version: 1,
  decode: (r) => ({
    _tag: 'MAuthReply',
    protocol: r.u32(),
    result: r.i32(),
    globalId: r.u64(),
    payload: r.blob(),
    text: r.string(),
  }),
  encode: (w, m) => {
    w.u32(m.protocol)
    w.i32(m.result)
    w.u64(m.globalId)
    w.blob(m.payload)
    w.string(m.text)
  },
})
