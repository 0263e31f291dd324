import assert from 'node:assert/strict'
import fc from 'fast-check'
import { formatJson, jsonFixed, jsonFloat, type Json, printGeneral } from '../../src/base/json.ts'

describe('formatJson', () => {
  it('prints compact text without spaces, in the order given', () => {
    const value: Json = { b: 1, a: [true, 'x', 4540138314316775423n], e: {}, l: [] }
    assert.equal(formatJson(value), '{"b":1,"a":[true,"x",4540138314316775423],"e":{},"l":[]}')
  })

  it('keeps the order of keys that look like integers in a Map', () => {
    const value = new Map<string, Json>([
      ['10', 1],
      ['9', 2],
    ])
    assert.equal(formatJson(value), '{"10":1,"9":2}')
  })

  it('leaves undefined fields out', () => {
    assert.equal(formatJson({ a: undefined, b: 1 }), '{"b":1}')
  })

  // The shape of `ceph health -f json-pretty` of 16.2.15.
  it('prints pretty text with four spaces and a final newline', () => {
    const text = formatJson({ status: 'HEALTH_OK', checks: {}, mutes: [], list: [1, { a: 2 }] }, true)
    const expected = [
      '{',
      '    "status": "HEALTH_OK",',
      '    "checks": {},',
      '    "mutes": [],',
      '    "list": [',
      '        1,',
      '        {',
      '            "a": 2',
      '        }',
      '    ]',
      '}',
      '',
    ]
    assert.equal(text, expected.join('\n'))
  })

  it('escapes quotes, backslashes and control characters only', () => {
    assert.equal(formatJson('a"\\\t\n\r\x7f/é'), '"a\\"\\\\\\t\\n\\u000d\\u007f/é"')
  })

  it('asserts on a number with a fraction', () => {
    assert.throws(() => formatJson(0.5), /use bigint or jsonFloat/)
  })

  it('prints what JSON.parse reads back', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.array(fc.oneof(fc.string(), fc.maxSafeInteger()))),
        (value) => {
          const named = Object.fromEntries(Object.entries(value).filter(([k]) => /^\w+$/.test(k)))
          assert.deepEqual(JSON.parse(formatJson(named)), { ...named })
          assert.deepEqual(JSON.parse(formatJson(named, true)), { ...named })
        },
      ),
    )
  })
})

describe('floats', () => {
  // Values as `ceph osd dump -f json` of 16.2.15 prints them; ratios are float32.
  const DUMPED: readonly (readonly [number, string])[] = [
    [Math.fround(0.83), '0.82999998331069946'],
    [0.05, '0.050000000000000003'],
    [0.33, '0.33000000000000002'],
    [0.5, '0.5'],
    [1, '1'],
    [4, '4'],
    [0, '0'],
  ]
  for (const [value, text] of DUMPED)
    it(`dumps ${text}`, () => {
      assert.equal(formatJson(jsonFloat(value)), text)
    })

  it('prints exponents as C does', () => {
    assert.equal(printGeneral(1e-5), '1e-05')
    assert.equal(printGeneral(1234567), '1.23457e+06')
    assert.equal(printGeneral(999999.5), '1e+06')
    assert.equal(printGeneral(0.0001), '0.0001')
    assert.equal(printGeneral(1e17, 17), '1e+17')
  })

  it('prints fixed decimals', () => {
    assert.equal(formatJson(jsonFixed(1.5)), '1.500000')
  })

  it('keeps every double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        assert.ok(Number(printGeneral(value, 17)) === value)
      }),
    )
  })
})
