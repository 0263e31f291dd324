import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { defaultValue, parseOptionValue, printOptionValue } from '../../src/config/option-value.ts'
import { OPTIONS, optionNamed } from '../../src/config/option.ts'

const parsed = (name: string, text: string): string => {
  const value = parseOptionValue(optionNamed(name), text)
  return E.isRight(value) ? printOptionValue(value.right) : `error: ${value.left}`
}

describe('an option’s value', () => {
  const cases: readonly [name: string, text: string, printed: string][] = [
    ['mon_lease', '5', '5.000000'],
    ['mon_lease', '.25', '0.250000'],
    ['mon_lease', '1e2', '100.000000'],
    ['mon_lease', 'abc', "error: strict_strtod: expected double, got: 'abc'"],
    ['mon_lease', '5x', "error: strict_strtod: garbage at end of string. got: '5x'"],
    ['mon_lease_ack_timeout_factor', '1', "error: Value '1.000000' is below minimum 1.000100"],
    ['paxos_min', '2K', '2000'],
    ['paxos_min', '-3', '-3'],
    ['paxos_min', '1Z', 'error: strict_si_cast: unit prefix not recognized'],
    ['paxos_min', '', 'error: strict_sistrtoll: value not specified'],
    ['paxos_min', '9E', '9000000000000000000'],
    ['paxos_min', '10E', 'error: strict_sistrtoll: value out of range'],
    ['paxos_min', '1x3', 'error: strict_si_cast: unit prefix not recognized'],
    ['mon_max_pg_per_osd', '-3', 'error: strict_sistrtoll: value should not be negative'],
    ['mon_max_pg_per_osd', '0', "error: Value '0' is below minimum 1"],
    ['mon_data_size_warn', '2Gi', '2147483648'],
    ['mon_data_size_warn', '2G', '2147483648'],
    ['mon_data_size_warn', '1Bi', 'error: strict_iecstrtoll: illegal prefix "Bi"'],
    ['mon_data_size_warn', '1KiB', 'error: strict_iecstrtoll: illegal prefix (length > 2)'],
    ['mon_data_size_warn', 'K', "error: Expected option value to be integer, got ''"],
    ['mgr_tick_period', '1h 30m', '5400'],
    ['mgr_tick_period', '2 fortnights', "error: unrecogized unit 'fortnights'"],
    ['mgr_tick_period', 'x', 'error: expected digit'],
    ['mon_allow_pool_delete', 'TRUE', 'true'],
    ['mon_allow_pool_delete', '0', 'false'],
    ['mon_allow_pool_delete', 'yes', "error: Expected option value to be integer, got 'yes'"],
    [
      'osd_pool_default_type',
      'raid',
      "error: 'raid' is not one of the permitted values: replicated, erasure",
    ],
    ['fsid', 'C2A1FB06-18BF-4B0F-8b3d-08a7a4b3a6c1', 'c2a1fb06-18bf-4b0f-8b3d-08a7a4b3a6c1'],
    ['fsid', 'abc', 'error: '],
    ['debug_mon', '3', '3/3'],
    ['debug_mon', '20/30', '20/30'],
    ['debug_mon', 'a', 'error: value must take the form N or N/M, where N and M are integers'],
    ['public_addr', 'nowhere', 'error: '],
  ]
  for (const [name, text, printed] of cases)
    it(`${name} = ${text === '' ? 'nothing' : text}: ${printed}`, () => {
      assert.equal(parsed(name, text), printed)
    })

  it('is for every option its default when nothing is said', () => {
    for (const option of OPTIONS.values()) assert.notEqual(defaultValue(option), undefined)
    const cephs = [...OPTIONS.keys()].filter((name) => !name.startsWith('monclave_'))
    assert.equal(cephs.length, 1808)
  })

  it('prints as text that parses to the same value', () => {
    for (const option of OPTIONS.values()) {
      const value = defaultValue(option)
      const again = parseOptionValue(option, printOptionValue(value))
      // Six decimals do not hold every default, and the original’s own default may break its limits.
      if (option.type === 'float' || E.isLeft(again)) continue
      assert.deepEqual(again.right, value, option.name)
    }
  })
})
