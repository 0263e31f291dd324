import { messageCodec } from './codec.ts'
import { PRIORITY } from './raw.ts'

/**
 * Asks how new a map is; answered by MMonGetVersionReply with the same handle.
 *
 * Grammar: u64 handle, string what. Source: ceph src/messages/MMonGetVersion.h.
 */
export interface MMonGetVersion {
  readonly _tag: 'MMonGetVersion'
  readonly handle: bigint
  /** `osdmap`, `mdsmap`, `fsmap` or `monmap`. */
  readonly what: string
}

export const MMonGetVersion = messageCodec<MMonGetVersion>({
  name: 'MMonGetVersion',
  type: 19,
  version: 1,
  priority: PRIORITY.default,
  decode: (r) => ({ _tag: 'MMonGetVersion', handle: r.u64(), what: r.string() }),
  encode: (w, m) => {
    w.u64(m.handle)
    w.string(m.what)
  },
})

/** Grammar: u64 handle, u64 version, u64 oldest. Source: ceph src/messages/MMonGetVersionReply.h. */
export interface MMonGetVersionReply {
  readonly _tag: 'MMonGetVersionReply'
  readonly handle: bigint
  readonly version: bigint
  readonly oldestVersion: bigint
}

export const MMonGetVersionReply = messageCodec<MMonGetVersionReply>({
  name: 'MMonGetVersionReply',
  type: 20,
  version: 2,
  decode: (r) => ({
    _tag: 'MMonGetVersionReply',
    handle: r.u64(),
    version: r.u64(),
    oldestVersion: r.u64(),
  }),
  encode: (w, m) => {
    w.u64(m.handle)
    w.u64(m.version)
    w.u64(m.oldestVersion)
  },
})
