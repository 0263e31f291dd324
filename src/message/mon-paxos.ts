import { byBigint } from '../base/ordered.ts'
import { decodeUtime, encodeUtime, type Utime } from '../codec/type/utime.ts'
import { messageCodec } from './codec.ts'

/**
 * A step of Paxos; which fields count depends on the operation, the others are 0 or empty.
 *
 * Grammar: u32 epoch, i32 op, u64 first committed, u64 last committed, u64 pn from, u64 pn, u64 uncommitted pn,
 *          utime lease, utime sent, u64 latest version, blob latest value, map u64 → blob values, blob feature map.
 * Source: ceph src/messages/MMonPaxos.h.
 */
export interface MMonPaxos {
  readonly _tag: 'MMonPaxos'
  readonly epoch: number
  /** COLLECT 1, LAST 2, BEGIN 3, ACCEPT 4, COMMIT 5, LEASE 6, LEASE_ACK 7. */
  readonly op: number
  readonly firstCommitted: bigint
  readonly lastCommitted: bigint
  /** LAST: rank whose pn was accepted last. */
  readonly pnFrom: bigint
  readonly pn: bigint
  readonly uncommittedPn: bigint
  /** LEASE: the end of the lease on the leader's clock; LEASE_ACK: the peon's clock. */
  readonly leaseTimestamp: Utime
  readonly sentTimestamp: Utime
  readonly latestVersion: bigint
  readonly latestValue: Buffer
  /** Version to encoded transaction. */
  readonly values: ReadonlyMap<bigint, Buffer>
  /** LEASE_ACK: features of the peon's sessions, an encoded FeatureMap. */
  readonly featureMap: Buffer
}

export const MMonPaxos = messageCodec<MMonPaxos>({
  name: 'MMonPaxos',
  type: 66,
  version: 4,
  compat: 3,
  decode: (r) => ({
    _tag: 'MMonPaxos',
    epoch: r.u32(),
    op: r.i32(),
    firstCommitted: r.u64(),
    lastCommitted: r.u64(),
    pnFrom: r.u64(),
    pn: r.u64(),
    uncommittedPn: r.u64(),
    leaseTimestamp: decodeUtime(r),
    sentTimestamp: decodeUtime(r),
    latestVersion: r.u64(),
    latestValue: r.blob(),
    values: r.map(r.u64, r.blob),
    featureMap: r.blob(),
  }),
  encode: (w, m) => {
    w.u32(m.epoch)
    w.i32(m.op)
    w.u64(m.firstCommitted)
    w.u64(m.lastCommitted)
    w.u64(m.pnFrom)
    w.u64(m.pn)
    w.u64(m.uncommittedPn)
    encodeUtime(w, m.leaseTimestamp)
    encodeUtime(w, m.sentTimestamp)
    w.u64(m.latestVersion)
    w.blob(m.latestValue)
    w.map(
      m.values,
      byBigint,
      (k, version) => k.u64(version),
      (v, value) => v.blob(value),
    )
    w.blob(m.featureMap)
  },
})
