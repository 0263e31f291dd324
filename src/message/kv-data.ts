import { byBytes } from '../base/ordered.ts'
import { messageCodec } from './codec.ts'

/**
 * Keys and values of the config-key store under a prefix, for a `kv:` subscription.
 *
 * Grammar: u64 version, string prefix, bool incremental, map string → optional blob.
 * Source: ceph src/messages/MKVData.h.
 */
export interface MKVData {
  readonly _tag: 'MKVData'
  readonly version: bigint
  readonly prefix: string
  /** False: everything there is; true: what has changed. */
  readonly incremental: boolean
  /** A key without a value was removed. */
  readonly data: ReadonlyMap<string, Buffer | undefined>
}

export const MKVData = messageCodec<MKVData>({
  name: 'MKVData',
  type: 54,
  version: 1,
  decode: (r) => ({
    _tag: 'MKVData',
    version: r.u64(),
    prefix: r.string(),
    incremental: r.bool(),
    data: r.map(r.string, (v) => v.optional((item) => item.blob())),
  }),
  encode: (w, m) => {
    w.u64(m.version)
    w.string(m.prefix)
    w.bool(m.incremental)
    w.map(
      m.data,
      byBytes,
      (k, key) => k.string(key),
      (v, value) => v.optional(value, (item, bytes) => item.blob(bytes)),
    )
  },
})
