import { messageCodec } from './codec.ts'

/**
 * State and health of the monitors for the active manager, as JSON.
 *
 * Grammar: blob mon status, blob health. Source: ceph src/messages/MMgrDigest.h.
 */
export interface MMgrDigest {
  readonly _tag: 'MMgrDigest'
  readonly monStatusJson: Buffer
  readonly healthJson: Buffer
}

export const MMgrDigest = messageCodec<MMgrDigest>({
  name: 'MMgrDigest',
  type: 0x705,
  version: 1,
  decode: (r) => ({ _tag: 'MMgrDigest', monStatusJson: r.blob(), healthJson: r.blob() }),
  encode: (w, m) => {
    w.blob(m.monStatusJson)
    w.blob(m.healthJson)
  },
})
