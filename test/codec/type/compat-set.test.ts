import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  type CompatSet,
  compatMask,
  decodeCompatSet,
  EMPTY_COMPAT_SET,
  encodeCompatSet,
  isReadableBy,
  isWriteableBy,
} from '../../../src/codec/type/compat-set.ts'
import { decodeFeatureBitset, encodeFeatureBitset } from '../../../src/codec/type/feature-bitset.ts'
import { encoded } from '../../../src/codec/writer.ts'
import { decoded, refused } from '../decoded.ts'

const withIncompat = (...ids: readonly bigint[]): CompatSet => ({
  ...EMPTY_COMPAT_SET,
  incompat: new Map(ids.map((id) => [id, `feature ${id}`])),
})

describe('CompatSet', () => {
  it('round-trips, and the mask has the bits of the ids', () => {
    const set = withIncompat(1n, 3n, 63n)
    assert.deepEqual(
      decoded(
        decodeCompatSet,
        encoded((w) => encodeCompatSet(w, set)),
      ),
      set,
    )
    assert.equal(compatMask(set.incompat), (1n << 1n) | (1n << 3n) | (1n << 63n))
  })

  it('refuses ids that have no bit', () => {
    // Two empty sets (mask and count), then one feature of an id that no mask can hold.
    for (const id of [0n, 64n]) {
      const bytes = encoded((w) => {
        w.raw(Buffer.alloc(2 * 12))
        w.u64(0n)
        w.u32(1)
        w.u64(id)
        w.string('x')
      })
      assert.ok(refused(decodeCompatSet, bytes))
    }
  })

  it('is readable by who knows every incompatible feature, and writeable with the read-only ones too', () => {
    assert.ok(isReadableBy(withIncompat(1n), withIncompat(1n, 2n)))
    assert.ok(!isReadableBy(withIncompat(1n, 2n), withIncompat(1n)))
    const readOnly = { ...EMPTY_COMPAT_SET, roCompat: new Map([[1n, 'x']]) }
    assert.ok(isReadableBy(readOnly, EMPTY_COMPAT_SET))
    assert.ok(!isWriteableBy(readOnly, EMPTY_COMPAT_SET))
  })
})

describe('feature_bitset_t', () => {
  it('round-trips in whole words', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300)), (bits) => {
        const set = new Set(bits)
        const bytes = encoded((w) => encodeFeatureBitset(w, set))
        assert.equal((bytes.length - 4) % 8, 0)
        assert.deepEqual(decoded(decodeFeatureBitset, bytes), new Set([...set].sort((a, b) => a - b)))
      }),
    )
  })

  it('refuses sets beyond any release', () => {
    assert.ok(
      refused(
        decodeFeatureBitset,
        encoded((w) => w.blob(Buffer.alloc(4096))),
      ),
    )
  })
})
