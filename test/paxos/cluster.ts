/**
 * A simulated quorum: the production handlers, disks that lose what was not synced, and a network that delivers in
 * order on each connection and in any order between connections. Nothing happens by itself: each call is one step.
 */
import { known } from '../../src/base/assert.ts'
import { epoch, rank, version, type Rank } from '../../src/base/brand.ts'
import type { PaxosEffect, StoreEffect } from '../../src/paxos/effect.ts'
import { messageEvent, timerEvent, type PaxosEvent, type Term } from '../../src/paxos/event.ts'
import type { PaxosMessage } from '../../src/paxos/message.ts'
import { isReadable } from '../../src/paxos/readable.ts'
import { loadPaxos, PAXOS_OPTIONS, PAXOS_PREFIX, paxosLog, type PaxosState } from '../../src/paxos/state.ts'
import { stepPaxos } from '../../src/paxos/step.ts'
import { armedTimers } from '../../src/paxos/timer.ts'
import { put, transactionBytes, transactionOf } from '../../src/store/transaction.ts'
import { StoreView } from '../../src/store/view.ts'

interface Held {
  readonly to: Rank
  readonly message: PaxosMessage
  /** Leaves when this many writes are on disk. */
  readonly after: number
}

export interface Node {
  readonly rank: Rank
  up: boolean
  state: PaxosState
  /** With every write that was ordered. */
  view: StoreView
  /** With every write that survives a crash. */
  disk: StoreView
  /** Ordered and not yet on disk; the first `written` of them have reached the operating system. */
  writes: StoreEffect[]
  written: number
  /** Writes that have reached the disk since the start. */
  synced: number
  held: Held[]
}

export const valueOf = (text: string): Buffer =>
  transactionBytes(transactionOf([put('test', 'value', Buffer.from(text))]))

const FEATURES = Buffer.from('features')

export class Cluster {
  readonly nodes: readonly Node[]
  readonly channels = new Map<string, PaxosMessage[]>()
  now = 1_000_000
  newestEpoch = 0
  /** When the last lease that anybody gave runs out. */
  leaseEndMs = 0
  /** Version → value that a client was told is committed, or that a commit exposed anywhere. */
  readonly chosen = new Map<bigint, string>()
  acknowledged = 0n
  exposed = 0n
  readonly bootstraps: string[] = []
  readonly numbersUsed = new Map<bigint, string>()
  readonly log: string[] = []
  proposed = 0
  /** Called with every message that leaves a monitor. */
  onSend: (from: Rank, to: Rank, message: PaxosMessage) => void = () => undefined

  constructor(size: number) {
    this.nodes = Array.from({ length: size }, (_, i) => ({
      rank: rank(i),
      up: true,
      state: loadPaxos(StoreView.empty),
      view: StoreView.empty,
      disk: StoreView.empty,
      writes: [],
      written: 0,
      synced: 0,
      held: [],
    }))
  }

  node(r: Rank): Node {
    return known(this.nodes[r], `node ${r}`)
  }

  /** Runs one event on one node. */
  feed(node: Node, event: PaxosEvent): void {
    this.log.push(`${node.rank} ${event._tag}`)
    const context = { log: paxosLog(node.view), options: PAXOS_OPTIONS }
    const [next, effects] = stepPaxos(node.state, event, context)
    node.state = next
    for (const effect of effects) this.run(node, effect)
  }

  private run(node: Node, effect: PaxosEffect): void {
    switch (effect._tag) {
      case 'Store':
        node.view = node.view.apply(transactionOf(effect.ops))
        node.writes.push(effect)
        return
      case 'Send': {
        const durable = node.writes.reduce((last, write, i) => (write.durable ? i + 1 : last), 0)
        node.held.push({ to: effect.to, message: effect.message, after: node.synced + durable })
        this.leaseEndMs = Math.max(this.leaseEndMs, node.state.leaseExpireMs)
        this.release(node)
        return
      }
      case 'Refresh':
        if (effect.then !== undefined) this.feed(node, { ...effect.then, now: this.now })
        return
      case 'ProposalCommitted':
        if (effect.version > this.acknowledged) this.acknowledged = effect.version
        return
      case 'CallBootstrap':
        this.bootstraps.push(`${node.rank}: ${effect.reason}`)
        this.feed(node, { _tag: 'Restart', now: this.now })
        return
      case 'StartTimer':
      case 'StopTimer':
      case 'ProposalAbandoned':
      case 'Active':
      case 'Readable':
      case 'Writeable':
      case 'PeerFeatures':
      case 'FutureTimestamp':
        return
    }
  }

  // In order: a message that waits holds back those behind it.
  private release(node: Node): void {
    for (let next = node.held[0]; next !== undefined && next.after <= node.synced; next = node.held[0]) {
      node.held.shift()
      this.noteNumber(node, next.message)
      this.onSend(node.rank, next.to, next.message)
      const key = `${node.rank}>${next.to}`
      this.channels.set(key, [...(this.channels.get(key) ?? []), next.message])
    }
  }

  private noteNumber(node: Node, message: PaxosMessage): void {
    if (message.op !== 1) return
    const user = `mon.${node.rank} in epoch ${message.epoch}`
    const earlier = this.numbersUsed.get(message.pn)
    if (earlier !== undefined && earlier !== user)
      throw new Error(`number ${message.pn.toString()} used by ${earlier} and ${user}`)
    this.numbersUsed.set(message.pn, user)
  }

  /** The oldest unwritten write reaches the operating system. */
  write(node: Node): void {
    const write = known(node.writes[node.written], 'a write')
    node.written++
    if (!write.durable && write.then !== undefined) this.feed(node, { ...write.then, now: this.now })
  }

  /** Everything written reaches the disk. */
  sync(node: Node): void {
    const done = node.writes.splice(0, node.written)
    node.written = 0
    for (const write of done) {
      node.disk = node.disk.apply(transactionOf(write.ops))
      node.synced++
    }
    this.release(node)
    for (const write of done)
      if (write.durable && write.then !== undefined) this.feed(node, { ...write.then, now: this.now })
  }

  /** The newest message of a connection that has arrived first is handled. */
  deliver(key: string): void {
    const queue = known(this.channels.get(key), key)
    const message = known(queue.shift(), `a message in ${key}`)
    if (queue.length === 0) this.channels.delete(key)
    const [from, to] = key.split('>').map(Number)
    const node = this.node(rank(known(to, 'a receiver')))
    if (node.up) this.feed(node, messageEvent(rank(known(from, 'a sender')), message, FEATURES, this.now))
  }

  /** Power is lost: of the writes not yet on disk the first `kept` survive. */
  crash(node: Node, kept: number): void {
    for (const write of node.writes.splice(0, kept)) node.disk = node.disk.apply(transactionOf(write.ops))
    node.up = false
    node.writes = []
    node.written = 0
    node.held = []
    for (const { rank: other } of this.nodes) this.channels.delete(`${other}>${node.rank}`)
  }

  restart(node: Node): void {
    node.up = true
    node.view = node.disk
    node.state = loadPaxos(node.disk)
  }

  /**
   * A higher even epoch, a leader and its quorum. Where somebody stays outside, the leases of before have run out:
   * an election that does not hear from everybody takes as long as a lease. What a leader that was left outside
   * allows itself afterwards is its own affair: Ceph's rule does not cover it, nor does S3 below.
   */
  elect(leader: Rank, quorum: readonly Rank[]): void {
    this.newestEpoch += 2
    if (quorum.length < this.nodes.length) this.now = Math.max(this.now, this.leaseEndMs)
    for (const member of quorum) {
      const node = this.node(member)
      const term: Term = {
        epoch: epoch(this.newestEpoch),
        rank: member,
        leader,
        quorum,
        monCount: this.nodes.length,
      }
      this.feed(node, { _tag: 'Restart', now: this.now })
      this.feed(node, { _tag: member === leader ? 'LeaderInit' : 'PeonInit', term, now: this.now })
    }
  }

  propose(node: Node): void {
    this.proposed++
    this.feed(node, { _tag: 'Propose', value: valueOf(`${this.proposed} of ${node.rank}`), now: this.now })
  }

  renewLease(node: Node): void {
    if (node.state.term.epoch === this.newestEpoch && armedTimers(node.state).includes('leaseRenew'))
      this.feed(node, timerEvent('leaseRenew', this.now))
  }

  readable(node: Node): boolean {
    return node.up && node.state.term.epoch === this.newestEpoch && isReadable(node.state, this.now)
  }

  /** Every property of the cluster; throws with the name of the one that fails. */
  check(): void {
    for (const node of this.nodes.filter(({ up }) => up)) {
      const { firstCommitted, lastCommitted } = node.state.stored
      for (let v = firstCommitted; v > 0n && v <= lastCommitted; v = version(v + 1n)) {
        const value = node.view.get(PAXOS_PREFIX, v.toString())?.toString('hex')
        if (value === undefined) throw new Error(`S10: mon.${node.rank} has no version ${v.toString()}`)
        const chosen = this.chosen.get(v)
        if (chosen !== undefined && chosen !== value)
          throw new Error(`S1: mon.${node.rank} has another value of version ${v.toString()}`)
        this.chosen.set(v, value)
      }
      if (node.state.mode === 'leader.active' && node.state.term.epoch === this.newestEpoch)
        if (lastCommitted < this.acknowledged)
          throw new Error(`S2: leader mon.${node.rank} lacks version ${this.acknowledged.toString()}`)
      if (this.readable(node) && lastCommitted < this.exposed)
        throw new Error(
          `S3: mon.${node.rank} serves ${lastCommitted.toString()} after ${this.exposed.toString()}`,
        )
    }
    for (const node of this.nodes)
      if (this.readable(node) && node.state.stored.lastCommitted > this.exposed)
        this.exposed = node.state.stored.lastCommitted
    if (this.acknowledged > this.exposed) this.exposed = this.acknowledged
  }

  /** Everybody up, one election, and everything that can happen happens. */
  heal(): void {
    for (const node of this.nodes) if (!node.up) this.restart(node)
    this.settle()
    const all = this.nodes.map((node) => node.rank)
    this.elect(known(all[0], 'a monitor'), all)
    this.settle()
  }

  /** Runs writes and messages until there are none. */
  settle(): void {
    for (let moved = true; moved;) {
      moved = false
      for (const node of this.nodes) {
        while (node.up && node.written < node.writes.length) {
          this.write(node)
          moved = true
        }
        if (node.up && node.writes.length > 0) this.sync(node)
      }
      for (const key of [...this.channels.keys()]) {
        this.deliver(key)
        this.check()
        moved = true
      }
    }
  }
}
