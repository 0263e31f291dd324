/** Ranks and addresses of a monmap. Source: ceph src/mon/MonMap.h, MonMap::calc_legacy_ranks of MonMap.cc. */
import { byBytes } from '../../base/ordered.ts'
import { known } from '../../base/assert.ts'
import {
  BLANK_ADDR,
  compareAddr,
  type EntityAddr,
  type EntityAddrvec,
  legacyAddr,
  sameAddr,
} from '../../codec/type/entity-addr.ts'
import type { MonInfo, MonMap } from './mon-map.ts'

/** Rank of `name`, -1 when it is not in the map. */
export const rankOfName = (map: MonMap, name: string): number => map.ranks.indexOf(name)

/** The monitor of a rank, undefined when there is none. */
export const monOfRank = (map: MonMap, rank: number): MonInfo | undefined => {
  const name = map.ranks[rank]
  return name === undefined ? undefined : map.mons.get(name)
}

/** The monitor that has any of `addrs`. */
export const monOfAddrs = (map: MonMap, addrs: EntityAddrvec): MonInfo | undefined => {
  for (const addr of addrs) {
    const mon = monOfAddr(map, addr)
    if (mon !== undefined) return mon
  }
  return undefined
}

/** The monitor that has `addr`, type and nonce included. */
export const monOfAddr = (map: MonMap, addr: EntityAddr): MonInfo | undefined =>
  [...map.mons.values()].find((mon) => mon.publicAddrs.some((own) => sameAddr(own, addr)))

/** Rank of the monitor that has any of `addrs`, -1 when none has. */
export const rankOfAddrs = (map: MonMap, addrs: EntityAddrvec): number => {
  const mon = monOfAddrs(map, addrs)
  return mon === undefined ? -1 : rankOfName(map, mon.name)
}

/** Addresses of a rank; a rank outside the map asserts. */
export const addrsOfRank = (map: MonMap, rank: number): EntityAddrvec =>
  known(monOfRank(map, rank), `rank ${rank} in the monmap`).publicAddrs

const rankAddr = (mon: MonInfo): EntityAddr => legacyAddr(mon.publicAddrs) ?? mon.publicAddrs[0] ?? BLANK_ADDR

/** Names by v1 (else first) address, then name: the order of ranks in a map that nobody has committed yet. */
export const ranksByAddr = (mons: ReadonlyMap<string, MonInfo>): readonly string[] =>
  [...mons.values()]
    .sort((a, b) => compareAddr(rankAddr(a), rankAddr(b)) || byBytes(a.name, b.name))
    .map((mon) => mon.name)
