import { decodeEntityName, encodeEntityName, type EntityName } from '../codec/type/entity-name.ts'
import { decodeStringMap, encodeStringMap, type StringMap } from '../codec/type/string-map.ts'
import { messageCodec } from './codec.ts'
import { PRIORITY } from './raw.ts'

/** The options that the cluster sets for the receiver. Grammar: map string → string. Source: ceph src/messages/MConfig.h. */
export interface MConfig {
  readonly _tag: 'MConfig'
  readonly config: StringMap
}

export const MConfig = messageCodec<MConfig>({
  name: 'MConfig',
  type: 62,
  version: 1,
  decode: (r) => ({
    _tag: 'MConfig',
    config: decodeStringMap(r),
  }),
  encode: (w, m) => encodeStringMap(w, m.config),
})

/**
 * Asks once for the options of an entity; answered by MConfig.
 *
 * Grammar: EntityName, string host, string device class. Source: ceph src/messages/MGetConfig.h.
 */
export interface MGetConfig {
  readonly _tag: 'MGetConfig'
  readonly name: EntityName
  readonly host: string
  readonly deviceClass: string
}

export const MGetConfig = messageCodec<MGetConfig>({
  name: 'MGetConfig',
  type: 63,
  version: 1,
  priority: PRIORITY.default,
  decode: (r) => ({
    _tag: 'MGetConfig',
    name: decodeEntityName(r),
    host: r.string(),
    deviceClass: r.string(),
  }),
  encode: (w, m) => {
    encodeEntityName(w, m.name)
    w.string(m.host)
    w.string(m.deviceClass)
  },
})
