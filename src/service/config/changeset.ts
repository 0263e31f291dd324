/**
 * History of the configuration database: what each version changed, from what to what.
 *
 * Keys: config-history/N/ = utime, string description; config-history/N/-KEY = old value; /+KEY = new value.
 * Source: ceph src/mon/ConfigMonitor.cc ConfigMonitor::encode_pending_to_kvmon, load_changeset.
 */
import { textOf, wireBytes } from '../../base/text.ts'
import { Reader } from '../../codec/reader.ts'
import { decodeUtime, encodeUtime, type Utime, UTIME_ZERO } from '../../codec/type/utime.ts'
import { encoded } from '../../codec/writer.ts'
import type { StoreView } from '../../store/view.ts'
import { keysFrom } from '../kv/keys.ts'
import type { KvChanges } from '../kv/state.ts'
import { CONFIG_PREFIX, HISTORY_PREFIX } from './load.ts'
import type { ConfigChanges } from './state.ts'

export interface ChangedValue {
  readonly before: string | undefined
  readonly after: string | undefined
}

export interface Changeset {
  readonly version: bigint
  readonly stamp: Utime
  readonly description: string
  /** By key. */
  readonly diff: ReadonlyMap<string, ChangedValue>
}

/** What version `version` changed; empty for one without a history. */
export const loadChangeset = (store: StoreView, version: bigint): Changeset => {
  const prefix = `${HISTORY_PREFIX}${version}/`
  const diff = new Map<string, ChangedValue>()
  let head: Pick<Changeset, 'stamp' | 'description'> = { stamp: UTIME_ZERO, description: '' }
  for (const [fullKey, bytes] of keysFrom(store, prefix)) {
    const sign = fullKey.charAt(prefix.length)
    const key = fullKey.slice(prefix.length + 1)
    const known = diff.get(key) ?? { before: undefined, after: undefined }
    if (sign === '') head = decodeHead(bytes)
    else if (sign === '-') diff.set(key, { ...known, before: textOf(bytes) })
    else if (sign === '+') diff.set(key, { ...known, after: textOf(bytes) })
  }
  return { version, ...head, diff: new Map([...diff].sort(([a], [b]) => (a < b ? -1 : 1))) }
}

const decodeHead = (bytes: Buffer): Pick<Changeset, 'stamp' | 'description'> => {
  const r = new Reader(bytes)
  return { stamp: decodeUtime(r), description: r.string() }
}

/** Entries of the config-key store for version `version`: the new values and their history. */
export const changesetEntries = (
  version: bigint,
  stamp: Utime,
  description: string,
  current: ReadonlyMap<string, string>,
  changes: ConfigChanges,
): KvChanges => {
  const history = `${HISTORY_PREFIX}${version}/`
  const head = encoded((w) => {
    encodeUtime(w, stamp)
    w.string(description)
  })
  const entries = new Map<string, Buffer | undefined>([[history, head]])
  for (const [key, value] of changes) {
    const before = current.get(key)
    if (before !== undefined) entries.set(`${history}-${key}`, wireBytes(before))
    entries.set(`${CONFIG_PREFIX}${key}`, value === undefined ? undefined : wireBytes(value))
    if (value !== undefined) entries.set(`${history}+${key}`, wireBytes(value))
  }
  return entries
}
