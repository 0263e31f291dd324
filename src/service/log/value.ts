/**
 * What one version of the log adds: the value of logm/N.
 *
 * Grammar: u8 1, LogEntry… to the end. Source: ceph src/mon/LogMonitor.cc LogMonitor::encode_pending.
 */
import * as E from 'fp-ts/lib/Either.js'
import { invariant } from '../../base/assert.ts'
import { decodeWhole, type Reader } from '../../codec/reader.ts'
import { encoded } from '../../codec/writer.ts'
import { decodeLogEntry, encodeLogEntry, type LogEntry } from '../../map/log-entry.ts'
import type { StoreView } from '../../store/view.ts'

const VALUE_V = 1

export const logValueBytes = (entries: readonly LogEntry[]): Buffer =>
  encoded((w) => {
    w.u8(VALUE_V)
    for (const entry of entries) encodeLogEntry(w, entry)
  })

const decodeLogValue = (r: Reader): readonly LogEntry[] => {
  r.u8()
  const entries: LogEntry[] = []
  while (!r.failed && r.remaining > 0) entries.push(decodeLogEntry(r))
  return entries
}

/** The lines of a committed version. */
export const logEntriesOf = (store: StoreView, version: bigint): readonly LogEntry[] => {
  const bytes = store.get('logm', version.toString())
  invariant(bytes !== undefined, `log version ${version} is committed and not in the store`)
  const entries = decodeWhole(decodeLogValue, bytes)
  invariant(E.isRight(entries), `log version ${version} in the store cannot be decoded`)
  return entries.right
}
