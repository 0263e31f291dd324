/**
 * The shell: the only place where the monitor meets the clock, the disk, the network and the operator. It stamps
 * what happens, hands it to `step` one event at a time, and runs the effects in order.
 */
import { randomBytes } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { listenAdminSocket, type AdminError, type AdminSocket } from '../admin/socket.ts'
import type { AdminReply } from '../admin/protocol.ts'
import { monAuthorizerClient, authorizerNoneClient } from '../auth/cephx-client.ts'
import { AUTH_METHOD, type AuthClient } from '../auth/contract.ts'
import { entryOf } from '../auth/entity-auth.ts'
import { MON_ENTITY } from '../auth/key-server.ts'
import { unreachable } from '../base/assert.ts'
import { describeDecodeError } from '../codec/error.ts'
import { type EntityAddr, msgr2Addr, printAddr, printAddrvec } from '../codec/type/entity-addr.ts'
import { ENTITY_TYPE } from '../codec/type/entity-name.ts'
import { FEATURES_ALL, requiredFeaturesOf } from '../map/feature.ts'
import { decodeMessage, encodeMessage } from '../message/message.ts'
import { authOptions } from '../service/auth/auth-options.ts'
import type { MonitorEffect } from '../monitor/effect.ts'
import type { MonitorEvent, Stamp, TimerName } from '../monitor/event.ts'
import { initialMonitor } from '../monitor/start.ts'
import type { MonitorState } from '../monitor/state.ts'
import { step } from '../monitor/step.ts'
import type { NetError, NetEvent } from '../net/contract.ts'
import { Messenger } from '../net/messenger.ts'
import type { Command, Format } from '../service/contract.ts'
import { ERRNO, printErrno } from '../service/errno.ts'
import { describeStoreError } from '../store/kv.ts'
import { now } from './clock.ts'
import { ClusterLogFile } from './cluster-log-file.ts'
import { measureDisk } from './disk-usage.ts'
import { EntropyPool } from './entropy-pool.ts'
import { printFields } from './logger.ts'
import { MonSender } from './mon-sender.ts'
import type { MonitorSetup, RunningMonitor, StartMonitor } from './setup.ts'
import { describeSystemError } from './system-error.ts'
import { timers, type Timers } from './timer.ts'
import { openTrace, type TraceFile } from './trace-file.ts'

type Unstamped<A> = A extends Stamp ? Omit<A, keyof Stamp> : never
type Happening = Unstamped<MonitorEvent>

export const startMonitor: StartMonitor = (setup) => {
  const runtime = new Runtime(setup)
  return runtime.listen()
}

class Runtime {
  private readonly setup: MonitorSetup
  private state: MonitorState
  private readonly messenger: Messenger
  private readonly timers: Timers<TimerName>
  private readonly sender = new MonSender()
  private readonly trace: TraceFile
  private readonly clusterLog: ClusterLogFile
  private readonly entropy = new EntropyPool()
  private readonly queue: Happening[] = []
  private isStepping = false
  private adminSocket: AdminSocket | undefined
  private readonly adminWaiting = new Map<number, (reply: AdminReply) => void>()
  private nextAdminId = 1
  private end: (outcome: { readonly code: number; readonly reason: string }) => void = () => undefined
  private readonly ended: Promise<{ readonly code: number; readonly reason: string }>
  private isEnding = false

  constructor(setup: MonitorSetup) {
    const { options, monmap, addrs, keyring, metadata, store } = setup
    this.setup = setup
    this.ended = new Promise((resolve) => {
      this.end = resolve
    })
    this.trace = openTrace(options.string('monclave_trace'), options.identity.id)
    this.clusterLog = new ClusterLogFile(
      () => this.state.config.options,
      (text) => setup.logger.log('mon', 0, text),
    )
    const config = {
      name: options.identity.id,
      fsid: monmap.fsid,
      addrs,
      options,
      keyring,
      metadata,
      startedMs: now(),
      trace: this.trace.isOpen,
    }
    this.state = initialMonitor(config, store, monmap)
    this.timers = timers((timer) => this.happen({ _tag: 'TimerFired', timer }))
    this.messenger = this.makeMessenger()
  }

  listen(): TE.TaskEither<string, RunningMonitor> {
    const { bindAddrs } = this.setup
    const addr = msgr2Addr(bindAddrs)
    if (addr === undefined) return TE.left(`no v2 address among ${printAddrvec(bindAddrs)} to listen on`)
    return async () => {
      const bound = await this.messenger.bind(addr)()
      if (E.isLeft(bound)) return E.left(describeNetError(bound.left))
      await this.listenAdmin()
      this.happen({ _tag: 'Started' })
      return E.right({
        shutdown: () => this.happen({ _tag: 'ShutdownRequested' }),
        ended: this.ended,
      })
    }
  }

  /** A monitor without its admin socket is still a monitor: what is wrong is said, and no more. */
  private async listenAdmin(): Promise<void> {
    const { options, logger } = this.setup
    const path = options.string('admin_socket')
    if (path === '') return
    const mode = options.string('admin_socket_mode')
    const listening = await listenAdminSocket({
      path,
      ...(mode === '' ? {} : { mode: Number.parseInt(mode, 8) }),
      onRequest: ({ prefix, format, args }) =>
        new Promise((resolve) => {
          const id = this.nextAdminId++
          this.adminWaiting.set(id, resolve)
          this.happen({ _tag: 'AdminRequest', id, command: adminCommand(prefix, format, args) })
        }),
    })()
    if (E.isRight(listening)) this.adminSocket = listening.right
    else
      logger.error(
        `unable to listen on the admin socket '${path}': ${describeAdminError(listening.left)}; going on without\n`,
      )
  }

  private makeMessenger(): Messenger {
    const { addrs, logger } = this.setup
    const log =
      (level: number) =>
      (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
        if (logger.takes('ms', level)) logger.log('ms', level, `${message} ${printFields(fields)}`.trimEnd())
      }
    return new Messenger({
      entityType: ENTITY_TYPE.mon,
      num: -1n,
      addrs,
      featuresSupported: FEATURES_ALL,
      featuresRequired: (peerType) => requiredFeaturesOf(peerType),
      clock: { now },
      random: { bytes: randomBytes },
      log: { debug: log(10), info: log(1), warn: log(0) },
      authClientFor: ({ type }) => (type === ENTITY_TYPE.mon ? this.authorizer() : undefined),
      onEvent: (event) => this.onNetEvent(event),
    })
  }

  /** How this monitor proves itself to another. */
  private authorizer(): AuthClient | undefined {
    const { keyring } = this.setup
    const auth = authOptions(this.state.config.options)
    const event = { now: now(), entropy: this.entropy.next() }
    if (auth.clusterMethods[0] === AUTH_METHOD.none)
      return authorizerNoneClient(MON_ENTITY, 0n, auth.monClusterModes)
    const own = entryOf(keyring, MON_ENTITY)
    return own === undefined
      ? undefined
      : monAuthorizerClient(own.key, auth.monClusterModes, auth.serviceTicketTtlSeconds, event)
  }

  private onNetEvent(event: NetEvent): void {
    if (event._tag !== 'MessageReceived') {
      this.happen(event)
      return
    }
    const { connection, message: raw } = event
    const message = decodeMessage(raw)
    if (E.isRight(message)) {
      this.happen({ _tag: 'MessageReceived', connection, raw, message: message.right })
      return
    }
    const why = `message of type ${raw.type} cannot be decoded: ${describeDecodeError(message.left)}`
    this.setup.logger.log('ms', 0, `connection ${connection}: ${why}`)
    this.messenger.close(connection, why)
  }

  /** Queues what happened; events that effects cause are handled after the effects. */
  private happen(happening: Happening): void {
    this.queue.push(happening)
    if (this.isStepping) return
    this.isStepping = true
    try {
      for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) this.handle(next)
    } catch (error) {
      this.crash(error)
    } finally {
      this.isStepping = false
    }
  }

  private handle(happening: Happening): void {
    if (this.isEnding) return
    const stamp: Stamp = { now: now(), entropy: this.entropy.next() }
    // Spreading a union loses which member it is; the stamp is what the member lacked.
    const [state, effects] = step(this.state, { ...happening, ...stamp })
    const { options } = state.config
    if (options !== this.state.config.options) this.setup.logger.configure(options)
    this.state = state
    for (const effect of effects) this.run(effect)
  }

  private run(effect: MonitorEffect): void {
    switch (effect._tag) {
      case 'Send':
        this.send(effect)
        return
      case 'SendToMon': {
        const { addrs } = effect
        const message = encodeMessage(effect.message, { tid: effect.tid })
        this.sender.post(() =>
          this.messenger.send(this.messenger.connectTo({ type: ENTITY_TYPE.mon, addrs }), message),
        )
        return
      }
      case 'CloseConnection':
        this.messenger.close(effect.connection, effect.reason)
        return
      case 'AuthReplyReady':
        this.messenger.authReply(effect.attempt, effect.reply)
        return
      case 'Commit':
        this.commit(effect)
        return
      case 'StartTimer':
        this.timers.start(effect.timer, effect.ms)
        return
      case 'StopTimer':
        this.timers.stop(effect.timer)
        return
      case 'SetRank':
        this.messenger.setNum(BigInt(effect.rank))
        this.messenger.setAddrs(this.setup.addrs)
        return
      case 'AdminReply':
        this.adminWaiting.get(effect.id)?.(effect)
        this.adminWaiting.delete(effect.id)
        return
      case 'Log':
        this.log(effect)
        return
      case 'WriteClusterLog':
        this.clusterLog.write(effect)
        return
      case 'MeasureDisk':
        void this.measureDisk()
        return
      case 'Trace':
        this.trace.write(effect.line)
        return
      case 'Exit':
        void this.stop(effect.code, effect.reason)
        return
      default:
        unreachable(effect)
    }
  }

  private async measureDisk(): Promise<void> {
    const { options, logger } = this.setup
    const disk = await measureDisk(options.string('mon_data'))()
    if (E.isRight(disk)) this.happen({ _tag: 'DiskMeasured', disk: disk.right })
    else logger.log('mon', 0, `the disk of the data folder cannot be measured: ${disk.left}`)
  }

  private log({ subsystem, level, text }: Extract<MonitorEffect, { _tag: 'Log' }>): void {
    const { logger } = this.setup
    const { config, rank, phase } = this.state
    if (logger.takes(subsystem, level))
      logger.log(subsystem, level, `mon.${config.name}@${rank}(${phase}) ${text}`)
  }

  private send({ connection, message, tid }: Extract<MonitorEffect, { _tag: 'Send' }>): void {
    if (connection < 0) return
    const raw = encodeMessage(message, { tid })
    const depart = (): void => this.messenger.send(connection, raw)
    if (this.state.monConnections.has(connection)) this.sender.post(depart)
    else depart()
  }

  private commit({ write, transaction, durable }: Extract<MonitorEffect, { _tag: 'Commit' }>): void {
    if (durable) this.sender.writeOrdered(write)
    const done = this.setup.kv.commit(transaction, { sync: durable })()
    void done.then((result) => {
      if (E.isLeft(result)) {
        // What the store has is unknown now; nobody may hear anything that rests on it.
        void this.stop(1, describeStoreError(result.left))
        return
      }
      this.sender.writeDone(write)
      this.happen({ _tag: 'CommitDone', write })
    })
  }

  private crash(error: unknown): void {
    const { logger } = this.setup
    logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
    logger.dump()
    process.exitCode = 1
    void this.stop(1, 'an invariant of this monitor does not hold')
  }

  /** Lets go of everything, the store last. */
  private async stop(code: number, reason: string): Promise<void> {
    if (this.isEnding) return
    this.isEnding = true
    this.timers.stopAll()
    await this.messenger.shutdown()()
    if (this.adminSocket !== undefined) await this.adminSocket.close()
    await this.trace.close()
    await this.clusterLog.close()
    await this.setup.kv.close()
    this.end({ code, reason })
  }
}

const FORMATS: readonly string[] = ['json', 'json-pretty', 'xml', 'xml-pretty']

const adminCommand = (prefix: string, format: string, args: ReadonlyMap<string, unknown>): Command => ({
  prefix,
  args,
  format: FORMATS.includes(format) ? (format as Format) : 'json-pretty',
  ...(format === '' ? {} : { formatName: format }),
  input: Buffer.alloc(0),
  text: prefix,
})

const describeNetError = (error: NetError): string => {
  const where = (addr: EntityAddr): string => printAddr(addr)
  return error._tag === 'AddressInUse'
    ? `unable to bind to ${where(error.addr)}: (98) Address already in use; another process listens there`
    : `unable to bind to ${where(error.addr)}: ${describeSystemError(error.cause)}`
}

const describeAdminError = (error: AdminError): string =>
  error._tag === 'AdminSocketInUse' ? printErrno(ERRNO.EADDRINUSE) : describeSystemError(error.cause)
