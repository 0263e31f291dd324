import { messageCodec } from './codec.ts'

/**
 * "Are you there?"; the answer is the same message with a JSON report of health and state.
 *
 * Grammar: nothing in the question; string in the answer.
 * Source: ceph src/messages/MPing.h; src/mon/Monitor.cc Monitor::handle_ping.
 */
export interface MPing {
  readonly _tag: 'MPing'
  /** The report; undefined in the question. */
  readonly report: string | undefined
}

// The answer's payload is set by hand there and skips the encoder that fills in a compat version.
const COMPAT_UNSET = 0

export const MPing = messageCodec<MPing>({
  name: 'MPing',
  type: 2,
  version: 1,
  compat: COMPAT_UNSET,
  decode: (r) => ({ _tag: 'MPing', report: r.remaining === 0 ? undefined : r.string() }),
  encode: (w, m) => {
    if (m.report !== undefined) w.string(m.report)
  },
})
