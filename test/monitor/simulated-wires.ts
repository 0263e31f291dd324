/**
 * What is on the way between monitors, by their indices: a queue for each direction of each pair. A cut wire holds
 * its messages up, as a lossless session does.
 */
import type { RawMessage } from '../../src/message/raw.ts'

const wireName = (from: number, to: number): string => `${from}>${to}`

export class SimulatedWires {
  private readonly queues = new Map<string, RawMessage[]>()
  private readonly cut = new Set<string>()

  push(from: number, to: number, raw: RawMessage): void {
    const name = wireName(from, to)
    this.queues.set(name, [...(this.queues.get(name) ?? []), raw])
  }

  /** The oldest message, unless the wire is cut or empty. */
  shift(from: number, to: number): RawMessage | undefined {
    const name = wireName(from, to)
    return this.cut.has(name) ? undefined : this.queues.get(name)?.shift()
  }

  count(from: number, to: number): number {
    return this.queues.get(wireName(from, to))?.length ?? 0
  }

  /** The session of two monitors ends; what was on the way is gone. */
  drop(one: number, other: number): void {
    this.queues.delete(wireName(one, other))
    this.queues.delete(wireName(other, one))
  }

  cutPair(one: number, other: number): void {
    this.cut.add(wireName(one, other)).add(wireName(other, one))
  }

  heal(): void {
    this.cut.clear()
  }
}
