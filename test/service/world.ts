/**
 * A service driven through its record of functions, without a monitor around it: a world made by hand, one proposal
 * at a time, every proposal committed at once.
 */
import assert from 'node:assert/strict'
import { ALLOW_ALL } from '../../src/auth/mon-cap.ts'
import type { EntityAddr } from '../../src/codec/type/entity-addr.ts'
import { entityAddr } from '../../src/codec/type/entity-addr.ts'
import { Options } from '../../src/config/options.ts'
import type { OptionsView } from '../../src/config/view.ts'
import type { Message } from '../../src/message/message.ts'
import type {
  Command,
  CommandReply,
  Format,
  PaxosService,
  Request,
  ServiceEffect,
  ServiceName,
  ServicePendings,
  ServiceStates,
  Session,
  World,
} from '../../src/service/contract.ts'
import { transactionOf, type Op } from '../../src/store/transaction.ts'
import { StoreView } from '../../src/store/view.ts'

const ADDR: EntityAddr = entityAddr('msgr2', '127.0.0.1', 21600)
export const FSID = '59b9cebe-caae-4653-9c65-c861d9e195dd'
const START_MS = Date.UTC(2026, 10, 23)

/** All defaults, but for what `changes` says. */
export const testOptions = (changes: Readonly<Record<string, string>> = {}): OptionsView => {
  const base = Options.of({ cluster: 'ceph', type: 'mon', id: 'a', host: 'h', pid: 1, home: '/root' })
  const { options, errors } = base.withAll('override', Object.entries(changes))
  assert.deepEqual(errors, [])
  return options
}

export const testSession = (changes: Partial<Session> = {}): Session => ({
  id: 1,
  peerType: 8,
  num: 4100n,
  identity: {
    entityName: { type: 8, id: 'admin' },
    globalId: 4100n,
    globalIdStatus: 'NEW_OK',
    caps: ALLOW_ALL,
  },
  addrs: [ADDR],
  socketAddr: ADDR,
  features: 0x3f01cfbdfffdffffn,
  isRouted: false,
  ...changes,
})

/** The leader of a quorum of one; `states` are those of the services that the test is about. */
export const testWorld = (states: Partial<ServiceStates>, changes: Partial<World> = {}): World => ({
  now: START_MS,
  entropy: Buffer.alloc(32, 7),
  options: testOptions(),
  store: StoreView.empty,
  fsid: FSID,
  self: { name: 'a', rank: 0, isLeader: true, addrs: [ADDR] },
  quorum: {
    ranks: [0],
    epoch: 3,
    leader: 0,
    conFeatures: 0x3f01cfbdfffdffffn,
    monFeatures: 0n,
    minRelease: 16,
    sinceMs: START_MS,
    metadata: new Map(),
  },
  // Services that the test leaves out are not asked for anything.
  committed: states as ServiceStates,
  monKeyring: new Map(),
  globalIds: { lastAllocated: 4096n, max: 14096n },
  monmap: undefined as never,
  sessions: [],
  disk: undefined,
  clocks: { skews: new Map(), latencies: new Map() },
  ...changes,
})

/** One service of a monitor that is alone in its quorum. */
export class Harness<N extends ServiceName> {
  readonly service: PaxosService<N>
  world: World
  /** Pending values of services that this one changes too. They are not committed. */
  otherPendings: Partial<ServicePendings> = {}
  /** Operations of the last proposal. */
  ops: readonly Op[] = []

  constructor(service: PaxosService<N>, world: World) {
    this.service = service
    this.world = world
  }

  /** A harness whose service has created and committed its first version. */
  static created<N extends ServiceName>(
    service: PaxosService<N>,
    changes: Partial<World> = {},
    others: Partial<ServiceStates> = {},
  ): Harness<N> {
    const states = { ...others, [service.name]: service.initial } as Partial<ServiceStates>
    const harness = new Harness(service, testWorld(states, changes))
    harness.propose(service.createInitial(harness.world))
    return harness
  }

  get state(): ServiceStates[N] {
    return this.world.committed[this.service.name]
  }

  /** Lets time pass. */
  wait(ms: number): void {
    this.world = { ...this.world, now: this.world.now + ms }
  }

  /** Proposes and commits a pending value. */
  propose(pending: ServicePendings[N]): void {
    this.commit(this.service.encodePending(this.world, pending))
  }

  /** Commits operations as if the leader had proposed them. */
  commit(ops: readonly Op[]): void {
    this.ops = ops
    const stored = { ...this.world, store: this.world.store.apply(transactionOf(ops)) }
    const state = this.service.updateFromPaxos(stored, this.state)
    this.world = { ...stored, committed: { ...stored.committed, [this.service.name]: state } }
  }

  /** Runs a command given as the JSON that clients send, commits what it changes, and gives the answer. */
  command(fields: Readonly<Record<string, unknown>>, input = ''): CommandReply {
    const { prefix, format = 'plain', ...args } = fields
    const command: Command = {
      prefix: String(prefix),
      args: new Map(Object.entries(args)),
      format: format as Format,
      input: Buffer.from(input, 'latin1'),
      text: JSON.stringify(fields),
    }
    const request = this.request(undefined, command)
    const handler = this.service.commands.get(command.prefix)
    assert.ok(handler, `no handler for ${command.prefix}`)
    const reply = handler.query?.(this.world, request, command)
    if (reply !== undefined) return reply
    assert.ok(handler.update, `${command.prefix} neither answers nor changes anything`)
    return answerIn(this.update((world, pendings) => handler.update?.(world, pendings, request, command)))
  }

  /** Handles a message; the effects of answering it, in order. */
  message(message: Message, session = testSession()): readonly ServiceEffect[] {
    const request = this.request(message, undefined, session)
    const answer = this.service.preprocessQuery(this.world, request)
    if (answer._tag === 'Answered') return answer.effects
    return this.update((world, pendings) => this.service.prepareUpdate(world, pendings, request))
  }

  private update(
    prepare: (
      world: World,
      pendings: ServicePendings,
    ) => ReturnType<PaxosService<N>['prepareUpdate']> | undefined,
  ): readonly ServiceEffect[] {
    const { name } = this.service
    const pending = this.service.createPending(this.world)
    const pendings = { ...this.otherPendings, [name]: pending } as unknown as ServicePendings
    const result = prepare(this.world, pendings)
    assert.ok(result)
    assert.notEqual(result._tag, 'RetryAfterCommit')
    if (result._tag !== 'Prepared') return result._tag === 'Answered' ? result.effects : []
    this.propose(result.pendings[name] ?? pendings[name])
    return [...result.effects, ...result.afterCommit]
  }

  private request(
    message: Message | undefined,
    command: Command | undefined,
    session = testSession(),
  ): Request {
    const ping: Message = { _tag: 'MPing' } as Message
    return { session, message: message ?? ping, tid: 1n, command }
  }
}

const answerIn = (effects: readonly ServiceEffect[]): CommandReply => {
  for (const effect of effects) if (effect._tag === 'CommandAnswer') return effect.reply
  assert.fail('the command was not answered')
}
