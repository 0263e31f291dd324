import assert from 'node:assert/strict'
import fc from 'fast-check'
import { proposalNumber, rank } from '../../src/base/brand.ts'
import { highestPn, newProposalNumber, ownerOf } from '../../src/paxos/proposal-number.ts'

describe('proposal numbers', () => {
  it('start at the rank in the first hundred, and go on by rounds', () => {
    assert.equal(newProposalNumber(proposalNumber(0n), rank(0)), 100n)
    assert.equal(newProposalNumber(proposalNumber(100n), rank(0)), 200n)
    assert.equal(newProposalNumber(proposalNumber(302n), rank(1)), 401n)
  })

  it('are greater than the last, and belong to their maker', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 1n << 60n), fc.integer({ min: 0, max: 99 }), (last, owner) => {
        const made = newProposalNumber(proposalNumber(last), rank(owner))
        assert.ok(made > last)
        assert.equal(ownerOf(made), owner)
      }),
    )
  })

  it('never collide between two monitors', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 1_000_000n),
        fc.bigInt(0n, 1_000_000n),
        fc.integer({ min: 0, max: 98 }),
        (a, b, owner) => {
          assert.notEqual(
            newProposalNumber(proposalNumber(a), rank(owner)),
            newProposalNumber(proposalNumber(b), rank(owner + 1)),
          )
        },
      ),
    )
  })

  it('are compared as numbers', () => {
    assert.equal(highestPn(proposalNumber(200n), proposalNumber(1001n), proposalNumber(999n)), 1001n)
  })
})
