/**
 * A monitor that has nothing but some of its services: requests go in, answers come out, and what is proposed is
 * committed at once. For tests of one service without quorum, sessions and network.
 */
import assert from 'node:assert/strict'
import { ALLOW_ALL } from '../../src/auth/mon-cap.ts'
import { ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { entityAddr } from '../../src/codec/type/entity-addr.ts'
import { Options } from '../../src/config/options.ts'
import { emptyOsdMap } from '../../src/map/osd-map/osd-map.ts'
import { defaultCrushMap } from '../../src/map/crush/default-map.ts'
import type { Message } from '../../src/message/message.ts'
import { configService } from '../../src/service/config/service.ts'
import type {
  Command,
  CommandReply,
  Format,
  Request,
  ServiceEffect,
  ServiceName,
  ServicePendings,
  ServiceStates,
  Session,
  Subscription,
  SubscriptionAnswer,
  UpdateResult,
  World,
} from '../../src/service/contract.ts'
import { kvService } from '../../src/service/kv/service.ts'
import { logService } from '../../src/service/log/service.ts'
import { INITIAL_MGR_STATE } from '../../src/service/mgr/state.ts'
import { transactionOf } from '../../src/store/transaction.ts'
import { StoreView } from '../../src/store/view.ts'
import { monMapOf } from './small-monmap.ts'

const SERVICES = { logm: logService, config: configService, kv: kvService } as const
type Small = keyof typeof SERVICES
const ORDER: readonly Small[] = ['logm', 'config', 'kv']

export const SESSION: Session = {
  id: 1,
  peerType: ENTITY_TYPE.client,
  num: -1n,
  identity: {
    entityName: { type: ENTITY_TYPE.client, id: 'admin' },
    globalId: 4123n,
    globalIdStatus: 'NEW_OK',
    caps: ALLOW_ALL,
  },
  addrs: [entityAddr('any', '127.0.0.1', 0, 283593208)],
  socketAddr: entityAddr('any', '127.0.0.1', 0, 283593208),
  features: 0n,
  isRouted: false,
}

export type CommandJson = Readonly<Record<string, unknown>>

const commandOf = (json: CommandJson, input: Buffer): Command => {
  const { prefix, format = 'plain', ...args } = json
  return {
    prefix: prefix as string,
    format: format as Format,
    args: new Map(Object.entries(args)),
    input,
    text: JSON.stringify(json),
  }
}

export class SmallWorld {
  now = Date.UTC(2026, 10, 23, 1, 2, 3)
  store = StoreView.empty
  readonly fsid: string
  /** Effects that are no answers, in order. */
  readonly effects: ServiceEffect[] = []
  options = Options.of({ type: 'mon', id: 'a', cluster: 'ceph', host: 'h', pid: 1, home: '/' })
  private states: ServiceStates

  constructor(fsid: string) {
    this.fsid = fsid
    const none = { firstCommitted: 0n, lastCommitted: 0n }
    this.states = {
      logm: logService.initial,
      config: configService.initial,
      kv: kvService.initial,
      mgr: INITIAL_MGR_STATE,
      osdmap: { ...none, map: emptyOsdMap(defaultCrushMap()) },
    } as unknown as ServiceStates
    this.commit(
      this.pendings((name, world) => SERVICES[name].createInitial(world)),
      ORDER,
    )
  }

  get world(): World {
    return {
      now: this.now,
      entropy: Buffer.alloc(32),
      options: this.options,
      store: this.store,
      fsid: this.fsid,
      self: { name: 'a', rank: 0, isLeader: true, addrs: [entityAddr('msgr2', '127.0.0.1', 21500)] },
      committed: this.states,
      monmap: monMapOf(this.fsid),
      sessions: [SESSION],
    } as unknown as World
  }

  private pendings(make: (name: Small, world: World) => unknown): ServicePendings {
    return Object.fromEntries(
      ORDER.map((name) => [name, make(name, this.world)]),
    ) as unknown as ServicePendings
  }

  /** One proposal of these services, committed. */
  private commit(pendings: ServicePendings, names: readonly ServiceName[]): void {
    const { world } = this
    const ops = ORDER.filter((name) => names.includes(name)).flatMap((name) =>
      // The service and its pending value belong together by name.
      (SERVICES[name].encodePending as (w: World, p: unknown) => ReturnType<typeof logService.encodePending>)(
        world,
        pendings[name],
      ),
    )
    this.store = this.store.apply(transactionOf(ops))
    for (const name of ORDER) {
      const service = SERVICES[name]
      const before = this.states[name]
      const update = service.updateFromPaxos as (w: World, s: unknown) => typeof before
      const after = update(this.world, before)
      this.states = { ...this.states, [name]: after }
      if (after === before) continue
      const afterRefresh = service.afterRefresh as
        ((w: World, b: unknown) => readonly ServiceEffect[]) | undefined
      this.effects.push(...(afterRefresh?.(this.world, before) ?? []))
    }
  }

  private finish(result: UpdateResult, pendings: ServicePendings): readonly ServiceEffect[] {
    assert.notEqual(result._tag, 'RetryAfterCommit')
    if (result._tag === 'RetryAfterCommit') return []
    if (result._tag === 'Answered') return result.effects
    this.commit({ ...pendings, ...result.pendings }, Object.keys(result.pendings) as ServiceName[])
    return [...result.effects, ...result.afterCommit]
  }

  private freshPendings(): ServicePendings {
    return this.pendings((name, world) => SERVICES[name].createPending(world))
  }

  /** What the tick of a service changes. */
  tick(name: Small): readonly ServiceEffect[] {
    const pendings = this.freshPendings()
    const result = SERVICES[name].tick?.(this.world, pendings)
    return result === undefined ? [] : this.finish(result, pendings)
  }

  /** Runs one command to its answer. */
  command(json: CommandJson, input = Buffer.alloc(0)): CommandReply {
    const command = commandOf(json, input)
    const message: Message = {
      _tag: 'MMonCommand',
      version: 0n,
      fsid: this.fsid,
      cmd: [command.text],
      data: input,
    }
    const request: Request = { session: SESSION, message, tid: 1n, command }
    const handler = ORDER.map((name) => SERVICES[name].commands.get(command.prefix)).find(
      (found) => found !== undefined,
    )
    assert.ok(handler !== undefined, `no handler of ${command.prefix}`)
    const answer = handler.query?.(this.world, request, command)
    if (answer !== undefined) return answer
    const pendings = this.freshPendings()
    assert.ok(handler.update !== undefined, `${command.prefix} has neither answer nor update`)
    const effects = this.finish(handler.update(this.world, pendings, request, command), pendings)
    const reply = effects.find((effect) => effect._tag === 'CommandAnswer')
    assert.ok(reply !== undefined, `${command.prefix} was not answered`)
    return reply.reply
  }

  /** Runs one message that is no command; gives everything that it leads to. */
  message(name: Small, message: Message, session = SESSION): readonly ServiceEffect[] {
    const request: Request = { session, message, tid: 1n, command: undefined }
    const query = SERVICES[name].preprocessQuery(this.world, request)
    if (query._tag === 'Answered') return query.effects
    const pendings = this.freshPendings()
    return this.finish(SERVICES[name].prepareUpdate(this.world, pendings, request), pendings)
  }

  subscribe(name: Small, subscription: Subscription, session = SESSION): SubscriptionAnswer | undefined {
    return SERVICES[name].subscribe?.(this.world, session, subscription)
  }
}
