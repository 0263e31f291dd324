/**
 * Lines of the cluster log, and the summary that is stashed of the newest of them.
 *
 * Grammar: LogEntry = versioned 5/5 { EntityName, entity_name_t rank, addrvec, utime stamp, u64 seq, u16 prio,
 *            string msg, string channel }
 *          LogSummary = versioned 3/3 { u64 version, u64 seq, map string channel → list of (u64 seq, LogEntry) }
 * Source: ceph src/common/LogEntry.h, LogEntry.cc.
 */
import { byBytes } from '../base/ordered.ts'
import type { Reader } from '../codec/reader.ts'
import { decodeEntityAddrvec, encodeEntityAddrvec, type EntityAddrvec } from '../codec/type/entity-addr.ts'
import {
  decodeEntityName,
  decodeEntityNumber,
  encodeEntityName,
  encodeEntityNumber,
  type EntityName,
  type EntityNumber,
} from '../codec/type/entity-name.ts'
import { decodeUtime, encodeUtime, type Utime } from '../codec/type/utime.ts'
import type { Writer } from '../codec/writer.ts'

/** Wire values. Source: ceph src/include/LogEntry.h clog_type. */
export const CLOG = { debug: 0, info: 1, sec: 2, warn: 3, error: 4 } as const

export interface LogEntry {
  readonly name: EntityName
  readonly rank: EntityNumber
  readonly addrs: EntityAddrvec
  readonly stamp: Utime
  readonly seq: bigint
  /** See CLOG. */
  readonly prio: number
  readonly msg: string
  /** `cluster`, `audit`, `cephadm`, …; empty counts as `cluster`. */
  readonly channel: string
}

export interface LogSummary {
  readonly version: bigint
  /** Of the newest entry. */
  readonly seq: bigint
  /** Newest entries by channel, in the order in which they were committed, each with its own number. */
  readonly tailByChannel: ReadonlyMap<string, readonly (readonly [seq: bigint, entry: LogEntry])[]>
}

export const EMPTY_LOG_SUMMARY: LogSummary = { version: 0n, seq: 0n, tailByChannel: new Map() }

const LOG_ENTRY_V = 5
const LOG_SUMMARY_V = 3

/** Entries of version 4, without a channel of their own, are refused: no peer in scope writes them. */
export const decodeLogEntry = (r: Reader): LogEntry =>
  r.versioned(LOG_ENTRY_V, (structV) => {
    if (structV < LOG_ENTRY_V) r.bad(`LogEntry version ${structV}`)
    return {
      name: decodeEntityName(r),
      rank: decodeEntityNumber(r),
      addrs: decodeEntityAddrvec(r),
      stamp: decodeUtime(r),
      seq: r.u64(),
      prio: r.u16(),
      msg: r.string(),
      channel: r.string(),
    }
  })

export const encodeLogEntry = (w: Writer, entry: LogEntry): void =>
  w.versioned(LOG_ENTRY_V, LOG_ENTRY_V, () => {
    encodeEntityName(w, entry.name)
    encodeEntityNumber(w, entry.rank)
    encodeEntityAddrvec(w, entry.addrs)
    encodeUtime(w, entry.stamp)
    w.u64(entry.seq)
    w.u16(entry.prio)
    w.string(entry.msg)
    w.string(entry.channel)
  })

export const decodeLogSummary = (r: Reader): LogSummary =>
  r.versioned(LOG_SUMMARY_V, (structV) => {
    if (structV < LOG_SUMMARY_V) r.bad(`LogSummary version ${structV}`)
    return {
      version: r.u64(),
      seq: r.u64(),
      tailByChannel: r.map(r.string, () => r.array(() => [r.u64(), decodeLogEntry(r)] as const)),
    }
  })

export const encodeLogSummary = (w: Writer, summary: LogSummary): void =>
  w.versioned(LOG_SUMMARY_V, LOG_SUMMARY_V, () => {
    w.u64(summary.version)
    w.u64(summary.seq)
    w.map(
      summary.tailByChannel,
      byBytes,
      (out, channel) => out.string(channel),
      (out, tail) =>
        out.array(tail, (o, [seq, entry]) => {
          o.u64(seq)
          encodeLogEntry(o, entry)
        }),
    )
  })
