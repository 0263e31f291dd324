import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'
import { PRIORITY } from './raw.ts'

/**
 * An OSD wants its up_thru raised, so that placement groups may go active.
 *
 * Grammar: paxos prefix, u32 want. Source: ceph src/messages/MOSDAlive.h.
 */
export interface MOSDAlive {
  readonly _tag: 'MOSDAlive'
  /** The osdmap epoch that the sender has. */
  readonly version: bigint
  /** Epoch. */
  readonly want: number
}

export const MOSDAlive = messageCodec<MOSDAlive>({
  name: 'MOSDAlive',
  type: 73,
  version: 1,
  priority: PRIORITY.default,
  decode: (r) => ({ _tag: 'MOSDAlive', version: decodePaxosPrefix(r), want: r.u32() }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    w.u32(m.want)
  },
})
