/**
 * One line of the cluster log.
 *
 * Grammar: versioned 5/5 { EntityName name, entity_name_t rank, entity_addrvec_t addrs, utime stamp, u64 seq,
 *          u16 priority, string text, string channel }
 * Source: ceph src/common/LogEntry.cc LogEntry::encode.
 */
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'
import { decodeEntityAddrvec, encodeEntityAddrvec, type EntityAddrvec } from './entity-addr.ts'
import {
  decodeEntityName,
  decodeEntityNumber,
  encodeEntityName,
  encodeEntityNumber,
  type EntityName,
  type EntityNumber,
} from './entity-name.ts'
import { decodeUtime, encodeUtime, type Utime } from './utime.ts'

/** Wire constants. Source: ceph src/common/LogEntry.h clog_type. */
export const CLOG = { debug: 0, info: 1, sec: 2, warn: 3, error: 4 } as const

export interface LogEntry {
  readonly name: EntityName
  readonly rank: EntityNumber
  readonly addrs: EntityAddrvec
  readonly stamp: Utime
  /** Per sender, from 1. */
  readonly seq: bigint
  /** See CLOG. */
  readonly priority: number
  readonly text: string
  /** `cluster`, `audit`, `cephadm`, …; empty in the first entry of a cluster. */
  readonly channel: string
}

const STRUCT_V = 5

export const decodeLogEntry = (r: Reader): LogEntry =>
  r.versioned(STRUCT_V, (structV) => {
    if (!r.failed && structV < STRUCT_V) r.bad(`LogEntry version ${structV}`)
    return {
      name: decodeEntityName(r),
      rank: decodeEntityNumber(r),
      addrs: decodeEntityAddrvec(r),
      stamp: decodeUtime(r),
      seq: r.u64(),
      priority: r.u16(),
      text: r.string(),
      channel: r.string(),
    }
  })

export const encodeLogEntry = (w: Writer, entry: LogEntry): void =>
  w.versioned(STRUCT_V, STRUCT_V, () => {
    encodeEntityName(w, entry.name)
    encodeEntityNumber(w, entry.rank)
    encodeEntityAddrvec(w, entry.addrs)
    encodeUtime(w, entry.stamp)
    w.u64(entry.seq)
    w.u16(entry.priority)
    w.string(entry.text)
    w.string(entry.channel)
  })
