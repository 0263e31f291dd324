/**
 * MLog: lines from a daemon. Those that are already there are dropped; once the others are committed the daemon
 * hears MLogAck, and until then it sends them again.
 *
 * Source: ceph src/mon/LogMonitor.cc LogMonitor::preprocess_log, prepare_log, _updated_log.
 */
import { isCapable } from '../../auth/mon-cap.ts'
import type { LogEntry } from '../../map/log-entry.ts'
import type { MLog } from '../../message/log.ts'
import type { QueryResult, Request, ServicePendings, UpdateResult, World } from '../contract.ts'
import { LEVEL_NAMES } from './level.ts'
import { entryKey, entryKeys } from './summary.ts'

const ignored = (request: Request): UpdateResult & QueryResult => ({
  _tag: 'Answered',
  effects: [{ _tag: 'NoReply', request }],
})

const mayLog = ({ session }: Request): boolean =>
  isCapable(session.identity.caps, {
    service: 'log',
    opW: true,
    entity: session.identity.entityName,
    address: session.socketAddr,
  })

// A line of an unknown level is dropped: monitors of Ceph abort when they want to write it to their files.
const newEntries = (world: World, entries: readonly LogEntry[]): readonly LogEntry[] => {
  const known = entryKeys(world.committed.logm.summary)
  return entries.filter((entry) => LEVEL_NAMES.has(entry.prio) && !known.has(entryKey(entry)))
}

export const preprocessLog = (world: World, request: Request, message: MLog): QueryResult =>
  mayLog(request) && newEntries(world, message.entries).length > 0
    ? { _tag: 'NeedsUpdate' }
    : ignored(request)

export const prepareLog = (
  world: World,
  { logm: pending }: ServicePendings,
  request: Request,
  message: MLog,
): UpdateResult => {
  const last = message.entries.at(-1)
  if (message.fsid !== world.fsid || last === undefined) return ignored(request)
  const known = new Set(pending.entries.map(entryKey))
  const entries = newEntries(world, message.entries).filter((entry) => {
    const key = entryKey(entry)
    return !known.has(key) && known.add(key)
  })
  return {
    _tag: 'Prepared',
    pendings: { logm: { entries: [...pending.entries, ...entries] } },
    effects: [],
    afterCommit: [
      {
        _tag: 'Reply',
        request,
        message: { _tag: 'MLogAck', fsid: message.fsid, last: last.seq, channel: '' },
      },
    ],
  }
}
