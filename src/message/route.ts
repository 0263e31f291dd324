import { BLANK_INST, decodeEntityInst, encodeEntityInst } from '../codec/type/entity-inst.ts'
import { messageCodec } from './codec.ts'
import { decodeEmbedded, encodeEmbedded, type EmbeddedMessage } from './embedded.ts'

/**
 * The leader's answer to an MForward, for the peon to pass on to its client.
 *
 * Grammar: u64 tid, entity_inst_t blank, bool has message, [embedded message], u32 first osdmap to send.
 * Source: ceph src/messages/MRoute.h.
 */
export interface MRoute {
  readonly _tag: 'MRoute'
  /** The tid of the MForward. */
  readonly tid: bigint
  /** undefined: there is no answer, the peon forgets the request. */
  readonly embedded: EmbeddedMessage | undefined
  /** Not 0: the peon sends the client its osdmaps from this epoch on. */
  readonly sendOsdmapFirst: number
}

export const MRoute = messageCodec<MRoute>({
  name: 'MRoute',
  type: 47,
  version: 3,
  decode: (r) => {
    const tid = r.u64()
    decodeEntityInst(r)
    return { _tag: 'MRoute', tid, embedded: r.optional(decodeEmbedded), sendOsdmapFirst: r.u32() }
  },
  encode: (w, m) => {
    w.u64(m.tid)
    encodeEntityInst(w, BLANK_INST)
    w.optional(m.embedded, encodeEmbedded)
    w.u32(m.sendOsdmapFirst)
  },
})
