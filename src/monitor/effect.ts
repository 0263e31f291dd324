/**
 * What a monitor wants done. The shell runs effects in the order given, with one promise: a message to a fellow
 * monitor, by its address or over a connection of its, that comes after a durable Commit leaves only when that write
 * is on disk. Messages to clients are not held: what they are told rests on committed values, which every member of
 * the quorum had on its disk before.
 */
import type { AuthReply } from '../auth/contract.ts'
import type { EntityAddrvec } from '../codec/type/entity-addr.ts'
import type { Message } from '../message/message.ts'
import type { LogLevel } from '../service/contract.ts'
import type { Transaction } from '../store/transaction.ts'
import type { TimerName } from './event.ts'
import type { TraceStep } from '../trace/record.ts'

export type MonitorEffect =
  /** To a connection that stands; nothing happens when it is gone. */
  | { readonly _tag: 'Send'; readonly connection: number; readonly message: Message; readonly tid: bigint }
  /** To a fellow monitor over the lossless connection, which is opened when there is none. */
  | {
      readonly _tag: 'SendToMon'
      readonly addrs: EntityAddrvec
      readonly message: Message
      readonly tid: bigint
    }
  | { readonly _tag: 'CloseConnection'; readonly connection: number; readonly reason: string }
  | { readonly _tag: 'AuthReplyReady'; readonly attempt: number; readonly reply: AuthReply }
  /** A write to the store; writes are applied in the order in which they are ordered. */
  | {
      readonly _tag: 'Commit'
      readonly write: number
      readonly transaction: Transaction
      readonly durable: boolean
    }
  | { readonly _tag: 'StartTimer'; readonly timer: TimerName; readonly ms: number }
  | { readonly _tag: 'StopTimer'; readonly timer: TimerName }
  /** The rank that connections introduce themselves with from now on; all standing ones are dropped. */
  | { readonly _tag: 'SetRank'; readonly rank: number }
  | {
      readonly _tag: 'AdminReply'
      readonly id: number
      readonly code: number
      readonly text: string
      readonly data: Buffer
    }
  /** A line for the monitor's own log; level 0 is always shown, higher ones with debug_<subsystem>. */
  | {
      readonly _tag: 'Log'
      readonly subsystem: 'mon' | 'paxos' | 'auth'
      readonly level: number
      readonly text: string
    }
  | {
      readonly _tag: 'WriteClusterLog'
      readonly channel: string
      readonly level: LogLevel
      readonly line: string
    }
  /** Looks how full the disk is; answered by DiskMeasured. */
  | { readonly _tag: 'MeasureDisk' }
  | { readonly _tag: 'Trace'; readonly line: TraceStep }
  /** Stop the process. */
  | { readonly _tag: 'Exit'; readonly code: number; readonly reason: string }
