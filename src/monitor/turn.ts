/**
 * One event being handled: the state as it is by now and the effects so far. A turn lives inside one call of
 * `step` and never escapes it, so the monitor as a whole stays `(state, event) → [state', effects]`.
 */
import type { MonitorEvent, Stamp } from './event.ts'
import type { MonitorEffect } from './effect.ts'
import type { MonitorState, WriteThen } from './state.ts'
import type { Task } from './task.ts'
import { transactionOf, type Op, type Transaction } from '../store/transaction.ts'
import type { Message } from '../message/message.ts'

export interface TurnMark {
  readonly state: MonitorState
  readonly effectCount: number
  readonly taskCount: number
}

export class Turn {
  state: MonitorState
  readonly effects: MonitorEffect[] = []
  readonly tasks: Task[] = []
  readonly now: number
  readonly entropy: Buffer
  /** The message that this turn is about, as its connection numbered it. */
  readonly received: { readonly connection: number; readonly seq: bigint } | undefined

  constructor(state: MonitorState, event: Stamp | MonitorEvent) {
    this.state = state
    this.now = event.now
    this.entropy = event.entropy
    this.received =
      '_tag' in event && event._tag === 'MessageReceived'
        ? { connection: event.connection, seq: event.raw.seq }
        : undefined
  }

  update(patch: Partial<MonitorState>): void {
    this.state = { ...this.state, ...patch }
  }

  emit(effect: MonitorEffect): void {
    this.effects.push(effect)
  }

  /** Leaves something to be done later in this turn. */
  defer(task: Task): void {
    this.tasks.push(task)
  }

  /** For `rollback`: how far the turn has come. */
  mark(): TurnMark {
    return { state: this.state, effectCount: this.effects.length, taskCount: this.tasks.length }
  }

  /** As if nothing had happened since `mark`; lines of the log stay. */
  rollback({ state, effectCount, taskCount }: TurnMark): void {
    this.state = state
    this.tasks.length = taskCount
    const logged = this.effects.splice(effectCount).filter(({ _tag }) => _tag === 'Log')
    this.effects.push(...logged)
  }

  log(level: number, text: string, subsystem: 'mon' | 'paxos' | 'auth' = 'mon'): void {
    this.emit({ _tag: 'Log', subsystem, level, text })
  }

  /** Sends over a connection that stands. */
  send(connection: number, message: Message, tid = 0n): void {
    this.emit({ _tag: 'Send', connection, message, tid })
  }

  /**
   * Orders a write. The view has it at once, so that whatever is decided next sees it; `then` is delivered when it,
   * and all before it, is done. What a peer may hear of it waits for the disk: see MonitorEffect.
   */
  commit(change: Transaction | readonly Op[], durable: boolean, then?: WriteThen): void {
    const transaction = 'ops' in change ? change : transactionOf(change)
    const { nextWrite: write, writes, store } = this.state
    this.update({
      nextWrite: write + 1,
      writes: [...writes, { write, then }],
      store: store.apply(transaction),
    })
    this.log(10, `persist write ${write}: ${transaction.ops.length} operations`)
    this.emit({ _tag: 'Commit', write, transaction, durable })
  }
}
