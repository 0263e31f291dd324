/**
 * A quorum of one whose disk is done at once: what a message causes, down to the committed maps and the encoded
 * answers, happens before `handle` returns. Its state is a value, so that a test goes back to it at no cost.
 */
import assert from 'node:assert/strict'
import { unreachable } from '../../src/base/assert.ts'
import { decodeMessage, encodeMessage, type Message } from '../../src/message/message.ts'
import type { RawMessage } from '../../src/message/raw.ts'
import type { MonitorEvent, Stamp, TimerName } from '../../src/monitor/event.ts'
import type { MonitorState } from '../../src/monitor/state.ts'
import { step } from '../../src/monitor/step.ts'
import type { Peer } from '../../src/net/contract.ts'
import { SimulatedQuorum } from '../monitor/simulated-quorum.ts'

type Unstamped<A> = A extends Stamp ? Omit<A, keyof Stamp> : never
export type Happening = Unstamped<MonitorEvent>

/** Timers that are over at once; the others, which repeat, do not run. */
const IMMEDIATE: ReadonlySet<TimerName> = new Set(['propose', 'log'])
const STEPS_MAX = 1000
const FIRST_CONNECTION = 5000

export interface Sent {
  readonly connection: number
  readonly message: Message
  readonly raw: RawMessage
}

export class LoneMonitor {
  state: MonitorState
  /** What went to each connection, and the reasons of closed ones, since `forgetSent`. */
  sent: Sent[] = []
  closed: { readonly connection: number; readonly reason: string }[] = []
  /** Every line of its own log and of the cluster's, at any level; and those that tell of a mistake of ours. */
  log: string[] = []
  errors: string[] = []
  now: number
  private nextConnection = FIRST_CONNECTION

  constructor(options: Readonly<Record<string, string>> = {}) {
    const quorum = new SimulatedQuorum({ size: 1, seed: 1, options })
    quorum.startAll()
    quorum.until(() => quorum.isQuorum(0))
    quorum.wait(15_000)
    this.state = quorum.mon(0).state
    this.now = quorum.now
  }

  connect(peer: Peer): number {
    const connection = this.nextConnection++
    this.handle({ _tag: 'ConnectionReady', connection, peer })
    return connection
  }

  /** What the shell does with a message that has arrived. Gives whether it could be decoded. */
  receive(connection: number, raw: RawMessage): boolean {
    const message = decodeMessage(raw)
    if (message._tag === 'Left') return false
    this.handle({ _tag: 'MessageReceived', connection, raw, message: message.right })
    return true
  }

  handle(first: Happening): void {
    const queue = [first]
    for (let count = 0, next = queue.shift(); next !== undefined; next = queue.shift(), count++) {
      assert.ok(count < STEPS_MAX, `more than ${STEPS_MAX} steps follow ${first._tag}`)
      this.now += 1
      const entropy = Buffer.alloc(32, this.now & 0xff)
      // Spreading a union loses which member it is; the stamp is what the member lacked.
      const [state, effects] = step(this.state, { ...next, now: this.now, entropy })
      this.state = state
      for (const effect of effects) {
        switch (effect._tag) {
          case 'Send':
          case 'SendToMon': {
            const raw = encodeMessage(effect.message, { tid: effect.tid })
            const connection = effect._tag === 'Send' ? effect.connection : -1
            this.sent.push({ connection, message: effect.message, raw })
            break
          }
          case 'CloseConnection':
            this.closed.push(effect)
            queue.push({ _tag: 'ConnectionClosed', connection: effect.connection, reason: effect.reason })
            break
          case 'Commit':
            queue.push({ _tag: 'CommitDone', write: effect.write })
            break
          case 'StartTimer':
            if (IMMEDIATE.has(effect.timer)) queue.push({ _tag: 'TimerFired', timer: effect.timer })
            break
          case 'Log':
            this.log.push(effect.text)
            if (effect.level < 0) this.errors.push(effect.text)
            break
          case 'WriteClusterLog':
            this.log.push(effect.line)
            break
          case 'Exit':
            assert.fail(`the monitor wants to end: ${effect.reason}`)
            break
          case 'SetRank':
          case 'StopTimer':
          case 'AuthReplyReady':
          case 'AdminReply':
          case 'MeasureDisk':
          case 'Trace':
            break
          default:
            unreachable(effect)
        }
      }
    }
  }

  forgetSent(): void {
    this.sent = []
    this.closed = []
    this.log = []
    this.errors = []
  }
}
