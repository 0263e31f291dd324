/** A pool's snapshot. Grammar: versioned 2/2 { u64 id, utime, string name }. Source: ceph src/osd/osd_types.cc pool_snap_info_t. */
import type { Reader } from '../../codec/reader.ts'
import { decodeUtime, encodeUtime, type Utime } from '../../codec/type/utime.ts'
import type { Writer } from '../../codec/writer.ts'

export interface PoolSnap {
  readonly snapId: bigint
  readonly stamp: Utime
  readonly name: string
}

export const decodePoolSnap = (r: Reader): PoolSnap =>
  r.versioned(2, () => ({ snapId: r.u64(), stamp: decodeUtime(r), name: r.string() }))

export const encodePoolSnap = (w: Writer, snap: PoolSnap): void =>
  w.versioned(2, 2, () => {
    w.u64(snap.snapId)
    encodeUtime(w, snap.stamp)
    w.string(snap.name)
  })
