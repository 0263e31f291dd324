import assert from 'node:assert/strict'
import { loadPaxos, PAXOS_OPTIONS } from '../../src/paxos/state.ts'
import { shouldTrim, trimOps } from '../../src/paxos/trim.ts'
import { erase, putU64 } from '../../src/store/transaction.ts'
import { storeWith } from './fixture.ts'

const at = (first: bigint, last: bigint) => loadPaxos(storeWith(first, last))

describe('trimming', () => {
  it('starts when more than 750 versions are kept beyond the first', () => {
    assert.equal(shouldTrim(at(1n, 751n), PAXOS_OPTIONS), false)
    assert.deepEqual(trimOps(at(1n, 751n), PAXOS_OPTIONS), [])
    assert.equal(shouldTrim(at(1n, 752n), PAXOS_OPTIONS), true)
  })

  it('keeps 500 versions', () => {
    const ops = trimOps(at(1n, 752n), PAXOS_OPTIONS)
    assert.equal(ops.length, 251 + 2)
    assert.deepEqual(ops[0], erase('paxos', '1'))
    assert.deepEqual(ops[250], erase('paxos', '251'))
    assert.deepEqual(ops[251], putU64('paxos', 'first_committed', 252n))
    assert.deepEqual(ops[252], { type: 'compact', prefix: 'paxos', key: '0', endKey: '252' })
  })

  it('takes at most 500 at a time', () => {
    const ops = trimOps(at(101n, 2000n), PAXOS_OPTIONS)
    assert.deepEqual(ops[0], erase('paxos', '101'))
    assert.deepEqual(ops.at(-2), putU64('paxos', 'first_committed', 601n))
    assert.equal(ops.length, 500 + 2)
  })
})
