import assert from 'node:assert/strict'
import { pgKey, printPgKey } from '../../../src/codec/type/pg-key.ts'
import { osdMapBytes, osdMapOf } from '../../../src/map/osd-map/codec.ts'
import type { OsdMap } from '../../../src/map/osd-map/osd-map.ts'
import { pgOfObject, placementOf, stableMod } from '../../../src/map/osd-map/placement.ts'
import { fixture } from '../../fixture/fixture.ts'
import { placementLines, placementMap } from './placement-map.ts'
import { right } from './sequence.ts'

const printSet = (osds: readonly number[], primary: number): string => `([${osds.join(',')}], p${primary})`

const ourLines = (map: OsdMap): readonly string[] =>
  [...map.pools].flatMap(([pool, { pgNum }]) =>
    Array.from({ length: pgNum }, (_, seed) => {
      const key = pgKey({ pool, seed })
      const { up, upPrimary, acting, actingPrimary } = placementOf(map, key)
      return `${printPgKey(key)} up ${printSet(up, upPrimary)} acting ${printSet(acting, actingPrimary)}`
    }),
  )

describe('placementOf', () => {
  it('is what osdmaptool says for every group, with upmaps, affinities and overrides', () => {
    const map = right(osdMapOf(fixture('map/placement/osdmap.bin')))
    assert.deepEqual(osdMapBytes(placementMap()), fixture('map/placement/osdmap.bin'))
    const theirs = placementLines(fixture('map/placement/pgs.txt').toString())
    assert.equal(theirs.length, 64 + 32 + 12)
    assert.deepEqual(ourLines(map), theirs)
  })

  it('is nowhere without the pool and beyond its groups', () => {
    const nowhere = { up: [], upPrimary: -1, acting: [], actingPrimary: -1 }
    assert.deepEqual(placementOf(placementMap(), pgKey({ pool: 9n, seed: 0 })), nowhere)
    assert.deepEqual(placementOf(placementMap(), pgKey({ pool: 3n, seed: 12 })), nowhere)
  })
})

describe('pgOfObject', () => {
  // Groups as `osdmaptool MAP --test-map-object NAME --pool 1` gives them.
  const OBJECTS = [
    ['foo', '1.6'],
    ['a', '1.18'],
    ['abcdefghijk', '1.c'],
    ['abcdefghijkl', '1.25'],
    ['abcdefghijklm', '1.31'],
    ['rbd_data.1234.0000000000000001', '1.13'],
    ['é', '1.1'],
  ] as const
  for (const [name, pg] of OBJECTS)
    it(`puts '${name}' into ${pg}`, () => {
      assert.equal(printPgKey(pgOfObject(placementMap(), 1n, name)!), pg)
    })

  it('hashes the namespace with the name, and the key instead of it', () => {
    const map = placementMap()
    assert.notEqual(pgOfObject(map, 1n, 'foo', 'ns'), pgOfObject(map, 1n, 'foo'))
    assert.equal(pgOfObject(map, 1n, 'bar', '', 'foo'), pgOfObject(map, 1n, 'foo'))
    assert.equal(pgOfObject(map, 9n, 'foo'), undefined)
  })
})

describe('stableMod', () => {
  it('moves only what growing from 8 to 12 must move', () => {
    for (let x = 0; x < 64; x++)
      assert.ok(stableMod(x, 12) === stableMod(x, 8) || stableMod(x, 12) === stableMod(x, 8) + 8)
  })

  it('takes hashes with the highest bit set', () => {
    assert.equal(stableMod(0xffffffff, 0x80000000), 0x7fffffff)
    assert.equal(stableMod(0xffffffff, 1), 0)
  })
})
