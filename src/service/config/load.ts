/**
 * The configuration database out of the store. What cannot stay as it is goes onto a list of repairs.
 *
 * Source: ceph src/mon/ConfigMonitor.cc ConfigMonitor::load_config.
 */
import * as E from 'fp-ts/lib/Either.js'
import { textOf } from '../../base/text.ts'
import type { Option } from '../../config/option.ts'
import { parseOptionValue, printOptionValue } from '../../config/option-value.ts'
import { RELEASE } from '../../map/release.ts'
import type { World } from '../contract.ts'
import { keysFrom } from '../kv/keys.ts'
import { configMapOf, parseTarget, splitConfigKey, type MaskedValue } from './config-map.ts'
import { findOption, hasFlag, strayOption } from './known-option.ts'
import type { ConfigState } from './state.ts'

/** What the service keeps in the config-key store begins like this. */
export const CONFIG_PREFIX = 'config/'
export const HISTORY_PREFIX = 'config-history/'

// Names that Pacific changed.
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['mon_osd_blacklist_default_expire', 'mon_osd_blocklist_default_expire'],
  ['mon_mds_blacklist_interval', 'mon_mds_blocklist_interval'],
  ['mon_mgr_blacklist_interval', 'mon_mgr_blocklist_interval'],
  ['rbd_blacklist_on_break_lock', 'rbd_blocklist_on_break_lock'],
  ['rbd_blacklist_expire_seconds', 'rbd_blocklist_expire_seconds'],
  ['mds_session_blacklist_on_timeout', 'mds_session_blocklist_on_timeout'],
  ['mds_session_blacklist_on_evict', 'mds_session_blocklist_on_evict'],
])

export const loadConfig = (world: World): Pick<ConfigState, 'map' | 'current' | 'cleanup'> => {
  const current = new Map<string, string>()
  const cleanup = new Map<string, string | undefined>()
  const entries: (readonly [section: string, value: MaskedValue])[] = []
  for (const [fullKey, bytes] of keysFrom(world.store, CONFIG_PREFIX)) {
    const key = fullKey.slice(CONFIG_PREFIX.length)
    const value = textOf(bytes)
    current.set(key, value)
    const [who, storedName] = splitConfigKey(key)
    const name = RENAMED.get(storedName) ?? storedName
    if (name !== storedName && world.monmap.minMonRelease >= RELEASE.pacific) {
      cleanup.set(key, undefined)
      cleanup.set(`${who}/${name}`, value)
    }
    const option = findOption(world, name) ?? strayOption(name)
    const target = who === '' ? { section: '', mask: undefined } : parseTarget(who)
    if (target === undefined || hasFlag(option, 'no_mon_update')) {
      cleanup.set(key, undefined)
      continue
    }
    if (target.section === '') {
      cleanup.set(key, undefined)
      cleanup.set(`global/${key}`, value)
    }
    const section = target.section === '' ? 'global' : target.section
    const mask = target.mask ?? { locationType: '', locationValue: '', deviceClass: '' }
    entries.push([section, { name, value: normalized(option, value), mask }])
  }
  return { map: configMapOf(entries), current, cleanup }
}

// A debug level may have been stored without its second half.
const normalized = (option: Option, text: string): string => {
  if (option.subsystem !== true) return text
  const value = parseOptionValue(option, text)
  return E.isRight(value) ? printOptionValue(value.right) : text
}
