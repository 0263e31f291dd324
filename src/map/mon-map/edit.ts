/**
 * Changes of a monmap, each giving a new map. From Nautilus on a new monitor ranks last and removal keeps the
 * order of the rest; before, and in a map without features, ranks follow the addresses.
 * Source: ceph src/mon/MonMap.h MonMap::add, remove, rename; src/tools/monmaptool.cc.
 */
import { invariant, known } from '../../base/assert.ts'
import { withEntry, withoutEntry } from '../../base/ordered.ts'
import type { EntityAddrvec } from '../../codec/type/entity-addr.ts'
import type { Utime } from '../../codec/type/utime.ts'
import { MON_FEATURE } from './mon-feature.ts'
import { EMPTY_MON_MAP, type MonInfo, type MonMap } from './mon-map.ts'
import { monOfAddrs, rankOfName, ranksByAddr } from './rank.ts'

/** A monitor at `publicAddrs` with nothing else said about it. */
export const monInfo = (name: string, publicAddrs: EntityAddrvec): MonInfo => ({
  name,
  publicAddrs,
  priority: 0,
  weight: 0,
  crushLoc: new Map(),
})

/** What a member must support: persistent and optional features. */
export const requiredMonFeatures = (map: MonMap): bigint => map.persistentFeatures | map.optionalFeatures

const ranksAreExplicit = (map: MonMap): boolean => (requiredMonFeatures(map) & MON_FEATURE.nautilus) !== 0n

/** With `mon` added. Its name and addresses must be new; asserts otherwise. */
export const addMon = (map: MonMap, mon: MonInfo): MonMap => {
  invariant(!map.mons.has(mon.name), `mon.${mon.name} is already in the monmap`)
  invariant(
    monOfAddrs(map, mon.publicAddrs) === undefined,
    `an address of mon.${mon.name} is already in the monmap`,
  )
  const mons = withEntry(map.mons, mon.name, mon)
  return { ...map, mons, ranks: ranksAreExplicit(map) ? [...map.ranks, mon.name] : ranksByAddr(mons) }
}

/** Without `name`, whose rank joins the removed ones; asserts when it is not there. */
export const removeMon = (map: MonMap, name: string): MonMap => {
  const rank = rankOfName(map, name)
  invariant(map.mons.has(name), `mon.${name} is not in the monmap`)
  const mons = withoutEntry(map.mons, name)
  return {
    ...map,
    mons,
    ranks: ranksAreExplicit(map) ? map.ranks.filter((other) => other !== name) : ranksByAddr(mons),
    removedRanks: rank < 0 ? map.removedRanks : new Set(map.removedRanks).add(rank),
    disallowedLeaders: new Set([...map.disallowedLeaders].filter((other) => other !== name)),
  }
}

/** With the monitor `from` called `to`; its rank stays in a map with explicit ranks. */
export const renameMon = (map: MonMap, from: string, to: string): MonMap => {
  const mon = known(map.mons.get(from), `mon.${from} in the monmap`)
  invariant(!map.mons.has(to), `mon.${to} is already in the monmap`)
  const mons = withEntry(withoutEntry(map.mons, from), to, { ...mon, name: to })
  const ranks = ranksAreExplicit(map)
    ? map.ranks.map((name) => (name === from ? to : name))
    : ranksByAddr(mons)
  return { ...map, mons, ranks }
}

/** With `mon` in the place of the one of the same name. */
export const replaceMon = (map: MonMap, mon: MonInfo): MonMap => {
  invariant(map.mons.has(mon.name), `mon.${mon.name} is not in the monmap`)
  return { ...map, mons: withEntry(map.mons, mon.name, mon) }
}

/** With `name` at another rank, the rest keeping their order; the same map for a rank that there is not. */
export const withRankOf = (map: MonMap, name: string, rank: number): MonMap => {
  invariant(map.mons.has(name), `mon.${name} is not in the monmap`)
  if (rank < 0 || rank >= map.ranks.length) return map
  const others = map.ranks.filter((other) => other !== name)
  return { ...map, ranks: [...others.slice(0, rank), name, ...others.slice(rank)] }
}

/**
 * The map of a cluster that is about to be made, as `monmaptool --create --addv …` writes it.
 *
 * Shape: epoch 0, no features, no release, ranks by address, created = last changed = `now`.
 */
export const initialMonMap = (fsid: string, mons: readonly MonInfo[], now: Utime): MonMap =>
  mons.reduce<MonMap>(addMon, { ...EMPTY_MON_MAP, fsid, created: now, lastChanged: now })
