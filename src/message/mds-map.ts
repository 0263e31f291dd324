import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import { messageCodec } from './codec.ts'

/**
 * The map of one file system, encoded.
 *
 * Grammar: uuid fsid, u32 epoch, blob, string file system's name. Source: ceph src/messages/MMDSMap.h.
 */
export interface MMDSMap {
  readonly _tag: 'MMDSMap'
  readonly fsid: string
  readonly epoch: number
  readonly mdsmapBytes: Buffer
  readonly fsName: string
}

export const MMDSMap = messageCodec<MMDSMap>({
  name: 'MMDSMap',
  type: 21,
  version: 2,
  compat: 1,
  decode: (r) => ({
    _tag: 'MMDSMap',
    fsid: decodeUuid(r),
    epoch: r.u32(),
    mdsmapBytes: r.blob(),
    fsName: r.string(),
  }),
  encode: (w, m) => {
    encodeUuid(w, m.fsid)
    w.u32(m.epoch)
    w.blob(m.mdsmapBytes)
    w.string(m.fsName)
  },
})
