import { messageCodec } from './codec.ts'

/**
 * The active manager says how often and how much it wants to hear; of interest here only as the start of a session.
 *
 * Grammar: u32 period, u32 threshold (2), then queries for OSDs and file systems.
 * Units: seconds; counters below the threshold's priority are left out. Source: ceph src/messages/MMgrConfigure.h.
 */
export interface MMgrConfigure {
  readonly _tag: 'MMgrConfigure'
  readonly statsPeriodSeconds: number
  readonly statsThreshold: number
  /** The queries, undecoded. */
  readonly queries: Buffer
}

export const MMgrConfigure = messageCodec<MMgrConfigure>({
  name: 'MMgrConfigure',
  type: 0x701,
  version: 4,
  compat: 1,
  oldest: 2,
  decode: (r) => ({
    _tag: 'MMgrConfigure',
    statsPeriodSeconds: r.u32(),
    statsThreshold: r.u32(),
    queries: r.rest(),
  }),
  encode: (w, m) => {
    w.u32(m.statsPeriodSeconds)
    w.u32(m.statsThreshold)
    w.raw(m.queries)
  },
})
