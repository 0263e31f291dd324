/** std::map<std::string, std::string>: metadata, options, locations. Grammar: u32 count, (string, string)… by key. */
import { byBytes } from '../../base/ordered.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export type StringMap = ReadonlyMap<string, string>

export const decodeStringMap = (r: Reader): StringMap => r.map(r.string, r.string)

export const encodeStringMap = (w: Writer, map: StringMap): void =>
  w.map(
    map,
    byBytes,
    (k, key) => k.string(key),
    (v, value) => v.string(value),
  )
