import { decodePgId, encodePgId, type PgId } from '../codec/type/pg.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'
import { PRIORITY } from './raw.ts'

/** A placement group exists now. Grammar: paxos prefix, pg_t. Source: ceph src/messages/MOSDPGCreated.h. */
export interface MOSDPGCreated {
  readonly _tag: 'MOSDPGCreated'
  readonly version: bigint
  readonly pg: PgId
}

export const MOSDPGCreated = messageCodec<MOSDPGCreated>({
  name: 'MOSDPGCreated',
  type: 116,
  version: 1,
  priority: PRIORITY.default,
  decode: (r) => ({ _tag: 'MOSDPGCreated', version: decodePaxosPrefix(r), pg: decodePgId(r) }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    encodePgId(w, m.pg)
  },
})
