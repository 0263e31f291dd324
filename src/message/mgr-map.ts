import { decodeMgrMap, encodeMgrMap, type MgrMap } from '../map/mgr-map/mgr-map.ts'
import { messageCodec } from './codec.ts'

/** The managers. Grammar: MgrMap. Source: ceph src/messages/MMgrMap.h. */
export interface MMgrMap {
  readonly _tag: 'MMgrMap'
  readonly map: MgrMap
}

export const MMgrMap = messageCodec<MMgrMap>({
  name: 'MMgrMap',
  type: 0x704,
  version: 1,
  decode: (r) => ({ _tag: 'MMgrMap', map: decodeMgrMap(r) }),
  encode: (w, m) => encodeMgrMap(w, m.map),
})
