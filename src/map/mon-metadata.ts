/**
 * What every monitor said about itself at the last election: `monitor_store/last_metadata`.
 *
 * Grammar: map i32 rank → map string → string
 * Source: ceph src/mon/Monitor.cc win_election, load_metadata.
 */
import { byNumber } from '../base/ordered.ts'
import type { Reader } from '../codec/reader.ts'
import { decodeStringMap, encodeStringMap, type StringMap } from '../codec/type/string-map.ts'
import type { Writer } from '../codec/writer.ts'

export type MonMetadata = ReadonlyMap<number, StringMap>

export const decodeMonMetadata = (r: Reader): MonMetadata => r.map((k) => k.i32(), decodeStringMap)

export const encodeMonMetadata = (w: Writer, metadata: MonMetadata): void =>
  w.map(metadata, byNumber, (out, rank) => out.i32(rank), encodeStringMap)
