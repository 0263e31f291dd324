/**
 * cephx's one way to encrypt, and the three ways its ciphertext is nested on the wire.
 *
 *   sealed          ciphertext                       ticket blobs, the challenge to an authorizer
 *   sealed blob     u32 length, ciphertext           everything else
 *   boxed blob      u32 length, sealed blob          connection secret and authorizer reply in AUTH_DONE
 *
 * The plaintext is always u8 1, u64 magic, struct; the cipher AES-128-CBC with PKCS#7 padding and a fixed IV, so
 * equal plaintexts under one key give equal ciphertexts, and nothing but the magic tells a wrong key.
 * Source: ceph src/auth/cephx/CephxProtocol.h encode_encrypt, src/auth/Crypto.cc CryptoAESKeyHandler.
 */
import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import { invariant, known } from '../base/assert.ts'
import { Reader } from '../codec/reader.ts'
import { encoded, Writer } from '../codec/writer.ts'
import { encodeChallengeBlob } from './cephx-protocol.ts'
import { AES_KEY_BYTES, type CryptoKey, isUsableKey } from './crypto-key.ts'

const CIPHER = 'aes-128-cbc'
const AES_BLOCK_BYTES = 16
const CEPH_AES_IV = Buffer.from('cephsageyudagreg', 'latin1')
const AUTH_ENC_MAGIC = 0xff009cad8826aa55n
const ENVELOPE_VERSION = 1

/** Why ciphertext could not be read: a wrong key and damaged bytes look the same. */
export interface UnsealError {
  readonly _tag: 'Unsealable'
  readonly what: string
}

const unsealable = (what: string): E.Either<UnsealError, never> => E.left({ _tag: 'Unsealable', what })

/** The ciphertext of what `body` writes. A key that is not usable asserts: callers look up usable keys only. */
export const seal = (key: CryptoKey, body: (w: Writer) => void): Buffer => {
  invariant(isUsableKey(key), `crypto key of type ${key.type} cannot encrypt`)
  const w = new Writer()
  w.u8(ENVELOPE_VERSION)
  w.u64(AUTH_ENC_MAGIC)
  body(w)
  const cipher = createCipheriv(CIPHER, key.secret.subarray(0, AES_KEY_BYTES), CEPH_AES_IV)
  return Buffer.concat([cipher.update(w.done()), cipher.final()])
}

/** Inverse of `seal`; bytes that `decode` leaves unread are ignored, as everywhere in cephx. */
export const unseal = <A>(
  key: CryptoKey,
  ciphertext: Buffer,
  decode: (r: Reader) => A,
): E.Either<UnsealError, A> => {
  if (!isUsableKey(key)) return unsealable(`crypto key of type ${key.type}`)
  if (ciphertext.length === 0 || ciphertext.length % AES_BLOCK_BYTES !== 0)
    return unsealable(`ciphertext of ${ciphertext.length} bytes`)
  const r = new Reader(decrypt(key, ciphertext))
  r.u8()
  if (r.u64() !== AUTH_ENC_MAGIC) return unsealable('bad magic')
  const value = decode(r)
  return r.failed ? unsealable('malformed plaintext') : E.right(value)
}

// The padding is cut, not checked: whoever sends ciphertext must not learn whether it was the padding.
const decrypt = (key: CryptoKey, ciphertext: Buffer): Buffer => {
  const decipher = createDecipheriv(CIPHER, key.secret.subarray(0, AES_KEY_BYTES), CEPH_AES_IV)
  decipher.setAutoPadding(false)
  const plain = Buffer.concat([decipher.update(ciphertext), decipher.final()])
  const padding = Math.min(known(plain.at(-1), 'a last plaintext byte'), AES_BLOCK_BYTES)
  return plain.subarray(0, plain.length - padding)
}

/** u32 length, ciphertext. */
export const writeSealedBlob = (w: Writer, key: CryptoKey, body: (w: Writer) => void): void =>
  w.blob(seal(key, body))

/** Inverse of `writeSealedBlob`: reads the length and that many bytes. A short blob is an error of `r` as well. */
export const readSealedBlob = <A>(
  r: Reader,
  key: CryptoKey,
  decode: (r: Reader) => A,
): E.Either<UnsealError, A> => unseal(key, r.blob(), decode)

/** u32 length, u32 length, ciphertext. */
export const writeBoxedBlob = (w: Writer, key: CryptoKey, body: (w: Writer) => void): void =>
  w.blob(encoded((inner) => writeSealedBlob(inner, key, body)))

/** Inverse of `writeBoxedBlob`. */
export const readBoxedBlob = <A>(
  r: Reader,
  key: CryptoKey,
  decode: (r: Reader) => A,
): E.Either<UnsealError, A> => readSealedBlob(new Reader(r.blob()), key, decode)

/**
 * The proof that a client knows its key: both challenges as a sealed blob, xor-folded into one u64.
 *
 * Shape:  the blob, u32 length included, is taken as little-endian words; the last, incomplete one is left out.
 * Source: ceph src/auth/cephx/CephxProtocol.cc cephx_calc_client_server_challenge.
 */
export const calcClientServerChallenge = (
  key: CryptoKey,
  serverChallenge: bigint,
  clientChallenge: bigint,
): bigint => {
  const blob = encoded((w) =>
    writeSealedBlob(w, key, (body) => encodeChallengeBlob(body, { serverChallenge, clientChallenge })),
  )
  let folded = 0n
  for (let at = 0; at + 8 <= blob.length; at += 8) folded ^= blob.readBigUInt64LE(at)
  return folded
}

/** Whether two proofs agree, in time that does not tell where they differ. */
export const sameProof = (a: bigint, b: bigint): boolean => {
  const [left, right] = [Buffer.alloc(8), Buffer.alloc(8)]
  left.writeBigUInt64LE(a)
  right.writeBigUInt64LE(b)
  return timingSafeEqual(left, right)
}
