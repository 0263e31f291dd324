/** A monitor's feature bits. Grammar: versioned 1/1 { u64 }. Source: ceph src/mon/mon_types.h mon_feature_t. */
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export const decodeMonFeature = (r: Reader): bigint => r.versioned(1, () => r.u64())
export const encodeMonFeature = (w: Writer, features: bigint): void =>
  w.versioned(1, 1, () => w.u64(features))
