import { messageCodec } from './codec.ts'
import { PRIORITY } from './raw.ts'

/** Asks for the monitor map; answered by MMonMap. No fields. Source: ceph src/messages/MMonGetMap.h. */
export interface MMonGetMap {
  readonly _tag: 'MMonGetMap'
}

export const MMonGetMap = messageCodec<MMonGetMap>({
  name: 'MMonGetMap',
  type: 5,
  version: 1,
  priority: PRIORITY.default,
  decode: () => ({ _tag: 'MMonGetMap' }),
  encode: () => undefined,
})
