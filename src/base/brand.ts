/**
 * Numbers that must not be mixed up. A brand costs nothing at run time; the constructors assert the range.
 *
 * Ceph's abbreviations, once: `pn` proposal number, `osd` object storage daemon, `pg` placement group,
 * `fsid` the cluster's uuid.
 */
import { invariant } from './assert.ts'

declare const brand: unique symbol
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name }

/** Index of a monitor in the monmap, 0-based; the lowest rank wins a classic election. */
export type Rank = Branded<number, 'Rank'>
/** Election epoch, u32: odd while electing, even while a quorum stands. */
export type Epoch = Branded<number, 'Epoch'>
/** Paxos or service version, u64; 0 is "nothing yet". */
export type Version = Branded<bigint, 'Version'>
/** Paxos proposal number, u64: round × 100 + rank. */
export type ProposalNumber = Branded<bigint, 'ProposalNumber'>

/** Ranks above this cannot own proposal numbers (pn % 100 is the owner). */
export const RANK_MAX = 99
const U32_MAX = 0xffff_ffff
const U64_MAX = 0xffff_ffff_ffff_ffffn

export const rank = (n: number): Rank => {
  invariant(Number.isInteger(n) && n >= 0 && n <= RANK_MAX, `rank ${n} outside 0..${RANK_MAX}`)
  return n as Rank
}

export const epoch = (n: number): Epoch => {
  invariant(Number.isInteger(n) && n >= 0 && n <= U32_MAX, `election epoch ${n} outside u32`)
  return n as Epoch
}

export const version = (n: bigint): Version => {
  invariant(n >= 0n && n <= U64_MAX, `version ${n} outside u64`)
  return n as Version
}

export const proposalNumber = (n: bigint): ProposalNumber => {
  invariant(n >= 0n && n <= U64_MAX, `proposal number ${n} outside u64`)
  return n as ProposalNumber
}
