import { byBytes } from '../base/ordered.ts'
import { decodeEntityAddrvec, encodeEntityAddrvec, type EntityAddrvec } from '../codec/type/entity-addr.ts'
import { decodeStringMap, encodeStringMap, type StringMap } from '../codec/type/string-map.ts'
import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import type { MgrClientAddrs } from '../map/mgr-map/mgr-map.ts'
import { decodeModuleInfo, encodeModuleInfo, type ModuleInfo } from '../map/mgr-map/module-info.ts'
import { decodeMonCommand, encodeMonCommand, type MonCommand } from '../map/mon-command.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'
import { PRIORITY } from './raw.ts'

/**
 * A manager is alive, and what it can do.
 *
 * Grammar: paxos prefix, entity_addrvec_t server, u64 gid, bool available, string name, uuid fsid, set of string
 *          module names, array of MonCommand, map string → string metadata, map string → string services,
 *          array of ModuleInfo, u64 features (9), array of entity_addrvec_t clients (10), array of string client
 *          names (11). A number in brackets is the first version that has the field.
 * Source: ceph src/messages/MMgrBeacon.h; version 11 is what 16.2.15 sends.
 */
export interface MMgrBeacon {
  readonly _tag: 'MMgrBeacon'
  /** The MgrMap epoch that the sender has. */
  readonly version: bigint
  /** Empty in a standby. */
  readonly serverAddrs: EntityAddrvec
  readonly gid: bigint
  readonly available: boolean
  readonly name: string
  readonly fsid: string
  /** Only in the first beacon as active. */
  readonly commandDescs: readonly MonCommand[]
  readonly metadata: StringMap
  readonly services: StringMap
  readonly modules: readonly ModuleInfo[]
  readonly mgrFeatures: bigint
  /** By name. */
  readonly clients: readonly MgrClientAddrs[]
}

export const MMgrBeacon = messageCodec<MMgrBeacon>({
  name: 'MMgrBeacon',
  type: 0x703,
  version: 11,
  compat: 8,
  oldest: 8,
  priority: PRIORITY.default,
  decode: (r, { version }) => {
    const head = {
      version: decodePaxosPrefix(r),
      serverAddrs: decodeEntityAddrvec(r),
      gid: r.u64(),
      available: r.bool(),
      name: r.string(),
      fsid: decodeUuid(r),
    }
    // The modules themselves follow and have their names.
    r.array(r.string)
    const abilities = {
      commandDescs: r.array(decodeMonCommand),
      metadata: decodeStringMap(r),
      services: decodeStringMap(r),
      modules: r.array(decodeModuleInfo),
      mgrFeatures: version >= 9 ? r.u64() : 0n,
    }
    const addrs = version >= 10 ? r.array(decodeEntityAddrvec) : []
    const names = version >= 11 ? r.array(r.string) : []
    const clients = addrs.map((vec, i) => ({ name: names[i] ?? '', addrs: vec }))
    return { _tag: 'MMgrBeacon', ...head, ...abilities, clients }
  },
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    encodeEntityAddrvec(w, m.serverAddrs)
    w.u64(m.gid)
    w.bool(m.available)
    w.string(m.name)
    encodeUuid(w, m.fsid)
    w.set(new Set(m.modules.map(({ name }) => name)), byBytes, (out, name) => out.string(name))
    w.array(m.commandDescs, encodeMonCommand)
    encodeStringMap(w, m.metadata)
    encodeStringMap(w, m.services)
    w.array(m.modules, encodeModuleInfo)
    w.u64(m.mgrFeatures)
    w.array(m.clients, (out, client) => encodeEntityAddrvec(out, client.addrs))
    w.array(m.clients, (out, client) => out.string(client.name))
  },
})
