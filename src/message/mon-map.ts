import { messageCodec } from './codec.ts'

/** The monitor map, encoded. Grammar: blob. Source: ceph src/messages/MMonMap.h. */
export interface MMonMap {
  readonly _tag: 'MMonMap'
  readonly monmapBytes: Buffer
}

export const MMonMap = messageCodec<MMonMap>({
  name: 'MMonMap',
  type: 4,
  version: 1,
  decode: (r) => ({ _tag: 'MMonMap', monmapBytes: r.blob() }),
  encode: (w, m) => w.blob(m.monmapBytes),
})
