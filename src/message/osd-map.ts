import { byNumber } from '../base/ordered.ts'
import type { Reader } from '../codec/reader.ts'
import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import type { Writer } from '../codec/writer.ts'
import { messageCodec } from './codec.ts'

/** Epoch to encoded map. */
type EncodedMaps = ReadonlyMap<number, Buffer>

/**
 * Osdmaps, full and incremental, and the range of epochs that there is.
 *
 * Grammar: uuid fsid, map u32 → blob incrementals, map u32 → blob fulls, u32 oldest, u32 newest, u32 0.
 * Source: ceph src/messages/MOSDMap.h.
 */
export interface MOSDMap {
  readonly _tag: 'MOSDMap'
  readonly fsid: string
  readonly incrementals: EncodedMaps
  readonly fulls: EncodedMaps
  readonly oldest: number
  readonly newest: number
}

// The count of a map of removed snapshots that left with Octopus.
const NO_GAP_REMOVED_SNAPS = 0

const decodeMaps = (r: Reader): EncodedMaps => r.map(r.u32, r.blob)

const encodeMaps = (w: Writer, maps: EncodedMaps): void =>
  w.map(
    maps,
    byNumber,
    (k, epoch) => k.u32(epoch),
    (v, bytes) => v.blob(bytes),
  )

export const MOSDMap = messageCodec<MOSDMap>({
  name: 'MOSDMap',
  type: 41,
  version: 4,
  compat: 3,
  oldest: 3,
  decode: (r) => ({
    _tag: 'MOSDMap',
    fsid: decodeUuid(r),
    incrementals: decodeMaps(r),
    fulls: decodeMaps(r),
    oldest: r.u32(),
    newest: r.u32(),
  }),
  encode: (w, m) => {
    encodeUuid(w, m.fsid)
    encodeMaps(w, m.incrementals)
    encodeMaps(w, m.fulls)
    w.u32(m.oldest)
    w.u32(m.newest)
    w.u32(NO_GAP_REMOVED_SNAPS)
  },
})
