/**
 * What every monitor said about itself at the last election: `monitor_store/last_metadata`.
 *
 * Grammar: map i32 rank → map string → string
 * Source: ceph src/mon/Monitor.cc win_election, load_metadata.
 */
import { byBytes, byNumber } from '../base/ordered.ts'
import type { Reader } from '../codec/reader.ts'
import type { Writer } from '../codec/writer.ts'

export type Metadata = ReadonlyMap<string, string>
export type MonMetadata = ReadonlyMap<number, Metadata>

export const decodeMonMetadata = (r: Reader): MonMetadata =>
  r.map(
    (k) => k.i32(),
    () => r.map(r.string, r.string),
  )

export const encodeMonMetadata = (w: Writer, metadata: MonMetadata): void =>
  w.map(
    metadata,
    byNumber,
    (out, rank) => out.i32(rank),
    (out, fields) =>
      out.map(
        fields,
        byBytes,
        (o, key) => o.string(key),
        (o, value) => o.string(value),
      ),
  )
