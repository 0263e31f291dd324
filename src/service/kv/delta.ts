/**
 * What one version changed: the value of kv/N.
 *
 * Grammar: map string → optional blob. Source: ceph src/mon/KVMonitor.cc KVMonitor::encode_pending.
 */
import { byBytes } from '../../base/ordered.ts'
import type { Reader } from '../../codec/reader.ts'
import { encoded } from '../../codec/writer.ts'
import type { KvChanges } from './state.ts'

export const deltaBytes = (changes: KvChanges): Buffer =>
  encoded((w) =>
    w.map(
      changes,
      byBytes,
      (out, key) => out.string(key),
      (out, value) => out.optional(value, (o, bytes) => o.blob(bytes)),
    ),
  )

export const decodeDelta = (r: Reader): KvChanges =>
  r.map(r.string, (item): Buffer | undefined => item.optional(item.blob))
