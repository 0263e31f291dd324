import { deepEqual, equal, throws } from 'node:assert/strict'
import {
  asFunction,
  asInt,
  asItems,
  formatState,
  formatValue,
  parseState,
  parseValue,
} from '../../spec/tla-value.ts'

describe('TLA+ values', () => {
  it('of every kind that TLC prints are read', () => {
    equal(
      formatValue(parseValue('[a |-> <<1, "q\\"r">>, b |-> {2, 1}, c |-> TRUE]')),
      '[a |-> <<1, "q\\"r">>, b |-> {1, 2}, c |-> TRUE]',
    )
    equal(formatValue(parseValue('(0 :> "z" @@ -1 :> {})')), '(-1 :> {} @@ 0 :> "z")')
    deepEqual(parseValue('<<>>'), { _tag: 'Sequence', items: [] })
    deepEqual(parseValue('m1'), { _tag: 'Model', name: 'm1' })
    deepEqual(asItems(parseValue('3..5')).map(asInt), [3, 4, 5])
  })

  it('are equal in text when they are equal, whatever the order', () => {
    equal(
      formatState(parseState('/\\ x = {3, 1}\n/\\ y = [b |-> 1, a |-> 2]')),
      formatState(parseState('/\\ y = [a |-> 2, b |-> 1]\n/\\ x = {1, 3}')),
    )
  })

  it('of a single variable come without a conjunction sign', () => {
    equal(asInt(parseState('x = 7').get('x')), 7)
  })

  it('that are functions read alike as sequences, records and pairs', () => {
    deepEqual([...asFunction(parseValue('<<5, 6>>')).keys()], ['1', '2'])
    deepEqual([...asFunction(parseValue('[a |-> 5]')).keys()], ['"a"'])
    deepEqual([...asFunction(parseValue('(0 :> 5)')).keys()], ['0'])
  })

  it('that break off are refused', () => {
    for (const text of ['{1, 2', '<<1', '[a |-> ', '1 2', '"a']) throws(() => parseValue(text))
  })
})
