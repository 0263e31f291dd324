import { decodeLogEntry, encodeLogEntry, type LogEntry } from '../map/log-entry.ts'
import { decodeUuid, encodeUuid } from '../codec/type/uuid.ts'
import { messageCodec } from './codec.ts'
import { decodePaxosPrefix, encodePaxosPrefix } from './paxos-prefix.ts'

/**
 * Lines for the cluster log from a daemon, or from the monitor to those who watch the log.
 *
 * Grammar: paxos prefix, uuid fsid, array of LogEntry. Source: ceph src/messages/MLog.h.
 */
export interface MLog {
  readonly _tag: 'MLog'
  readonly version: bigint
  readonly fsid: string
  readonly entries: readonly LogEntry[]
}

export const MLog = messageCodec<MLog>({
  name: 'MLog',
  type: 52,
  version: 1,
  decode: (r) => ({
    _tag: 'MLog',
    version: decodePaxosPrefix(r),
    fsid: decodeUuid(r),
    entries: r.array(decodeLogEntry),
  }),
  encode: (w, m) => {
    encodePaxosPrefix(w, m.version)
    encodeUuid(w, m.fsid)
    w.array(m.entries, encodeLogEntry)
  },
})

/**
 * The lines up to `last` are on disk; until this comes the sender repeats them.
 *
 * Grammar: uuid fsid, u64 last, string channel. Source: ceph src/messages/MLogAck.h.
 */
export interface MLogAck {
  readonly _tag: 'MLogAck'
  readonly fsid: string
  /** Sequence number of the last entry that is acknowledged. */
  readonly last: bigint
  readonly channel: string
}

export const MLogAck = messageCodec<MLogAck>({
  name: 'MLogAck',
  type: 53,
  version: 1,
  decode: (r) => ({ _tag: 'MLogAck', fsid: decodeUuid(r), last: r.u64(), channel: r.string() }),
  encode: (w, m) => {
    encodeUuid(w, m.fsid)
    w.u64(m.last)
    w.string(m.channel)
  },
})
