import { messageCodec } from './codec.ts'

/** All file systems and their daemons. Grammar: u32 epoch, FSMap. Source: ceph src/messages/MFSMap.h. */
export interface MFSMap {
  readonly _tag: 'MFSMap'
  readonly epoch: number
  /** An encoded FSMap. */
  readonly fsmapBytes: Buffer
}

export const MFSMap = messageCodec<MFSMap>({
  name: 'MFSMap',
  type: 45,
  version: 1,
  decode: (r) => ({ _tag: 'MFSMap', epoch: r.u32(), fsmapBytes: r.rest() }),
  encode: (w, m) => {
    w.u32(m.epoch)
    w.raw(m.fsmapBytes)
  },
})
