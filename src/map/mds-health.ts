/**
 * What an MDS finds wrong with itself.
 *
 * Grammar: MDSHealth = versioned 1/1 { array of versioned 1/1 { u16 type, u8 severity, string message,
 *          map string → string metadata } }
 * Source: ceph src/messages/MMDSBeacon.h MDSHealth, MDSHealthMetric.
 */
import type { Reader } from '../codec/reader.ts'
import { decodeStringMap, encodeStringMap, type StringMap } from '../codec/type/string-map.ts'
import type { Writer } from '../codec/writer.ts'

export interface MdsHealthMetric {
  /** mds_metric_t, never 0. */
  readonly type: number
  /** See HEALTH in map/health.ts. */
  readonly severity: number
  readonly message: string
  readonly metadata: StringMap
}

export type MdsHealth = readonly MdsHealthMetric[]

const decodeMetric = (r: Reader): MdsHealthMetric =>
  r.versioned(1, () => ({
    type: r.u16(),
    severity: r.u8(),
    message: r.string(),
    metadata: decodeStringMap(r),
  }))

const encodeMetric = (w: Writer, metric: MdsHealthMetric): void =>
  w.versioned(1, 1, () => {
    w.u16(metric.type)
    w.u8(metric.severity)
    w.string(metric.message)
    encodeStringMap(w, metric.metadata)
  })

export const decodeMdsHealth = (r: Reader): MdsHealth => r.versioned(1, () => r.array(decodeMetric))

export const encodeMdsHealth = (w: Writer, health: MdsHealth): void =>
  w.versioned(1, 1, () => w.array(health, encodeMetric))
