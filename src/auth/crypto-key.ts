/**
 * CryptoKey: the secret of an entity, of a service, or of a session.
 *
 * Grammar: CryptoKey = u16 type, utime created, u16 length, secret. Its text is that in base64.
 * Source:  ceph src/auth/Crypto.h, Crypto.cc CryptoKey.
 */
import { decodeFrom, type Reader } from '../codec/reader.ts'
import { decodeUtime, encodeUtime, type Utime, UTIME_ZERO } from '../codec/type/utime.ts'
import { encoded, type Writer } from '../codec/writer.ts'
import { entropyBytes } from './entropy.ts'

export const CRYPTO_TYPE = { none: 0, aes: 1 } as const

/** AES-128. */
export const AES_KEY_BYTES = 16

export interface CryptoKey {
  readonly type: number
  readonly created: Utime
  readonly secret: Buffer
}

/** What Ceph's default-constructed key encodes as: no type, no secret. */
export const NO_KEY: CryptoKey = { type: CRYPTO_TYPE.none, created: UTIME_ZERO, secret: Buffer.alloc(0) }

export const encodeCryptoKey = (w: Writer, key: CryptoKey): void => {
  w.u16(key.type)
  encodeUtime(w, key.created)
  w.u16(key.secret.length)
  w.raw(key.secret)
}

export const decodeCryptoKey = (r: Reader): CryptoKey => {
  const type = r.u16()
  const created = decodeUtime(r)
  const secret = r.raw(r.u16())
  if (!r.failed && secret.length > 0 && !isSecretOfType(type, secret)) r.bad(`secret of crypto type ${type}`)
  return { type, created, secret }
}

const isSecretOfType = (type: number, secret: Buffer): boolean =>
  type === CRYPTO_TYPE.none || (type === CRYPTO_TYPE.aes && secret.length >= AES_KEY_BYTES)

/**
 * Whether `key` can encrypt.
 *
 * Differs: Ceph has a type "none" that passes plaintext through as if it were ciphertext; a key of that type is
 *          no key here.
 */
export const isUsableKey = (key: CryptoKey): boolean =>
  key.type === CRYPTO_TYPE.aes && key.secret.length >= AES_KEY_BYTES

/** A fresh AES key. `label` must be unique within the event, as in `entropyBytes`. */
export const generateKey = (entropy: Buffer, label: string, created: Utime): CryptoKey => ({
  type: CRYPTO_TYPE.aes,
  created,
  secret: entropyBytes(entropy, label, AES_KEY_BYTES),
})

/** The base64 text of keyrings and of `auth get-key`. */
export const printCryptoKey = (key: CryptoKey): string =>
  encoded((w) => encodeCryptoKey(w, key)).toString('base64')

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Inverse of `printCryptoKey`; undefined for text that is no key. */
export const parseCryptoKey = (text: string): CryptoKey | undefined => {
  if (!BASE64.test(text)) return undefined
  const decoded = decodeFrom(decodeCryptoKey, Buffer.from(text, 'base64'))
  return decoded._tag === 'Right' ? decoded.right : undefined
}

export const sameKey = (a: CryptoKey, b: CryptoKey): boolean => a.type === b.type && a.secret.equals(b.secret)
