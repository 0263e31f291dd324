import { decodeServiceMap, encodeServiceMap, type ServiceMap } from '../map/service-map.ts'
import { messageCodec } from './codec.ts'

/** Daemons of services besides Ceph's own. Grammar: ServiceMap. Source: ceph src/messages/MServiceMap.h. */
export interface MServiceMap {
  readonly _tag: 'MServiceMap'
  readonly serviceMap: ServiceMap
}

export const MServiceMap = messageCodec<MServiceMap>({
  name: 'MServiceMap',
  type: 0x707,
  version: 1,
  decode: (r) => ({ _tag: 'MServiceMap', serviceMap: decodeServiceMap(r) }),
  encode: (w, m) => encodeServiceMap(w, m.serviceMap),
})
