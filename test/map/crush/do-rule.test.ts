import assert from 'node:assert/strict'
import fc from 'fast-check'
import { crushMapBytes, decodeCrushMap } from '../../../src/map/crush/codec.ts'
import { CRUSH_ITEM_NONE } from '../../../src/map/crush/crush-map.ts'
import { doRule, findRule } from '../../../src/map/crush/do-rule.ts'
import { hashBytes } from '../../../src/map/crush/hash.ts'
import { crushLn } from '../../../src/map/crush/ln.ts'
import { decoded } from '../../codec/decoded.ts'
import { fixture } from '../../fixture/fixture.ts'

const MAPS = [
  'uniform',
  'list',
  'tree',
  'straw',
  'straw2',
  'legacy-uniform',
  'legacy-straw',
  'legacy-straw2',
  'vary-straw2',
] as const
const REPLICAS = 3
const DEVICES = 12
const ALL_IN: readonly number[] = Array.from({ length: DEVICES }, () => 0x10000)
// As crushtool was told: device 4 is half in, 7 is out.
const WEIGHTS = ALL_IN.map((weight, device) => (device === 4 ? weight / 2 : device === 7 ? 0 : weight))

const mapOf = (name: string) => decoded(decodeCrushMap, fixture(`map/crush/${name}.bin`))

describe('doRule maps as crushtool --test does', () => {
  for (const name of MAPS)
    it(name, () => {
      const map = mapOf(name)
      const lines = fixture(`map/crush/${name}.mappings.txt`).toString().trim().split('\n')
      assert.equal(lines.length, 5 * 61)
      for (const line of lines) {
        const [rule = '', x = ''] = line.split(' ')
        const devices = doRule(map, Number(rule), Number(x), REPLICAS, WEIGHTS)
        assert.equal(`${rule} ${x} [${devices.join(',')}]`, line)
      }
    })
})

describe('CRUSH map bytes', () => {
  for (const name of MAPS)
    it(`of crushtool re-encode: ${name}`, () => {
      const bytes = fixture(`map/crush/${name}.bin`)
      assert.deepEqual(crushMapBytes(decoded(decodeCrushMap, bytes)), bytes)
    })

  it('that end before the tunables have the legacy ones', () => {
    const bytes = crushMapBytes({
      ...mapOf('straw2'),
      deviceClasses: new Map(),
      classNames: new Map(),
      classBuckets: new Map(),
    })
    // Tunables take 23 bytes, then come three empty maps and no choose_args.
    const short = bytes.subarray(0, bytes.length - 23 - 16)
    assert.equal(decoded(decodeCrushMap, short).tunables.chooseTotalTries, 19)
  })
})

describe('doRule', () => {
  const map = mapOf('straw2')

  it('gives distinct devices on distinct hosts', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (x) => {
        const hosts = doRule(map, 0, x, REPLICAS, ALL_IN).map((device) => Math.floor(device / 3))
        assert.equal(new Set(hosts).size, REPLICAS)
      }),
    )
  })

  it('never gives an out device or one device twice, whatever the rule', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.nat(DEVICES - 1), fc.nat(4), (x, out, rule) => {
        const devices = doRule(map, rule, x, 6, ALL_IN.with(out, 0))
        const real = devices.filter((device) => device !== CRUSH_ITEM_NONE)
        assert.ok(devices.length <= 6)
        assert.equal(new Set(real).size, real.length)
        assert.ok(!real.includes(out))
      }),
    )
  })

  it('leaves holes in an indep rule and none in a firstn rule when devices are missing', () => {
    const two = ALL_IN.map((_, device) => (device < 2 ? 0x10000 : 0))
    assert.equal(doRule(map, 1, 1, 4, two).filter((device) => device === CRUSH_ITEM_NONE).length, 3)
    assert.equal(doRule(map, 0, 1, 4, two).length, 1)
  })

  it('gives nothing for a rule that is not there', () => {
    assert.deepEqual(doRule(map, 99, 1, 3, ALL_IN), [])
    assert.equal(findRule(map, 99, 1, 3), undefined)
    assert.equal(findRule(map, 1, 1, 3), undefined)
    assert.equal(findRule(map, 1, 3, 3), 1)
  })

  it('uses the weights that choose_args give', () => {
    const row = [0, 0, 0x10000, 0]
    const args = new Map([[0, { weightSet: [row], ids: [] }]])
    for (let x = 0; x < 20; x++)
      assert.deepEqual(
        doRule(map, 0, x, 1, ALL_IN, args).map((device) => Math.floor(device / 3)),
        [2],
      )
  })
})

describe('crushLn', () => {
  it('rises from -2^48 to the last argument but one, and falls there by the flaw of its table', () => {
    assert.equal(crushLn(0), -(2 ** 48))
    for (let u = 1; u < 0xffff; u++) assert.ok(crushLn(u) >= crushLn(u - 1), `at ${u}`)
    assert.ok(crushLn(0xffff) < crushLn(0xfffe))
  })
})

describe('hashBytes', () => {
  it('differs by length where the padded bytes are the same', () => {
    assert.notEqual(hashBytes(Buffer.from('a')), hashBytes(Buffer.from('a\0')))
  })
})
