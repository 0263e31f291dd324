/**
 * What one monitor says to another about Paxos: MMonPaxos, field by field. Which fields an operation fills in is
 * decided by the constructors here and nowhere else; every other field is zero or empty, as a real monitor sends it.
 *
 * | op        | from   | fields, beside epoch, op and sentTimestamp                                                  |
 * | --------- | ------ | ------------------------------------------------------------------------------------------- |
 * | COLLECT   | leader | firstCommitted, lastCommitted, pn                                                            |
 * | LAST      | peon   | firstCommitted, lastCommitted, pn, pnFrom, values, uncommittedPn                             |
 * | BEGIN     | leader | lastCommitted, pn, values (the one proposed)                                                 |
 * | ACCEPT    | peon   | lastCommitted, pn                                                                            |
 * | COMMIT    | leader | lastCommitted, pn, values (the one committed); to catch a peon up: pn 0, all missing values  |
 * | LEASE     | leader | firstCommitted, lastCommitted, leaseTimestamp (when it ends, by the leader's clock)          |
 * | LEASE_ACK | peon   | firstCommitted, lastCommitted, leaseTimestamp (the peon's clock), featureMap                 |
 *
 * Source: ceph src/messages/MMonPaxos.h, src/mon/Paxos.cc; fields compared with recorded streams.
 */
import type { Epoch, ProposalNumber, Version } from '../base/brand.ts'
import { epoch, proposalNumber, version } from '../base/brand.ts'
import { byBigint } from '../base/ordered.ts'
import { utimeOfMs, UTIME_ZERO, type Utime } from '../codec/type/utime.ts'

/** Operation numbers of the wire. */
export const PAXOS_OP = {
  COLLECT: 1,
  LAST: 2,
  BEGIN: 3,
  ACCEPT: 4,
  COMMIT: 5,
  LEASE: 6,
  LEASE_ACK: 7,
} as const
export type PaxosOp = (typeof PAXOS_OP)[keyof typeof PAXOS_OP]

/** The fields as a decoder delivers them: any numbers. */
export interface PaxosWireFields {
  readonly epoch: number
  readonly op: number
  readonly firstCommitted: bigint
  readonly lastCommitted: bigint
  readonly pnFrom: bigint
  readonly pn: bigint
  readonly uncommittedPn: bigint
  readonly leaseTimestamp: Utime
  readonly sentTimestamp: Utime
  readonly latestVersion: bigint
  readonly latestValue: Buffer
  readonly values: ReadonlyMap<bigint, Buffer>
  readonly featureMap: Buffer
}

/** MMonPaxos in the order of the wire. `latestVersion` and `latestValue` are dead and stay zero and empty. */
export interface PaxosMessage extends PaxosWireFields {
  readonly epoch: Epoch
  readonly op: PaxosOp
  readonly firstCommitted: Version
  readonly lastCommitted: Version
  /** Only in LAST: the rank whose proposal number the peon last accepted; Ceph prints it and does nothing else. */
  readonly pnFrom: bigint
  readonly pn: ProposalNumber
  /** Under which number the value at lastCommitted + 1 was accepted; 0 when there is none. */
  readonly uncommittedPn: ProposalNumber
  /** Version → encoded transaction. */
  readonly values: ReadonlyMap<Version, Buffer>
}

const isPaxosOp = (op: number): op is PaxosOp => op >= PAXOS_OP.COLLECT && op <= PAXOS_OP.LEASE_ACK

/** A decoded message as Paxos takes it; undefined when its operation is none of Paxos's. */
export const receivedPaxosMessage = (fields: PaxosWireFields): PaxosMessage | undefined =>
  isPaxosOp(fields.op)
    ? {
        ...fields,
        epoch: epoch(fields.epoch),
        op: fields.op,
        firstCommitted: version(fields.firstCommitted),
        lastCommitted: version(fields.lastCommitted),
        pn: proposalNumber(fields.pn),
        uncommittedPn: proposalNumber(fields.uncommittedPn),
        values: new Map(
          [...fields.values].sort(([a], [b]) => byBigint(a, b)).map(([v, value]) => [version(v), value]),
        ),
      }
    : undefined

export const EMPTY_BYTES: Buffer = Buffer.alloc(0)
export const NO_VERSION: Version = version(0n)
export const NO_PN: ProposalNumber = proposalNumber(0n)

/** A message of `op` with every optional field zero. Units: `nowMs` milliseconds since 1970. */
export const paxosMessage = (
  epoch: Epoch,
  op: PaxosOp,
  nowMs: number,
  fields: Partial<Omit<PaxosMessage, 'epoch' | 'op' | 'sentTimestamp'>>,
): PaxosMessage => ({
  epoch,
  op,
  firstCommitted: NO_VERSION,
  lastCommitted: NO_VERSION,
  pnFrom: 0n,
  pn: NO_PN,
  uncommittedPn: NO_PN,
  leaseTimestamp: UTIME_ZERO,
  sentTimestamp: utimeOfMs(nowMs),
  latestVersion: 0n,
  latestValue: EMPTY_BYTES,
  values: new Map(),
  featureMap: EMPTY_BYTES,
  ...fields,
})
