/**
 * A long operation that the manager reports on, by its id.
 *
 * Grammar: versioned 2/1 { string message, f32 progress, bool add_to_ceph_s }. Source: ceph src/mon/mon_types.h.
 */
import { byBytes } from '../base/ordered.ts'
import type { Reader } from '../codec/reader.ts'
import type { Writer } from '../codec/writer.ts'

export interface ProgressEvent {
  readonly message: string
  /** 0 to 1. */
  readonly progress: number
  readonly addToCephS: boolean
}

export type ProgressEvents = ReadonlyMap<string, ProgressEvent>

export const decodeProgressEvent = (r: Reader): ProgressEvent =>
  r.versioned(2, (structV) => {
    const message = r.string()
    return { message, progress: r.f32(), addToCephS: structV >= 2 ? r.bool() : message !== '' }
  })

export const encodeProgressEvent = (w: Writer, event: ProgressEvent): void =>
  w.versioned(2, 1, () => {
    w.string(event.message)
    w.f32(event.progress)
    w.bool(event.addToCephS)
  })

export const decodeProgressEvents = (r: Reader): ProgressEvents => r.map(r.string, decodeProgressEvent)

export const encodeProgressEvents = (w: Writer, events: ProgressEvents): void =>
  w.map(events, byBytes, (out, id) => out.string(id), encodeProgressEvent)
