/**
 * Everything that can happen to a monitor. All of it is past fact; what varies from run to run (time, randomness,
 * the disk, the network, the operator) comes in here and nowhere else.
 */
import type { NetEvent } from '../net/contract.ts'
import type { RawMessage } from '../message/raw.ts'
import type { Message } from '../message/message.ts'
import type { DiskUsage } from '../service/health/disk.ts'
import type { Command } from '../service/contract.ts'

/** What the runtime stamps on every event. */
export interface Stamp {
  /** Milliseconds since 1970. */
  readonly now: number
  /** 32 random bytes. */
  readonly entropy: Buffer
}

export type MonitorEvent = Stamp &
  (
    | { readonly _tag: 'Started' }
    | { readonly _tag: 'TimerFired'; readonly timer: TimerName }
    /** The write with this number, and all before it, has been applied; to the disk itself if it was durable. */
    | { readonly _tag: 'CommitDone'; readonly write: number }
    | Exclude<NetEvent, { readonly _tag: 'MessageReceived' }>
    | {
        readonly _tag: 'MessageReceived'
        readonly connection: number
        readonly raw: RawMessage
        readonly message: Message
      }
    /** What MeasureDisk has found. */
    | { readonly _tag: 'DiskMeasured'; readonly disk: DiskUsage }
    /** A request on the admin socket, answered by AdminReply with the same number. */
    | { readonly _tag: 'AdminRequest'; readonly id: number; readonly command: Command }
    | { readonly _tag: 'ShutdownRequested' }
  )

/** One-shot timers; starting one again replaces it. */
export type TimerName =
  | 'tick'
  | 'probe'
  | 'election'
  | 'propose'
  | 'collect'
  | 'accept'
  | 'leaseRenew'
  | 'leaseAck'
  | 'lease'
  | 'ping'
  | 'timecheck'
  | 'sync'
  | 'mgrDigest'
  | 'log'
  | 'overallHealth'
