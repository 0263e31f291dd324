/**
 * RotatingSecrets: the keys of one service. Three live at a time: the previous one for tickets still in use, the
 * current one for new tickets, the next one so that daemons have it before it is needed.
 *
 * Grammar: ExpiringCryptoKey = u8 1, CryptoKey, utime expiration
 *          RotatingSecrets   = u8 1, map u64 id → ExpiringCryptoKey, u64 max id
 * Source:  ceph src/auth/Auth.h; src/auth/cephx/CephxKeyServer.cc _rotate_secret, get_service_secret.
 */
import { known } from '../base/assert.ts'
import { byBigint, sortedEntries } from '../base/ordered.ts'
import type { Reader } from '../codec/reader.ts'
import { addSeconds, compareUtime, decodeUtime, encodeUtime, type Utime } from '../codec/type/utime.ts'
import type { Writer } from '../codec/writer.ts'
import { type CryptoKey, decodeCryptoKey, encodeCryptoKey } from './crypto-key.ts'

/** Previous, current, next. */
export const KEY_ROTATE_NUM = 3

export interface ExpiringCryptoKey {
  readonly key: CryptoKey
  readonly expiration: Utime
}

export interface RotatingSecrets {
  readonly secrets: ReadonlyMap<bigint, ExpiringCryptoKey>
  /** The highest id ever given out. */
  readonly maxId: bigint
}

export const NO_SECRETS: RotatingSecrets = { secrets: new Map(), maxId: 0n }

export const encodeExpiringCryptoKey = (w: Writer, expiring: ExpiringCryptoKey): void => {
  w.u8(1)
  encodeCryptoKey(w, expiring.key)
  encodeUtime(w, expiring.expiration)
}

export const decodeExpiringCryptoKey = (r: Reader): ExpiringCryptoKey => {
  r.u8()
  return { key: decodeCryptoKey(r), expiration: decodeUtime(r) }
}

export const encodeRotatingSecrets = (w: Writer, rotating: RotatingSecrets): void => {
  w.u8(1)
  w.map(rotating.secrets, byBigint, (out, id) => out.u64(id), encodeExpiringCryptoKey)
  w.u64(rotating.maxId)
}

export const decodeRotatingSecrets = (r: Reader): RotatingSecrets => {
  r.u8()
  return { secrets: r.map(r.u64, decodeExpiringCryptoKey), maxId: r.u64() }
}

const oldestFirst = (rotating: RotatingSecrets): readonly (readonly [bigint, ExpiringCryptoKey])[] =>
  sortedEntries(rotating.secrets, byBigint)

/** Fewer than three keys, or the middle one has expired. */
const needsNewSecret = (rotating: RotatingSecrets, now: Utime): boolean => {
  const current = oldestFirst(rotating)[1]
  return (
    rotating.secrets.size < KEY_ROTATE_NUM ||
    current === undefined ||
    compareUtime(current[1].expiration, now) <= 0
  )
}

/**
 * The secrets after as many rotations as are due; the same value when none is. `generate` gives a fresh key for an
 * id. A first key lives for one ttl; each later one expires one ttl after its predecessor, or after now + ttl.
 */
export const rotateSecrets = (
  rotating: RotatingSecrets,
  now: Utime,
  ttlSeconds: number,
  generate: (id: bigint) => CryptoKey,
): RotatingSecrets => {
  let rotated = rotating
  // Three additions replace every key that there was; more could not make the middle one younger.
  for (let added = 0; added < KEY_ROTATE_NUM && needsNewSecret(rotated, now); added++)
    rotated = withNewSecret(rotated, now, ttlSeconds, generate)
  return rotated
}

const withNewSecret = (
  rotating: RotatingSecrets,
  now: Utime,
  ttlSeconds: number,
  generate: (id: bigint) => CryptoKey,
): RotatingSecrets => {
  const keys = oldestFirst(rotating)
  const newest = keys.at(-1)?.[1].expiration
  const base = newest === undefined ? now : laterOf(addSeconds(now, ttlSeconds), newest)
  const id = rotating.maxId + 1n
  const added = [id, { key: generate(id), expiration: addSeconds(base, ttlSeconds) }] as const
  return { secrets: new Map([...keys, added].slice(-KEY_ROTATE_NUM)), maxId: id }
}

const laterOf = (a: Utime, b: Utime): Utime => (compareUtime(a, b) >= 0 ? a : b)

export interface ServiceSecret {
  readonly id: bigint
  readonly key: CryptoKey
  /** Lifetime of a ticket sealed now: `ttlSeconds`, but not beyond the newest key's expiration. */
  readonly ttlSeconds: number
}

/** The key for new tickets: the second oldest, or the one after when that has expired; undefined without keys. */
export const currentSecret = (
  rotating: RotatingSecrets,
  now: Utime,
  ttlSeconds: number,
): ServiceSecret | undefined => {
  const keys = oldestFirst(rotating)
  const newest = keys.at(-1)
  if (newest === undefined) return undefined
  const second = known(keys[Math.min(1, keys.length - 1)], 'the second oldest key')
  const [id, chosen] = compareUtime(second[1].expiration, now) < 0 ? (keys[2] ?? newest) : second
  return { id, key: chosen.key, ttlSeconds: Math.min(ttlSeconds, secondsBetween(now, newest[1].expiration)) }
}

const secondsBetween = (from: Utime, until: Utime): number =>
  Math.max(0, until.sec - from.sec + (until.nsec - from.nsec) / 1e9)
