import { proposalNumber, RANK_MAX, type ProposalNumber, type Rank } from '../base/brand.ts'

const OWNERS = BigInt(RANK_MAX) + 1n

/**
 * The next proposal number owned by `rank`, greater than `last`.
 *
 * Shape:  result % 100 = rank; result > last; the rounds of all monitors advance together.
 * Units:  u64, round × 100 + rank.
 * Source: ceph src/mon/Paxos.cc Paxos::get_new_proposal_number; spec NewProposalNumber.
 */
export const newProposalNumber = (last: ProposalNumber, rank: Rank): ProposalNumber =>
  proposalNumber((last / OWNERS + 1n) * OWNERS + BigInt(rank))

/** The rank that made `pn`. */
export const ownerOf = (pn: ProposalNumber): number => Number(pn % OWNERS)

export const highestPn = (...pns: readonly [ProposalNumber, ...ProposalNumber[]]): ProposalNumber =>
  pns.reduce((a, b) => (a > b ? a : b))
