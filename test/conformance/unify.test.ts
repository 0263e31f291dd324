import { deepEqual, equal } from 'node:assert/strict'
import { NO_NAMES, unify, type Unified } from '../../conformance/unify.ts'

const NOTHING: Unified = { names: NO_NAMES, problems: [], fieldCount: 0 }

describe('unify', () => {
  it('matches names of values one to one', () => {
    const once = unify(NOTHING, '', { a: '4:1', b: '5:2', c: '4:1' }, { a: '90:7', b: '91:8', c: '90:7' })
    deepEqual(once.problems, [])
    equal(once.fieldCount, 3)
    equal(unify(once, '', '4:1', '91:8').problems.length, 1)
    equal(unify(once, '', '6:3', '90:7').problems.length, 1)
    equal(unify(once, '', '6:3', '92:9').problems.length, 0)
  })

  it('compares everything else for equality, and names the place', () => {
    deepEqual(unify(NOTHING, 'after', { x: [1, 2], y: null }, { x: [1, 3], y: null }).problems, [
      'after.x.1 is 3, the model has 2',
    ])
    equal(unify(NOTHING, '', { x: 1 }, {}).problems.length, 1)
    equal(unify(NOTHING, '', [1], [1, 2]).problems.length, 1)
    equal(unify(NOTHING, '', [], {}).problems.length, 1)
  })
})
