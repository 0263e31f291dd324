import { decodeStringMap, encodeStringMap, type StringMap } from '../codec/type/string-map.ts'
import { messageCodec } from './codec.ts'

/** What a daemon that is a service of its own says about itself. */
export interface ServiceDaemon {
  readonly metadata: StringMap
  readonly status: StringMap
}

/**
 * Opens a session with the active manager.
 *
 * Grammar: string daemon name, string service name, bool is service daemon, [map string → string metadata,
 *          map string → string status], blob options, blob option defaults.
 * Source: ceph src/messages/MMgrOpen.h.
 */
export interface MMgrOpen {
  readonly _tag: 'MMgrOpen'
  readonly daemonName: string
  readonly serviceName: string
  readonly serviceDaemon: ServiceDaemon | undefined
  /** Options that differ from their defaults, encoded. */
  readonly config: Buffer
  readonly configDefaults: Buffer
}

export const MMgrOpen = messageCodec<MMgrOpen>({
  name: 'MMgrOpen',
  type: 0x700,
  version: 3,
  compat: 1,
  decode: (r) => ({
    _tag: 'MMgrOpen',
    daemonName: r.string(),
    serviceName: r.string(),
    serviceDaemon: r.optional(() => ({ metadata: decodeStringMap(r), status: decodeStringMap(r) })),
    config: r.blob(),
    configDefaults: r.blob(),
  }),
  encode: (w, m) => {
    w.string(m.daemonName)
    w.string(m.serviceName)
    w.optional(m.serviceDaemon, (_, daemon) => {
      encodeStringMap(w, daemon.metadata)
      encodeStringMap(w, daemon.status)
    })
    w.blob(m.config)
    w.blob(m.configDefaults)
  },
})
