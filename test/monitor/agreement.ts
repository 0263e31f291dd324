/** What must hold between monitors at any time, checked as their states go by. */
import assert from 'node:assert/strict'
import type { MonitorState } from '../../src/monitor/state.ts'

export class Agreement {
  /** Paxos version → the value that was first seen committed. */
  readonly chosen = new Map<bigint, Buffer>()
  /** Election epoch → who led in it. */
  readonly leaders = new Map<number, string>()

  /** A step of the monitor `name`. */
  check(name: string, before: MonitorState, after: MonitorState): void {
    if (after.paxos.mode === 'leader.active' && before.paxos.mode !== 'leader.active')
      this.checkLeader(name, after.quorum.epoch)
    for (let v = before.paxos.stored.lastCommitted + 1n; v <= after.paxos.stored.lastCommitted; v++)
      this.checkValue(name, v, after.store.get('paxos', v.toString()))
  }

  /**
   * Two monitors may win the same epoch, when a voter's first candidate cannot hear of the second. They share no peon,
   * so only one of them gets as far as leading.
   */
  private checkLeader(name: string, epoch: number): void {
    const known = this.leaders.get(epoch) ?? name
    assert.equal(known, name, `mon.${known} and mon.${name} lead in epoch ${epoch}`)
    this.leaders.set(epoch, known)
  }

  // A copied store may lack values that others have trimmed.
  private checkValue(name: string, version: bigint, value: Buffer | undefined): void {
    if (value === undefined) return
    const chosen = this.chosen.get(version) ?? value
    assert.ok(value.equals(chosen), `mon.${name} has another value of paxos version ${version}`)
    this.chosen.set(version, chosen)
  }
}
