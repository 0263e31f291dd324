import { byBytes } from '../base/ordered.ts'
import type { Reader } from '../codec/reader.ts'
import type { Writer } from '../codec/writer.ts'
import { messageCodec } from './codec.ts'
import { PRIORITY } from './raw.ts'

/** One wish: from which epoch on, and whether the first answer fulfils it. */
export interface SubscribeItem {
  /** The next epoch wanted; 0 for whatever is newest. */
  readonly start: bigint
  readonly onetime: boolean
}

/**
 * The maps and streams that the sender wants to be kept informed of; adds to what it asked for before.
 *
 * Grammar: map string → { u64 start, u8 flags }, string hostname (version 3).
 * Source: ceph src/messages/MMonSubscribe.h; src/include/ceph_fs.h ceph_mon_subscribe_item.
 */
export interface MMonSubscribe {
  readonly _tag: 'MMonSubscribe'
  readonly what: ReadonlyMap<string, SubscribeItem>
  readonly hostname: string
}

const CEPH_SUBSCRIBE_ONETIME = 1

const decodeItem = (r: Reader): SubscribeItem => ({
  start: r.u64(),
  onetime: (r.u8() & CEPH_SUBSCRIBE_ONETIME) !== 0,
})

const encodeItem = (w: Writer, item: SubscribeItem): void => {
  w.u64(item.start)
  w.u8(item.onetime ? CEPH_SUBSCRIBE_ONETIME : 0)
}

export const MMonSubscribe = messageCodec<MMonSubscribe>({
  name: 'MMonSubscribe',
  type: 15,
  version: 3,
  compat: 1,
  oldest: 2,
  priority: PRIORITY.default,
  decode: (r, { version }) => ({
    _tag: 'MMonSubscribe',
    what: r.map(r.string, decodeItem),
    hostname: version >= 3 ? r.string() : '',
  }),
  encode: (w, m) => {
    w.map(m.what, byBytes, (k, name) => k.string(name), encodeItem)
    w.string(m.hostname)
  },
})
