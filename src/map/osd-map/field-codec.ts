/** Pieces that the full map and the incremental encode alike. */
import { byBigint, byBytes, byNumber } from '../../base/ordered.ts'
import type { Reader } from '../../codec/reader.ts'
import { type AddrKey, addrKey, addrOfKey, byAddrKey } from '../../codec/type/addr-key.ts'
import {
  decodeEntityAddr,
  decodeEntityAddrvec,
  encodeEntityAddr,
  encodeEntityAddrvec,
  type EntityAddrvec,
} from '../../codec/type/entity-addr.ts'
import { byPgKey, decodePgKey, encodePgKey, type PgKey } from '../../codec/type/pg-key.ts'
import {
  decodeSnapIntervals,
  encodeSnapIntervals,
  type SnapIntervals,
} from '../../codec/type/snap-intervals.ts'
import { decodeStringMap, encodeStringMap, type StringMap } from '../../codec/type/string-map.ts'
import { decodeUtime, encodeUtime, type Utime } from '../../codec/type/utime.ts'
import type { Writer } from '../../codec/writer.ts'
import type { UpmapItems } from './osd-map.ts'
import { decodePool, encodePool, type Pool } from './pool.ts'

export const putI32 = (w: Writer, n: number): void => void w.i32(n)
export const putU32 = (w: Writer, n: number): void => void w.u32(n)
export const putI64 = (w: Writer, n: bigint): void => void w.i64(n)
export const putString = (w: Writer, text: string): void => void w.string(text)

/** map i32 → value, by OSD id, CRUSH item or device class. */
export const encodeByNumber = <V>(
  w: Writer,
  map: ReadonlyMap<number, V>,
  value: (w: Writer, v: V) => void,
): void => w.map(map, byNumber, putI32, value)

/** map i64 → value, by pool. */
export const encodeByPool = <V>(
  w: Writer,
  map: ReadonlyMap<bigint, V>,
  value: (w: Writer, v: V) => void,
): void => w.map(map, byBigint, putI64, value)

/** map pg_t → value. */
export const encodeByPg = <V>(
  w: Writer,
  map: ReadonlyMap<PgKey, V>,
  value: (w: Writer, v: V) => void,
): void => w.map(map, byPgKey, encodePgKey, value)

export const decodePools = (r: Reader): Map<bigint, Pool> => r.map(r.i64, decodePool)
export const encodePools = (w: Writer, pools: ReadonlyMap<bigint, Pool>): void =>
  encodeByPool(w, pools, encodePool)

export const decodePoolNames = (r: Reader): Map<bigint, string> => r.map(r.i64, r.string)
export const encodePoolNames = (w: Writer, names: ReadonlyMap<bigint, string>): void =>
  encodeByPool(w, names, putString)

export const decodePoolSnaps = (r: Reader): Map<bigint, SnapIntervals> => r.map(r.i64, decodeSnapIntervals)
export const encodePoolSnaps = (w: Writer, snaps: ReadonlyMap<bigint, SnapIntervals>): void =>
  encodeByPool(w, snaps, encodeSnapIntervals)

export const decodeOsdList = (r: Reader): readonly number[] => r.array(r.i32)
export const encodeOsdList = (w: Writer, osds: readonly number[]): void => w.array(osds, putI32)

export const decodePgOsds = (r: Reader): Map<PgKey, readonly number[]> => r.map(decodePgKey, decodeOsdList)
export const encodePgOsds = (w: Writer, map: ReadonlyMap<PgKey, readonly number[]>): void =>
  encodeByPg(w, map, encodeOsdList)

export const decodePgOsd = (r: Reader): Map<PgKey, number> => r.map(decodePgKey, r.i32)
export const encodePgOsd = (w: Writer, map: ReadonlyMap<PgKey, number>): void => encodeByPg(w, map, putI32)

export const decodePgItems = (r: Reader): Map<PgKey, UpmapItems> =>
  r.map(decodePgKey, (items) => items.array((item) => [item.i32(), item.i32()] as const))
export const encodePgItems = (w: Writer, map: ReadonlyMap<PgKey, UpmapItems>): void =>
  encodeByPg(w, map, (out, items) =>
    out.array(items, (item, [from, to]) => {
      item.i32(from)
      item.i32(to)
    }),
  )

export const decodePgSet = (r: Reader): Set<PgKey> => r.set(decodePgKey)
export const encodePgSet = (w: Writer, pgs: ReadonlySet<PgKey>): void => w.set(pgs, byPgKey, encodePgKey)

export const decodeProfiles = (r: Reader): Map<string, StringMap> => r.map(r.string, decodeStringMap)
export const encodeProfiles = (w: Writer, profiles: ReadonlyMap<string, StringMap>): void =>
  w.map(profiles, byBytes, putString, encodeStringMap)

export const decodeBlocklist = (r: Reader): Map<AddrKey, Utime> => r.map(decodeAddrKey, decodeUtime)
export const encodeBlocklist = (w: Writer, list: ReadonlyMap<AddrKey, Utime>): void =>
  w.map(list, byAddrKey, encodeAddrKey, encodeUtime)

export const decodeAddrKey = (r: Reader): AddrKey => addrKey(decodeEntityAddr(r))
export const encodeAddrKey = (w: Writer, key: AddrKey): void => encodeEntityAddr(w, addrOfKey(key))

export const decodeOsdAddrs = (r: Reader): Map<number, EntityAddrvec> => r.map(r.i32, decodeEntityAddrvec)
export const encodeOsdAddrs = (w: Writer, addrs: ReadonlyMap<number, EntityAddrvec>): void =>
  encodeByNumber(w, addrs, encodeEntityAddrvec)

export const decodeFlagsByNumber = (r: Reader): Map<number, number> => r.map(r.i32, r.u32)
export const encodeFlagsByNumber = (w: Writer, flags: ReadonlyMap<number, number>): void =>
  encodeByNumber(w, flags, putU32)
