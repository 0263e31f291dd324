/** Which service answers a command. Source: ceph src/mon/Monitor.cc Monitor::handle_command. */
import type { ServiceName } from '../service/contract.ts'

/** Commands of module `mon` that are about monitors at large, not about the monmap. */
const MONITOR_ITSELF: ReadonlySet<string> = new Set([
  'mon scrub',
  'mon metadata',
  'mon versions',
  'mon count-metadata',
  'mon ok-to-stop',
  'mon ok-to-add-offline',
  'mon ok-to-rm',
])

const BY_FIRST_WORD: ReadonlyMap<string, ServiceName> = new Map([
  ['mds', 'mdsmap'],
  ['fs', 'mdsmap'],
  ['osd', 'osdmap'],
  ['config', 'config'],
  ['mon', 'monmap'],
  ['health', 'health'],
  ['auth', 'auth'],
  ['log', 'logm'],
  ['config-key', 'kv'],
  ['mgr', 'mgr'],
])

const EXCEPTIONS: ReadonlyMap<string, ServiceName | undefined> = new Map([
  ['fs authorize', 'auth'],
  ['pg map', 'osdmap'],
  ['pg repeer', 'osdmap'],
  ['osd last-stat-seq', undefined],
  ['health', undefined],
])

/** The service of a command's prefix; undefined for what the monitor answers itself. */
export const serviceOfCommand = (prefix: string): ServiceName | undefined => {
  if (EXCEPTIONS.has(prefix)) return EXCEPTIONS.get(prefix)
  if (MONITOR_ITSELF.has(prefix)) return undefined
  return BY_FIRST_WORD.get(prefix.split(/[\s,;=]/, 1)[0] ?? '')
}
