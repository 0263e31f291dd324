import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { Reader } from '../../src/codec/reader.ts'
import { UTIME_ZERO } from '../../src/codec/type/utime.ts'
import { encoded } from '../../src/codec/writer.ts'
import {
  readBoxedBlob,
  readSealedBlob,
  sameProof,
  seal,
  unseal,
  writeBoxedBlob,
  writeSealedBlob,
} from '../../src/auth/crypto.ts'
import { generateKey, NO_KEY } from '../../src/auth/crypto-key.ts'
import { entropyBytes, entropyU64 } from '../../src/auth/entropy.ts'
import { aesKey } from './handshake.ts'

const KEY = aesKey(Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'))
const OTHER = aesKey(Buffer.from('100102030405060708090a0b0c0d0e0f', 'hex'))

describe('sealed bytes', () => {
  const bodies = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))

  it('open under their key and no other', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const sealed = seal(KEY, (w) => w.blob(body))
        assert.equal(sealed.length % 16, 0)
        assert.deepEqual(
          unseal(KEY, sealed, (r) => r.blob()),
          E.right(body),
        )
        assert(E.isLeft(unseal(OTHER, sealed, (r) => r.blob())))
      }),
    )
  })

  it('nest as a blob, or as a blob in a blob', () => {
    const sealed = seal(KEY, (w) => w.u32(7))
    const blob = encoded((w) => writeSealedBlob(w, KEY, (body) => body.u32(7)))
    const boxed = encoded((w) => writeBoxedBlob(w, KEY, (body) => body.u32(7)))
    assert.deepEqual(
      blob,
      encoded((w) => w.blob(sealed)),
    )
    assert.deepEqual(
      boxed,
      encoded((w) => w.blob(blob)),
    )
    assert.deepEqual(
      readSealedBlob(new Reader(blob), KEY, (r) => r.u32()),
      E.right(7),
    )
    assert.deepEqual(
      readBoxedBlob(new Reader(boxed), KEY, (r) => r.u32()),
      E.right(7),
    )
    assert(E.isLeft(readSealedBlob(new Reader(boxed), KEY, (r) => r.u32())))
  })

  it('are refused when empty, cut, or shorter inside than what is read', () => {
    const sealed = seal(KEY, (w) => w.u32(7))
    for (const bytes of [Buffer.alloc(0), sealed.subarray(1), sealed.subarray(0, 16)])
      assert(E.isLeft(unseal(KEY, bytes, (r) => r.u64())))
    assert(E.isLeft(unseal(KEY, sealed, (r) => r.u64())))
    assert(E.isLeft(unseal(NO_KEY, sealed, (r) => r.u32())))
  })

  it('need a key', () => {
    assert.throws(() => seal(NO_KEY, (w) => w.u32(7)), /cannot encrypt/)
  })
})

describe('proofs', () => {
  it('agree only when they are equal', () => {
    assert(sameProof(5n, 5n))
    assert(!sameProof(5n, 5n + (1n << 63n)))
  })
})

describe('entropy', () => {
  const seed = Buffer.alloc(32, 3)

  it('gives each label bytes of its own, always the same', () => {
    assert.deepEqual(entropyBytes(seed, 'a', 40), entropyBytes(seed, 'a', 40))
    assert.notDeepEqual(entropyBytes(seed, 'a', 40), entropyBytes(seed, 'b', 40))
    assert.notDeepEqual(entropyBytes(seed, 'a', 40), entropyBytes(Buffer.alloc(32, 4), 'a', 40))
    assert.equal(entropyBytes(seed, 'a', 0).length, 0)
  })

  it('is HKDF-SHA256 as RFC 5869 has it', () => {
    const keyMaterial = Buffer.alloc(22, 0x0b)
    const expected = '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8'
    assert.equal(entropyBytes(keyMaterial, '', 42).toString('hex'), expected)
  })

  it('draws numbers and keys', () => {
    assert.notEqual(entropyU64(seed, 'a'), entropyU64(seed, 'b'))
    assert.equal(generateKey(seed, 'key', UTIME_ZERO).secret.length, 16)
  })
})
