import { byBytes } from '../base/ordered.ts'
import type { Reader } from '../codec/reader.ts'
import type { Writer } from '../codec/writer.ts'
import { messageCodec } from './codec.ts'

/** Wire constants. Source: ceph src/messages/MMonScrub.h op_type_t. */
export const SCRUB_OP = { SCRUB: 1, RESULT: 2 } as const

/** Per prefix of the store: crc32c over the values, seed 0, and how many keys. Source: ceph src/mon/mon_types.h ScrubResult. */
export interface ScrubResult {
  readonly prefixCrc: ReadonlyMap<string, number>
  readonly prefixKeys: ReadonlyMap<string, bigint>
}

export const EMPTY_SCRUB_RESULT: ScrubResult = { prefixCrc: new Map(), prefixKeys: new Map() }

/**
 * The leader asks what a stretch of the store looks like, and the peons answer, so that stores can be compared.
 *
 * Grammar: u8 op, u64 version, ScrubResult versioned 1/1 { map string → u32, map string → u64 }, i32 key count,
 *          string last prefix, string last key.
 * Source: ceph src/messages/MMonScrub.h.
 */
export interface MMonScrub {
  readonly _tag: 'MMonScrub'
  /** See SCRUB_OP. */
  readonly op: number
  /** Paxos version at which the store is looked at. */
  readonly version: bigint
  readonly result: ScrubResult
  /** How many keys to look at; -1 for all. */
  readonly keyCount: number
  /** The stretch starts after this key; both empty for the beginning. */
  readonly lastKey: readonly [prefix: string, key: string]
}

const decodeResult = (r: Reader): ScrubResult =>
  r.versioned(1, () => ({
    prefixCrc: r.map(r.string, r.u32),
    prefixKeys: r.map(r.string, r.u64),
  }))

const encodeResult = (w: Writer, result: ScrubResult): void =>
  w.versioned(1, 1, () => {
    w.map(
      result.prefixCrc,
      byBytes,
      (k, prefix) => k.string(prefix),
      (v, crc) => v.u32(crc),
    )
    w.map(
      result.prefixKeys,
      byBytes,
      (k, prefix) => k.string(prefix),
      (v, count) => v.u64(count),
    )
  })

export const MMonScrub = messageCodec<MMonScrub>({
  name: 'MMonScrub',
  type: 64,
  version: 2,
  decode: (r) => ({
    _tag: 'MMonScrub',
    op: r.u8(),
    version: r.u64(),
    result: decodeResult(r),
    keyCount: r.i32(),
    lastKey: [r.string(), r.string()],
  }),
  encode: (w, m) => {
    w.u8(m.op)
    w.u64(m.version)
    encodeResult(w, m.result)
    w.i32(m.keyCount)
    w.string(m.lastKey[0])
    w.string(m.lastKey[1])
  },
})
