/**
 * The messenger: sockets in, events out. It accepts and dials, gives each socket a handshake, and hands what comes
 * of it to a lossless session (monitors) or a lossy connection (everyone else). A peer that is malformed, too
 * large, too slow or half open loses its socket, with a reason in the log, and touches nobody else.
 *
 * `onEvent` is called from a microtask, never from inside a method of this class. Every connection that was
 * announced, by ConnectionReady or as the result of `connectTo`, ends with exactly one ConnectionClosed.
 *
 * Source: ceph src/msg/async/AsyncMessenger.cc, AsyncConnection.cc.
 */
import { connect, createServer, type Server } from 'node:net'
import * as E from 'fp-ts/lib/Either.js'
import type * as T from 'fp-ts/lib/Task.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { AuthReply } from '../auth/contract.ts'
import { invariant } from '../base/assert.ts'
import type { Clock } from '../base/port/clock.ts'
import type { Logger } from '../base/port/logger.ts'
import type { Random } from '../base/port/random.ts'
import {
  entityAddr,
  ipOf,
  isBlankAddr,
  portOf,
  printAddr,
  type EntityAddr,
  type EntityAddrvec,
} from '../codec/type/entity-addr.ts'
import { ENTITY_TYPE, entityTypeName } from '../codec/type/entity-name.ts'
import type { RawMessage } from '../message/raw.ts'
import { Acceptor } from './acceptor.ts'
import { Attempt } from './attempt.ts'
import type { AuthClientFor, ConnectionId, NetError, NetEvent } from './contract.ts'
import { HeldBytes } from './held-bytes.ts'
import { Link } from './link.ts'
import { LosslessConnection } from './lossless-connection.ts'
import { LossyConnection } from './lossy-connection.ts'
import {
  CONNECTIONS_MAX,
  HANDSHAKES_MAX,
  HELD_BYTES_MAX,
  IDLE_TIMEOUT_MS,
  READY_TIMEOUT_MS,
  UNSENT_BYTES_MAX,
} from './msgr2/limit.ts'
import { peerKey } from './msgr2/session-table.ts'
import type { Connection, NetContext, NetLimits } from './net-context.ts'

export interface MessengerOptions {
  readonly entityType: number
  /** Rank, OSD id or global id; -1 while there is none. */
  readonly num: bigint
  /** Our addresses. A blank one is filled in from what the first peer says; its type and nonce stay. */
  readonly addrs: EntityAddrvec
  readonly featuresSupported: bigint
  /** What a peer of this type must support. */
  readonly featuresRequired: (peerType: number) => bigint
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly authClientFor: AuthClientFor
  readonly onEvent: (event: NetEvent) => void
  readonly limits?: Partial<NetLimits>
}

const LIMITS: NetLimits = {
  readyTimeoutMs: READY_TIMEOUT_MS,
  idleTimeoutMs: IDLE_TIMEOUT_MS,
  unsentBytesMax: UNSENT_BYTES_MAX,
  heldBytesMax: HELD_BYTES_MAX,
  connectionsMax: CONNECTIONS_MAX,
  handshakesMax: HANDSHAKES_MAX,
}

/** Idle connections are looked for this often, as a part of the idle timeout. */
const IDLE_SWEEPS = 8
const BACKLOG = 512

export class Messenger {
  private readonly options: MessengerOptions
  private readonly net: NetContext
  private readonly acceptor: Acceptor
  private readonly connections = new Map<ConnectionId, Connection>()
  private readonly lossless = new Map<string, LosslessConnection>()
  private readonly servers: Server[] = []
  private readonly sweep: NodeJS.Timeout
  private ownNum: bigint
  private ownAddrs: EntityAddrvec
  /**
   * Counts connect attempts, from the time of the start.
   *
   * Units: at first milliseconds since 1970.
   * Differs: Ceph counts from 0. Peers remember the last number of a process that died, and refuse the next process as
   *          stale until it has counted past it, attempt by attempt with growing delays.
   */
  private globalSeq: bigint
  private nextId: ConnectionId = 1
  private events: NetEvent[] = []
  /** Connections that the node has closed and whose end it has not been told yet. */
  private readonly muted = new Set<ConnectionId>()
  private drainScheduled = false
  private stopped = false

  constructor(options: MessengerOptions) {
    this.options = options
    this.ownNum = options.num
    this.ownAddrs = options.addrs
    this.globalSeq = BigInt(Math.floor(options.clock.now()))
    const limits = { ...LIMITS, ...options.limits }
    this.net = this.context(limits)
    this.acceptor = new Acceptor(this.net, {
      ownType: options.entityType,
      isLossless: (peerType) => this.isLossless(peerType),
      newId: () => this.newId(),
      lossyCount: () => this.connections.size - this.losslessCount(),
      losslessAt: (addrs) => this.lossless.get(peerKey(addrs)),
      addLossless: (id, peerType, addrs) => this.addLossless(id, peerType, addrs),
      addLossy: (id, peerType) => this.addLossy(id, peerType),
    })
    this.sweep = setInterval(() => this.dropIdle(), Math.max(1, limits.idleTimeoutMs / IDLE_SWEEPS)).unref()
  }

  /** Our addresses; with the port that the system chose, when `bind` was given port 0. */
  get addrs(): EntityAddrvec {
    return this.ownAddrs
  }

  /** Listens on `addr`. Errors: AddressInUse, CannotBind. */
  bind(addr: EntityAddr): TE.TaskEither<NetError, void> {
    return () =>
      new Promise((resolve) => {
        const server = createServer((socket) => this.acceptor.accept(socket))
        const refuse = (cause: NodeJS.ErrnoException): void =>
          resolve(
            E.left(
              cause.code === 'EADDRINUSE'
                ? { _tag: 'AddressInUse', addr }
                : { _tag: 'CannotBind', addr, cause },
            ),
          )
        server.once('error', refuse)
        server.listen({ host: ipOf(addr), port: portOf(addr), backlog: BACKLOG }, () => {
          server.off('error', refuse)
          server.on('error', (cause) => this.net.log.warn('cannot accept', { reason: cause.message }))
          this.servers.push(server)
          if (portOf(addr) === 0) this.learnPort(server)
          resolve(E.right(undefined))
        })
      })
  }

  /**
   * A connection to a peer; messages may be sent on it at once. For a fellow monitor it is the one session with
   * those addresses, unless `lossy` asks for a connection of its own.
   */
  connectTo(peer: {
    readonly type: number
    readonly addrs: EntityAddrvec
    readonly lossy?: boolean
  }): ConnectionId {
    invariant(!this.stopped, 'connectTo after shutdown')
    if (this.isLossless(peer.type) && peer.lossy !== true) {
      const connection =
        this.lossless.get(peerKey(peer.addrs)) ?? this.addLossless(this.newId(), peer.type, peer.addrs)
      connection.connect()
      return connection.id
    }
    const connection = this.addLossy(this.newId(), peer.type)
    connection.dial(peer.addrs)
    return connection.id
  }

  /** Sends, or queues until the connection stands. On one that is gone the message is dropped. */
  send(connection: ConnectionId, message: RawMessage): void {
    const found = this.connections.get(connection)
    if (found === undefined) this.net.log.debug('message for a closed connection', { connection })
    else found.send(message)
  }

  /** Asks the peer for a sign of life; any frame resets the idle timeout of either side. */
  keepalive(connection: ConnectionId): void {
    this.connections.get(connection)?.sendKeepalive()
  }

  /** When the peer was last heard of, milliseconds since 1970; undefined without a socket that stands. */
  heardMs(connection: ConnectionId): number | undefined {
    return this.connections.get(connection)?.heardMs
  }

  /** Messages kept for the peer: waiting to be sent, or sent to a fellow monitor and not acknowledged. */
  queuedCount(connection: ConnectionId): number {
    return this.connections.get(connection)?.queuedCount ?? 0
  }

  /** Ends a connection for good. What was sent before still leaves; what is queued for a lossless peer is dropped. */
  close(connection: ConnectionId, reason: string): void {
    const found = this.connections.get(connection)
    if (found === undefined) return
    // What arrived before and is not yet handed over is not handed over.
    this.muted.add(connection)
    found.end()
    this.forget(found, reason)
  }

  /** The answer to AuthRequestReceived or AuthRequestMoreReceived. For an attempt that is over it is ignored. */
  authReply(attempt: ConnectionId, reply: AuthReply): void {
    this.acceptor.authReply(attempt, reply)
  }

  /** Our rank or global id has changed; said in IDENT frames from now on. */
  setNum(num: bigint): void {
    this.ownNum = num
  }

  /** Our addresses have changed: peers know us by the old ones, so every connection and session ends. */
  setAddrs(addrs: EntityAddrvec): void {
    this.ownAddrs = addrs
    this.dropAll('our addresses have changed')
  }

  /** Closes everything. No event follows once the task has resolved. */
  shutdown(): T.Task<void> {
    return async () => {
      this.stopped = true
      clearInterval(this.sweep)
      this.dropAll('shutdown')
      await Promise.all(
        this.servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
      )
      this.events = []
    }
  }

  /** Breaks the socket of a connection as the network would. For tests of reconnection. */
  breakSocket(connection: ConnectionId): void {
    this.connections.get(connection)?.breakSocket('broken on purpose')
  }

  private context(limits: NetLimits): NetContext {
    const { clock, log, random, authClientFor, entityType } = this.options
    const { unsentBytesMax, heldBytesMax } = limits
    const socketOptions = { now: clock.now, unsentBytesMax, held: new HeldBytes(heldBytesMax) }
    return {
      clock,
      log,
      limits,
      socketOptions,
      own: (peerType) => ({
        addrs: this.ownAddrs,
        num: this.ownNum,
        featuresSupported: this.options.featuresSupported,
        featuresRequired: this.options.featuresRequired(peerType),
      }),
      emit: (event) => this.emit(event),
      nextGlobalSeq: (above = 0n) => {
        this.globalSeq = (above > this.globalSeq ? above : this.globalSeq) + 1n
        return this.globalSeq
      },
      newCookie: () => random.bytes(8).readBigUInt64LE(0) | 1n,
      learnAddr: (addr) => this.learnAddr(addr),
      authClientFor,
      dial: ({ id, type, target }, authClient, host) =>
        new Attempt({
          id,
          host,
          authClient,
          input: (peerAddr) => ({
            side: 'connecting',
            ownType: entityType,
            peerAddr,
            peerType: type,
            request: authClient.request,
          }),
          timeoutMs: limits.readyTimeoutMs,
          makeLink: (handler) =>
            new Link(connect({ host: ipOf(target), port: portOf(target) }), {
              ...socketOptions,
              handler,
              peerAddr: target,
            }),
        }),
      register: (connection, addrs) => {
        const key = peerKey(addrs)
        if (connection instanceof LosslessConnection && !this.lossless.has(key))
          this.lossless.set(key, connection)
      },
      forget: (connection, reason) => this.forget(connection, reason),
    }
  }

  private isLossless(peerType: number): boolean {
    return this.options.entityType === ENTITY_TYPE.mon && peerType === ENTITY_TYPE.mon
  }

  private losslessCount(): number {
    return new Set(this.lossless.values()).size
  }

  private newId(): ConnectionId {
    return this.nextId++
  }

  private addLossless(id: ConnectionId, peerType: number, addrs: EntityAddrvec): LosslessConnection {
    const connection = new LosslessConnection(this.net, id, peerType, addrs)
    this.connections.set(id, connection)
    this.lossless.set(peerKey(addrs), connection)
    return connection
  }

  private addLossy(id: ConnectionId, peerType: number): LossyConnection {
    const connection = new LossyConnection(this.net, id, peerType)
    this.connections.set(id, connection)
    return connection
  }

  private forget(connection: Connection, reason: string): void {
    if (!this.connections.delete(connection.id)) return
    if (connection instanceof LosslessConnection) {
      for (const [key, held] of this.lossless) if (held === connection) this.lossless.delete(key)
    }
    this.net.log.info('connection closed', {
      connection: connection.id,
      type: entityTypeName(connection.peerType),
      reason,
    })
    this.emit({ _tag: 'ConnectionClosed', connection: connection.id, reason })
  }

  private dropAll(reason: string): void {
    this.acceptor.dropAll()
    for (const connection of [...this.connections.values()]) {
      connection.end()
      this.forget(connection, reason)
    }
  }

  private dropIdle(): void {
    const since = this.options.clock.now() - this.net.limits.idleTimeoutMs
    for (const connection of [...this.connections.values()]) {
      const { heardMs } = connection
      if (heardMs !== undefined && heardMs < since) connection.breakSocket('idle')
    }
  }

  private learnAddr(addr: EntityAddr): void {
    const [first] = this.ownAddrs
    if (first === undefined || !isBlankAddr(first) || isBlankAddr(addr)) return
    const learned = { ...entityAddr('any', ipOf(addr), 0, first.nonce), type: first.type }
    this.ownAddrs = [learned, ...this.ownAddrs.slice(1)]
    this.net.log.debug('learned our address', { addr: printAddr(learned) })
  }

  private learnPort(server: Server): void {
    const bound = server.address()
    invariant(bound !== null && typeof bound !== 'string', 'a TCP server listens on a port')
    this.ownAddrs = this.ownAddrs.map((addr) =>
      portOf(addr) === 0 && !isBlankAddr(addr)
        ? { ...entityAddr('msgr2', ipOf(addr), bound.port, addr.nonce), type: addr.type }
        : addr,
    )
  }

  private emit(event: NetEvent): void {
    this.events.push(event)
    if (this.drainScheduled) return
    this.drainScheduled = true
    queueMicrotask(() => this.drain())
  }

  private drain(): void {
    this.drainScheduled = false
    const { events } = this
    this.events = []
    for (const event of events) {
      if (event._tag === 'MessageReceived' && this.muted.has(event.connection)) continue
      if (event._tag === 'ConnectionClosed') this.muted.delete(event.connection)
      this.options.onEvent(event)
    }
  }
}
