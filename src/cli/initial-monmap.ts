/**
 * The monmap that a monitor makes up when it is given none: the monitors of `mon_host`, else the `[mon.*]` sections
 * of the configuration file.
 *
 * Differs: DNS SRV records are not asked when neither names a monitor.
 * Source: ceph src/mon/MonMap.cc MonMap::build_initial, init_with_addrs, init_with_config_file,
 * _add_ambiguous_addr; src/ceph_mon.cc main (own name).
 */
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { networkInterfaces } from 'node:os'
import {
  ADDR_TYPE,
  entityAddr,
  ipOf,
  parseAddr,
  parseAddrvec,
  portOf,
  type EntityAddr,
  type EntityAddrvec,
} from '../codec/type/entity-addr.ts'
import type { Utime } from '../codec/type/utime.ts'
import { confValues, type ConfFile } from '../config/conf-file.ts'
import type { Options } from '../config/options.ts'
import { monInfo, renameMon, initialMonMap } from '../map/mon-map/edit.ts'
import type { MonInfo, MonMap } from '../map/mon-map/mon-map.ts'
import { monOfAddr, monOfAddrs } from '../map/mon-map/rank.ts'
import { resolveHosts, type Lookup } from './resolve-hosts.ts'

/** Ports that IANA gave to monitors: msgr v2, and the one from before. */
export const PORT_MSGR2 = 3300
export const PORT_LEGACY = 6789

const UNNAMED = 'noname-'

/**
 * The monmap of `options`, without any name for this monitor yet; `lookup` finds the addresses of host names.
 *
 * Errors: a sentence.
 */
export const buildMonMap = (
  options: Options,
  conf: ConfFile,
  now: Utime,
  lookup?: Lookup,
): TE.TaskEither<string, MonMap> => {
  const hosts = options.string('mon_host')
  const mons =
    hosts === ''
      ? TE.right(monsOfSections(conf))
      : TE.flatMapEither((parts: readonly string[]) => monsOfHosts(parts, hosts))(resolveHosts(hosts, lookup))
  return TE.map((found: readonly MonInfo[]) => monMapOf(options, found, now))(mons)
}

/** The monmap of `options` with these monitors. */
export const monMapOf = (options: Options, mons: readonly MonInfo[], now: Utime): MonMap => ({
  ...initialMonMap(options.string('fsid'), mons, now),
  strategy: options.int('mon_election_default_strategy'),
})

/** With this monitor's name on its own address: the one that options say, else one of this machine. */
export const withOwnName = (map: MonMap, options: Options): MonMap => {
  const name = options.identity.id
  if (map.mons.has(name)) return map
  const own = ownAddrs(options)
  const mon = own.length > 0 ? monOfAddrs(map, own) : localMon(map)
  return mon === undefined || (own.length === 0 && !mon.name.startsWith(UNNAMED))
    ? map
    : renameMon(map, mon.name, name)
}

/** Where this monitor is told to listen: public_addrv, else public_addr; empty when neither is set. */
export const ownAddrs = (options: Options): EntityAddrvec => {
  const vector = parseAddrvec(options.string('public_addrv'), 'any')
  if (options.string('public_addrv') !== '' && vector !== undefined) return vector
  const addr = parseAddr(options.string('public_addr'), 'any')
  return addr === undefined ? [] : monAddrs(addr)
}

/** What an address without type or port means for a monitor. Source: ceph src/ceph_mon.cc make_mon_addrs. */
export const monAddrs = (addr: EntityAddr): EntityAddrvec => {
  const ip = ipOf(addr)
  const port = portOf(addr)
  if (addr.type !== ADDR_TYPE.any) {
    const standard = addr.type === ADDR_TYPE.msgr2 ? PORT_MSGR2 : PORT_LEGACY
    return [entityAddr(addr.type === ADDR_TYPE.msgr2 ? 'msgr2' : 'legacy', ip, port === 0 ? standard : port)]
  }
  if (port === 0) return [entityAddr('msgr2', ip, PORT_MSGR2), entityAddr('legacy', ip, PORT_LEGACY)]
  return [entityAddr(port === PORT_LEGACY ? 'legacy' : 'msgr2', ip, port)]
}

const localMon = (map: MonMap): MonInfo | undefined => {
  const local = new Set(
    Object.values(networkInterfaces()).flatMap((addrs) => (addrs ?? []).map((a) => a.address)),
  )
  const addrs = map.ranks.flatMap((name) => map.mons.get(name)?.publicAddrs ?? [])
  const own = addrs.find((addr) => local.has(ipOf(addr)))
  return own === undefined ? undefined : monOfAddr(map, own)
}

const monsOfHosts = (parts: readonly string[], text: string): E.Either<string, readonly MonInfo[]> => {
  const vectors = parts.map((part) => parseAddrvec(part, 'any'))
  const mons: MonInfo[] = []
  for (const [i, vector] of vectors.entries()) {
    const [first] = vector ?? []
    if (vector === undefined || first === undefined) return E.left(`unable to parse addrs in '${text}'`)
    const addrs = vector.length === 1 ? monAddrs(first) : vector
    mons.push(monInfo(`${UNNAMED}${String.fromCharCode('a'.charCodeAt(0) + i)}`, addrs))
  }
  return E.right(mons)
}

// `mon addr` dates from before msgr v2: without a type, it is an old address.
const monsOfSections = (conf: ConfFile): readonly MonInfo[] =>
  [...conf.keys()].flatMap((section): readonly MonInfo[] => {
    if (!section.startsWith('mon.') || section.length === 'mon.'.length) return []
    const values = confValues(conf, [section, 'mon', 'global'])
    const addr = parseAddr(values.get('mon_addr') ?? '', 'legacy')
    if (addr === undefined) return []
    const priority = Number(values.get('mon_priority') ?? 0)
    const weight = Number(values.get('mon_weight') ?? 0)
    return [{ ...monInfo(section.slice('mon.'.length), monAddrs(addr)), priority, weight }]
  })
