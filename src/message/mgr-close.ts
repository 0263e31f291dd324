import { messageCodec } from './codec.ts'

/** Ends a session with the manager. Grammar: string daemon name, string service name. Source: ceph src/messages/MMgrClose.h. */
export interface MMgrClose {
  readonly _tag: 'MMgrClose'
  readonly daemonName: string
  readonly serviceName: string
}

export const MMgrClose = messageCodec<MMgrClose>({
  name: 'MMgrClose',
  type: 0x708,
  version: 1,
  decode: (r) => ({ _tag: 'MMgrClose', daemonName: r.string(), serviceName: r.string() }),
  encode: (w, m) => {
    w.string(m.daemonName)
    w.string(m.serviceName)
  },
})
