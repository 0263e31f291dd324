/**
 * Whole monitors in one process, without sockets and files: the production `step`, services and store views, on
 * simulated disks, clocks and connections. A seed decides all that varies, so a run can be had again.
 *
 * Connections between monitors are lossless and in order, as the messenger's; a partition holds messages up, the
 * restart of a monitor ends its sessions, and with them what was on the way to it. After every step the run is
 * checked: one active leader an epoch, one value a Paxos version.
 */
import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import { known, unreachable } from '../../src/base/assert.ts'
import { sameAddrvec } from '../../src/codec/type/entity-addr.ts'
import { UTIME_ZERO } from '../../src/codec/type/utime.ts'
import { initialMonMap, monInfo } from '../../src/map/mon-map/edit.ts'
import { monMapBytes } from '../../src/map/mon-map/mon-map.ts'
import { decodeMessage, encodeMessage } from '../../src/message/message.ts'
import type { RawMessage } from '../../src/message/raw.ts'
import type { MonitorEffect } from '../../src/monitor/effect.ts'
import type { MonitorEvent, Stamp } from '../../src/monitor/event.ts'
import type { MonitorState } from '../../src/monitor/state.ts'
import { step } from '../../src/monitor/step.ts'
import type { Peer } from '../../src/net/contract.ts'
import { MonSender } from '../../src/node/mon-sender.ts'
import { put, transactionOf } from '../../src/store/transaction.ts'
import { StoreView } from '../../src/store/view.ts'
import { Random } from '../paxos/random.ts'
import { FSID } from '../service/world.ts'
import { Agreement } from './agreement.ts'
import { SimulatedClient } from './simulated-client.ts'
import { SimulatedClock } from './simulated-clock.ts'
import { SimulatedDisk } from './simulated-disk.ts'
import { monitorOf, type SimulatedMon } from './simulated-mon.ts'
import { addrsOf, adminPeer, monPeer } from './simulated-peer.ts'
import { SimulatedWires } from './simulated-wires.ts'

type Unstamped<A> = A extends Stamp ? Omit<A, keyof Stamp> : never
type Happening = Unstamped<MonitorEvent>

const START_MS = Date.UTC(2026, 10, 23)
const LATENCY_MS_MAX = 3
/** A write takes this long at most, on a good disk and on a bad one. */
const WRITE_MS_MAX = [4, 60] as const
const LOG_LINES_MAX = 2000

export interface SimulationOptions {
  readonly size: number
  readonly seed: number
  readonly options?: Readonly<Record<string, string>>
  /** The longest write of each monitor's disk; drawn from the seed when left out. */
  readonly writeMsMax?: readonly number[]
}

export class SimulatedQuorum {
  readonly mons: readonly SimulatedMon[]
  readonly random: Random
  readonly log: string[] = []
  /** Effects of every step, for tests that look at them. */
  onEffect: (mon: SimulatedMon, effect: MonitorEffect) => void = () => undefined
  readonly agreement = new Agreement()
  private readonly options: Readonly<Record<string, string>>
  private readonly clock = new SimulatedClock(START_MS)
  private readonly wires = new SimulatedWires()
  private startedTimers = 0
  private nextConnection = 1
  private readonly store: StoreView

  constructor(options: SimulationOptions) {
    this.options = options.options ?? {}
    this.random = new Random(options.seed)
    const names = Array.from({ length: options.size }, (_, i) => String.fromCharCode(97 + i))
    const monmap = initialMonMap(
      FSID,
      names.map((name, i) => monInfo(name, addrsOf(i))),
      UTIME_ZERO,
    )
    this.store = StoreView.empty.apply(transactionOf([put('mkfs', 'monmap', monMapBytes(monmap))]))
    this.mons = names.map((name, index) => ({
      index,
      name,
      addrs: addrsOf(index),
      up: false,
      life: 0,
      state: this.process(name, index, this.store),
      disk: new SimulatedDisk(this.store),
      writeMsMax: options.writeMsMax?.[index] ?? this.random.pick(WRITE_MS_MAX),
      sender: new MonSender(),
      timers: new Map(),
      clients: new Map(),
      peers: new Map(),
      exited: undefined,
    }))
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.clock.now
  }

  mon(index: number): SimulatedMon {
    return known(this.mons[index], `monitor ${index}`)
  }

  /** Starts every monitor that is down. */
  startAll(): void {
    for (const mon of this.mons) if (!mon.up) this.start(mon.index)
  }

  /** Starts a monitor from what its disk has. */
  start(index: number, store = this.mon(index).disk.crash(this.random)): void {
    const mon = this.mon(index)
    assert.ok(!mon.up)
    Object.assign(mon, { up: true, life: mon.life + 1, exited: undefined })
    mon.disk = new SimulatedDisk(store)
    mon.state = this.process(mon.name, index, store)
    mon.sender = new MonSender()
    this.happen(mon, { _tag: 'Started' })
  }

  /** A monitor made anew: it has nothing but the first monmap. */
  startEmpty(index: number): void {
    this.start(index, this.store)
  }

  /** The power of a monitor fails. */
  crash(index: number): void {
    const mon = this.mon(index)
    if (!mon.up) return
    mon.up = false
    mon.timers.clear()
    for (const client of mon.clients.values()) client.closed = 'the monitor died'
    mon.clients.clear()
    for (const peer of mon.peers.keys()) this.dropWire(mon, this.mon(peer))
    mon.peers.clear()
    mon.disk = new SimulatedDisk(mon.disk.crash(this.random))
  }

  /** Nothing passes between the two sides until `heal`. */
  partition(...side: readonly number[]): void {
    this.wires.heal()
    for (const a of this.mons.keys())
      for (const b of this.mons.keys()) if (side.includes(a) && !side.includes(b)) this.wires.cutPair(a, b)
  }

  /** Two monitors cannot reach each other; others reach both. */
  cutPair(one: number, other: number): void {
    this.wires.cutPair(one, other)
  }

  /** What was held up goes on its way. */
  heal(): void {
    this.wires.heal()
    for (const from of this.mons)
      for (const to of this.mons)
        for (let i = this.wires.count(from.index, to.index); i > 0; i--)
          this.clock.after(this.latency(), () => this.deliver(from, to))
  }

  /** A client's connection with a monitor. */
  client(index: number, peer?: Partial<Peer>): SimulatedClient {
    const mon = this.mon(index)
    const connection = this.nextConnection++
    const client = new SimulatedClient(index, connection, FSID, (message, tid) => {
      const raw = encodeMessage(message, { tid })
      this.clock.after(this.latency(), () => this.receive(mon, connection, raw))
    })
    mon.clients.set(connection, client)
    this.happen(mon, {
      _tag: 'ConnectionReady',
      connection,
      peer: { ...adminPeer(10_000 + connection), ...peer },
    })
    return client
  }

  /** Hands an event to a monitor at once, and runs what it asks for. */
  happen(mon: SimulatedMon, happening: Happening): void {
    const entropy = Buffer.from(Array.from({ length: 32 }, () => this.random.below(256)))
    const before = mon.state
    // Spreading a union loses which member it is; the stamp is what the member lacked.
    const [state, effects] = step(before, { ...happening, now: this.now, entropy })
    mon.state = state
    this.agreement.check(mon.name, before, state)
    for (const effect of effects) {
      this.onEffect(mon, effect)
      this.run(mon, effect)
    }
  }

  /** Lets time pass. */
  wait(ms: number): void {
    const end = this.now + ms
    while (this.clock.next(end));
    this.clock.now = end
  }

  /** Lets time pass until `holds`, but no longer than `ms`; whether it does. */
  waitFor(holds: () => boolean, ms: number): boolean {
    const end = this.now + ms
    while (!holds()) if (!this.clock.next(end)) return false
    return true
  }

  /** Lets time pass until `holds`; fails when it has not after `ms`. */
  until(holds: () => boolean, ms = 60_000, what = holds.toString()): void {
    if (!this.waitFor(holds, ms)) assert.fail(`after ${ms} ms still not: ${what}\n${this.describe()}`)
  }

  /** Whether these monitors, and no others, are in one quorum, and their leader can write. */
  isQuorum(...indices: readonly number[]): boolean {
    const leader = this.leader()
    return (
      leader !== undefined &&
      leader.state.paxos.mode === 'leader.active' &&
      leader.state.quorum.ranks.join() === indices.join() &&
      indices.every((i) => {
        const { state, up } = this.mon(i)
        const { phase, quorum, paxos } = state
        return (
          up &&
          quorum.epoch === leader.state.quorum.epoch &&
          (phase === 'leader' || (phase === 'peon' && paxos.leaseExpireMs > this.now))
        )
      })
    )
  }

  /** The leader of the newest epoch. */
  leader(): SimulatedMon | undefined {
    return this.mons
      .filter(({ up, state }) => up && state.phase === 'leader')
      .sort((a, b) => b.state.quorum.epoch - a.state.quorum.epoch)[0]
  }

  /** Asks a monitor and waits for the answer. */
  ask(index: number, fields: Readonly<Record<string, unknown>>, ms = 60_000): { code: number; data: string } {
    const client = this.client(index)
    const tid = client.command(fields)
    this.until(() => client.answers(tid).length > 0, ms, `an answer to ${JSON.stringify(fields)}`)
    const answer = known(client.answers(tid)[0], 'an answer')
    return { code: answer.result, data: answer.data.toString() }
  }

  describe(): string {
    const lines = this.mons.map(({ name, up, state, exited }) => {
      const { phase, election, paxos, quorum } = state
      const { mode, stored } = paxos
      return `mon.${name} ${up ? 'up' : (exited ?? 'down')} ${phase} e${election.epoch} [${quorum.ranks.join()}] ${mode} v${stored.lastCommitted}`
    })
    return [...lines, ...this.log.slice(-60)].join('\n')
  }

  private process(name: string, index: number, store: StoreView): MonitorState {
    return monitorOf(name, index, store, { options: this.options, startedMs: this.now })
  }

  private run(mon: SimulatedMon, effect: MonitorEffect): void {
    switch (effect._tag) {
      case 'Send':
        if (mon.state.monConnections.has(effect.connection)) mon.sender.post(() => this.send(mon, effect))
        else this.send(mon, effect)
        return
      case 'SendToMon':
        mon.sender.post(() => this.post(mon, effect))
        return
      case 'CloseConnection':
        this.close(mon, effect.connection, effect.reason)
        return
      case 'Commit':
        if (effect.durable) mon.sender.writeOrdered(effect.write)
        mon.disk.order(effect)
        this.afterInLife(mon, this.random.next() * mon.writeMsMax, () => {
          const { write } = mon.disk.complete()
          mon.sender.writeDone(write)
          this.happen(mon, { _tag: 'CommitDone', write })
        })
        return
      case 'StartTimer': {
        const count = this.startedTimers++
        mon.timers.set(effect.timer, count)
        this.afterInLife(mon, effect.ms, () => {
          if (mon.timers.get(effect.timer) !== count) return
          mon.timers.delete(effect.timer)
          this.happen(mon, { _tag: 'TimerFired', timer: effect.timer })
        })
        return
      }
      case 'StopTimer':
        mon.timers.delete(effect.timer)
        return
      case 'Log':
        if (effect.level <= 1) this.note(`mon.${mon.name} ${effect.text}`)
        return
      case 'Exit':
        this.crash(mon.index)
        mon.exited = effect.reason
        return
      case 'SetRank':
      case 'AuthReplyReady':
      case 'AdminReply':
      case 'WriteClusterLog':
      case 'MeasureDisk':
      case 'Trace':
        return
      default:
        unreachable(effect)
    }
  }

  private note(line: string): void {
    this.log.push(`${this.now - START_MS} ${line}`)
    if (this.log.length > LOG_LINES_MAX) this.log.splice(0, LOG_LINES_MAX / 2)
  }

  private send(mon: SimulatedMon, { connection, message, tid }: Effect<'Send'>): void {
    const client = mon.clients.get(connection)
    const raw = encodeMessage(message, { tid })
    if (client !== undefined) {
      const decoded = decodeMessage(raw)
      assert.ok(E.isRight(decoded), `${message._tag} to a client cannot be decoded`)
      client.received.push({ message: decoded.right, tid })
      return
    }
    for (const [peer, held] of mon.peers) if (held === connection) this.transmit(mon, this.mon(peer), raw)
  }

  private close(mon: SimulatedMon, connection: number, reason: string): void {
    const client = mon.clients.get(connection)
    if (client !== undefined) {
      client.closed = reason
      mon.clients.delete(connection)
    } else {
      for (const [peer, held] of mon.peers) if (held === connection) this.dropWire(mon, this.mon(peer))
    }
    this.afterInLife(mon, 0, () => this.happen(mon, { _tag: 'ConnectionClosed', connection, reason }))
  }

  private dropWire(a: SimulatedMon, b: SimulatedMon): void {
    this.wires.drop(a.index, b.index)
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const connection = one.peers.get(other.index)
      if (connection === undefined || !one.up) continue
      this.afterInLife(one, 0, () => this.happen(one, { _tag: 'RemoteReset', connection }))
    }
  }

  private post(from: SimulatedMon, { addrs, message, tid }: Effect<'SendToMon'>): void {
    const to = this.mons.find((mon) => sameAddrvec(mon.addrs, addrs))
    if (to !== undefined && to !== from) this.transmit(from, to, encodeMessage(message, { tid }))
  }

  private transmit(from: SimulatedMon, to: SimulatedMon, raw: RawMessage): void {
    // To a process that is not there nothing can be sent; the session ends when it is back.
    if (!to.up) return
    this.wires.push(from.index, to.index, raw)
    this.clock.after(this.latency(), () => this.deliver(from, to))
  }

  /** The oldest message of a wire arrives. */
  private deliver(from: SimulatedMon, to: SimulatedMon): void {
    const raw = this.wires.shift(from.index, to.index)
    if (raw === undefined || !to.up) return
    if (from.up) this.connect(from, to)
    this.receive(to, this.connect(to, from), raw)
  }

  private connect(own: SimulatedMon, peer: SimulatedMon): number {
    const standing = own.peers.get(peer.index)
    if (standing !== undefined) return standing
    const connection = this.nextConnection++
    own.peers.set(peer.index, connection)
    this.happen(own, {
      _tag: 'ConnectionReady',
      connection,
      peer: monPeer(peer.index),
    })
    return connection
  }

  private receive(mon: SimulatedMon, connection: number, raw: RawMessage): void {
    if (!mon.up) return
    const decoded = decodeMessage(raw)
    assert.ok(E.isRight(decoded), `message of type ${raw.type} cannot be decoded`)
    this.happen(mon, { _tag: 'MessageReceived', connection, raw, message: decoded.right })
  }

  private latency(): number {
    return this.random.next() * LATENCY_MS_MAX
  }

  private afterInLife(mon: SimulatedMon, ms: number, run: () => void): void {
    const { life } = mon
    this.clock.after(ms, () => {
      if (mon.up && mon.life === life) run()
    })
  }
}
type Effect<Tag extends MonitorEffect['_tag']> = Extract<MonitorEffect, { _tag: Tag }>
