/** A simulated quorum of three that leaves traces, and in which a monitor dies while it copies a store. */
import { ok } from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import { traceLine } from '../../src/trace/record.ts'
import { parseTraceLines, type TraceLine } from '../../conformance/trace-format.ts'
import { SimulatedQuorum } from '../monitor/simulated-quorum.ts'

export const NAMES = ['a', 'b', 'c']
/** Index of the monitor that copies. */
export const VICTIM = 2
/** Versions are trimmed, so that a whole store has to be copied. */
export const FULL = { paxos_min: '5', paxos_trim_min: '3' }
export const RECENT = { paxos_min: '500' }

/** Copies take many chunks. */
export class TracedQuorum {
  readonly quorum: SimulatedQuorum
  /** How often the victim was still copying when it died. */
  deaths = 0
  private readonly texts = NAMES.map(() => '')
  private readonly counts = new Map<string, number>()

  constructor(seed: number, options: Readonly<Record<string, string>>) {
    this.quorum = new SimulatedQuorum({
      size: NAMES.length,
      seed,
      options: {
        paxos_max_join_drift: '4',
        mon_sync_max_payload_keys: '3',
        monclave_trace: 'kept by the test',
        ...options,
      },
    })
    this.quorum.onEffect = ({ name, index, life }, effect) => {
      if (effect._tag !== 'Trace') return
      const process = `${name}${life}`
      const n = this.counts.get(process) ?? 0
      this.counts.set(process, n + 1)
      this.texts[index] = `${this.texts[index] ?? ''}${traceLine(name, n, effect.line)}`
    }
    this.quorum.startAll()
    this.whole()
  }

  whole(): void {
    this.quorum.until(() => this.quorum.isQuorum(0, 1, 2), 200_000)
    this.quorum.wait(3000)
  }

  write(count: number): void {
    for (let i = 0; i < count; i++)
      this.quorum.ask(0, { prefix: 'config-key set', key: `k${i}`, val: 'x'.repeat(i) })
  }

  /** The last monitor comes back far behind the others, and dies so many times while it copies. */
  dieCopying(times: number): void {
    const { quorum } = this
    quorum.crash(VICTIM)
    for (let i = 0; i < times; i++) {
      this.write(20)
      quorum.start(VICTIM)
      quorum.until(() => quorum.mon(VICTIM).state.phase === 'synchronizing')
      quorum.wait(quorum.random.below(100))
      this.deaths += quorum.mon(VICTIM).state.phase === 'synchronizing' ? 1 : 0
      quorum.crash(VICTIM)
    }
    quorum.start(VICTIM)
    this.whole()
  }

  lines(): readonly (readonly TraceLine[])[] {
    return this.texts.map((text) => {
      const lines = parseTraceLines(text)
      ok(E.isRight(lines), E.isLeft(lines) ? lines.left : '')
      return lines.right
    })
  }
}
