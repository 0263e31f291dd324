import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  containsSnaps,
  countSnaps,
  decodeSnapIntervals,
  encodeSnapIntervals,
  hasSnap,
  printSnapIntervals,
  type SnapIntervals,
  subtractSnaps,
  unionSnaps,
} from '../../../src/codec/type/snap-intervals.ts'
import { encoded } from '../../../src/codec/writer.ts'
import { decoded } from '../decoded.ts'

const MEMBERS = 40

// The dumb version: a set of numbers.
const intervalsOf = (members: ReadonlySet<number>): SnapIntervals =>
  [...members].sort((a, b) => a - b).reduce<SnapIntervals>((set, n) => unionSnaps(set, [[BigInt(n), 1n]]), [])
const membersOf = (set: SnapIntervals): readonly number[] =>
  Array.from({ length: MEMBERS }, (_, n) => n).filter((n) => hasSnap(set, BigInt(n)))

const someSet = fc.array(fc.nat(MEMBERS - 1)).map((members) => new Set(members))
const sorted = (set: ReadonlySet<number>): readonly number[] => [...set].sort((a, b) => a - b)

describe('snapshot intervals', () => {
  it('are what sets are: union, difference, membership, size', () => {
    fc.assert(
      fc.property(someSet, someSet, (a, b) => {
        const [x, y] = [intervalsOf(a), intervalsOf(b)]
        assert.deepEqual(membersOf(unionSnaps(x, y)), sorted(new Set([...a, ...b])))
        assert.deepEqual(membersOf(subtractSnaps(x, y)), sorted(new Set([...a].filter((n) => !b.has(n)))))
        assert.equal(
          containsSnaps(x, y),
          [...b].every((n) => a.has(n)),
        )
        assert.equal(countSnaps(x), BigInt(a.size))
      }),
    )
  })

  it('have one form: sorted, with gaps between', () => {
    fc.assert(
      fc.property(someSet, someSet, (a, b) => {
        const union = unionSnaps(intervalsOf(a), intervalsOf(b))
        union.forEach(([start], i) => {
          const before = union[i - 1]
          assert.ok(before === undefined || before[0] + before[1] < start)
        })
        assert.deepEqual(union, unionSnaps(intervalsOf(b), intervalsOf(a)))
      }),
    )
  })

  it('round-trip', () => {
    const set = intervalsOf(new Set([1, 2, 3, 16, 30, 31]))
    assert.deepEqual(
      decoded(
        decodeSnapIntervals,
        encoded((w) => encodeSnapIntervals(w, set)),
      ),
      set,
    )
  })

  it('print in hex as Ceph does', () => {
    assert.equal(printSnapIntervals(intervalsOf(new Set([1, 2, 3, 16]))), '[1~3,10~1]')
    assert.equal(printSnapIntervals([]), '[]')
  })
})
