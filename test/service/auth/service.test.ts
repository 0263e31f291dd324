import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import { known } from '../../../src/base/assert.ts'
import { decodeWhole } from '../../../src/codec/reader.ts'
import { ENTITY_TYPE } from '../../../src/codec/type/entity-name.ts'
import { authFullBytes } from '../../../src/auth/auth-version.ts'
import type { ServicePendings, UpdateResult, World } from '../../../src/service/contract.ts'
import { authService } from '../../../src/service/auth/service.ts'
import type { AuthPending } from '../../../src/service/auth/state.ts'
import { decodeTransaction, type Op, put, transactionOf } from '../../../src/store/transaction.ts'
import { StoreView } from '../../../src/store/view.ts'
import { fixture } from '../../fixture/fixture.ts'
import { Harness, testOptions, testSession } from '../world.ts'

const DAY_MS = 24 * 3600_000

// What a recorded Paxos value changes for the auth service.
const recordedOps = (name: string): readonly Op[] => {
  const value = decodeWhole(decodeTransaction, fixture(`auth/${name}`))
  assert(E.isRight(value))
  return value.right.ops.filter(
    ({ prefix, key }) => prefix === 'auth' || (prefix === 'health' && key === 'auth'),
  )
}

const namesOf = (ops: readonly Op[]): readonly string[] =>
  ops.map(({ type, prefix, key }) => `${type} ${prefix} ${key}`)

const preparedBy = (result: UpdateResult | undefined): AuthPending => {
  assert(result?._tag === 'Prepared')
  return known(result.pendings.auth, 'a pending value')
}

const NO_PENDING = { auth: { changes: [] } } as unknown as ServicePendings

const tick = (world: World): UpdateResult | undefined => authService.tick?.(world, NO_PENDING)

/** A monitor that has what the real one had after Paxos value 3. */
const recorded = (): Harness<'auth'> => {
  const harness = Harness.created(authService)
  const store = StoreView.empty.apply(transactionOf(recordedOps('fresh-paxos-3.bin')))
  const world = { ...harness.world, store, globalIds: { lastAllocated: 4096n, max: 4096n } }
  const auth = authService.updateFromPaxos(world, authService.initial)
  harness.world = { ...world, committed: { ...world.committed, auth } }
  return harness
}

describe('the auth service of a new cluster', () => {
  it('writes its first version under the keys that a real one writes, in that order', () => {
    const keyring = put('mkfs', 'keyring', fixture('auth/fresh-keyring'))
    const { ops } = Harness.created(authService, { store: StoreView.empty.apply(transactionOf([keyring])) })
    const real = recordedOps('fresh-paxos-3.bin')
    assert.deepEqual(namesOf(ops), namesOf(real))
    assert.deepEqual(ops.slice(1), real.slice(1))
    assert.equal((ops[0] as { value: Buffer }).value.length, (real[0] as { value: Buffer }).value.length)
  })

  it('raises the global ids next, and writes the very bytes of a real one', () => {
    const harness = recorded()
    const pending = preparedBy(authService.onActive?.(harness.world, NO_PENDING))
    harness.propose(pending)
    assert.deepEqual(harness.ops, recordedOps('fresh-paxos-5.bin'))
    assert.equal(harness.state.maxGlobalId, 14096n)
  })

  it('forgets the keyring of mkfs once its keys are committed', () => {
    const keyring = put('mkfs', 'keyring', fixture('auth/fresh-keyring'))
    const { world } = Harness.created(authService, { store: StoreView.empty.apply(transactionOf([keyring])) })
    assert.deepEqual(namesOf(authService.localOps?.(world) ?? []), ['erase mkfs keyring'])
    assert.deepEqual(authService.localOps?.({ ...world, store: StoreView.empty }), [])
  })

  it('has no keys of entities when no method needs them', () => {
    const options = testOptions({ auth_cluster_required: 'none', auth_service_required: 'none' })
    assert.equal(Harness.created(authService, { options }).state.keys.secrets.size, 0)
  })
})

describe('the auth service', () => {
  const grown = (versions: number): Harness<'auth'> => {
    const harness = Harness.created(authService)
    for (let i = 1; i < versions; i++)
      harness.command({ prefix: 'auth get-or-create', entity: `client.${i}` })
    return harness
  }

  it('stashes a full copy with its second version, and when the last one is about to be trimmed', () => {
    const harness = grown(1)
    const stashes: string[] = []
    for (let i = 2; i <= 50; i++) {
      harness.command({ prefix: 'auth get-or-create', entity: `client.${i}` })
      const full = harness.ops.find(({ key }) => key.startsWith('full_') && key !== 'full_latest')
      if (full !== undefined) stashes.push(`${i} ${full.key}`)
    }
    assert.deepEqual(stashes, ['2 full_1', '22 full_21', '42 full_41'])
  })

  it('reads the same from the latest full copy and what follows as from everything', () => {
    const { world, state } = grown(30)
    const anew = authService.updateFromPaxos(world, authService.initial)
    assert.deepEqual(authFullBytes(anew), authFullBytes(state))
    assert.equal(anew.lastCommitted, 30n)
  })

  it('reads everything anew when a sync has put the store back', () => {
    const later = grown(5)
    const { world } = grown(3)
    const after = authService.updateFromPaxos(world, later.state)
    assert.equal(after.keys.version, 3n)
  })

  it('keeps the same state when nothing is new', () => {
    const { world, state } = grown(3)
    assert.equal(authService.updateFromPaxos(world, state), state)
  })

  it('rotates keys when their time has come, and not before', () => {
    const harness = grown(2)
    assert.equal(tick(harness.world), undefined)
    harness.wait(2 * 3600_000)
    harness.propose(preparedBy(tick(harness.world)))
    const maxIds = [...harness.state.keys.rotating].map(([service, { maxId }]) => [service, maxId])
    assert.deepEqual(maxIds, [
      [ENTITY_TYPE.mon, 4n],
      [ENTITY_TYPE.mds, 4n],
      [ENTITY_TYPE.osd, 4n],
      [ENTITY_TYPE.mgr, 4n],
      [ENTITY_TYPE.auth, 3n],
    ])
    assert.equal(harness.state.keys.rotatingVersion, 2n)
    assert.equal(tick(harness.world), undefined)
    harness.wait(6 * DAY_MS)
    harness.propose(preparedBy(tick(harness.world)))
    assert.equal(harness.state.keys.rotating.get(ENTITY_TYPE.auth)?.maxId, 4n)
  })

  it('raises the global ids when half of the stock is gone', () => {
    const { world, state } = grown(2)
    const low = { ...world, globalIds: { lastAllocated: 9095n, max: 14096n } }
    const raised = [{ _tag: 'GlobalId', maxGlobalId: state.maxGlobalId + 10000n }]
    assert.deepEqual(preparedBy(tick(low)).changes, raised)
  })

  it('raises them for a peon that asks, once for all that ask', () => {
    const harness = grown(2)
    const { maxGlobalId } = harness.state
    const ask = { _tag: 'MMonGlobalID', version: 0n, oldMaxId: maxGlobalId } as const
    harness.message(ask, testSession({ peerType: ENTITY_TYPE.mon }))
    assert.equal(harness.state.maxGlobalId, maxGlobalId + 10000n)
    const request = { session: testSession({ peerType: 1 }), message: ask, tid: 0n, command: undefined }
    const once = preparedBy(authService.prepareUpdate(harness.world, NO_PENDING, request))
    const pendings = { auth: once } as unknown as ServicePendings
    assert.equal(preparedBy(authService.prepareUpdate(harness.world, pendings, request)), once)
  })

  it('does not raise them for a client', () => {
    const harness = grown(2)
    const effects = harness.message({ _tag: 'MMonGlobalID', version: 0n, oldMaxId: 0n })
    assert.deepEqual(
      effects.map(({ _tag }) => _tag),
      ['NoReply'],
    )
  })

  it('answers MAuth on any monitor', () => {
    const harness = grown(2)
    harness.command({ prefix: 'auth get-or-create', entity: 'osd.0', caps: ['mon', 'allow profile osd'] })
    const session = testSession()
    const osd = {
      ...session,
      identity: { ...session.identity, entityName: { type: ENTITY_TYPE.osd, id: '0' } },
    }
    const rotating = {
      _tag: 'MAuth',
      version: 0n,
      protocol: 2,
      payload: Buffer.from([0, 4]),
      monmapEpoch: 0,
    } as const
    const [reply] = harness.message(rotating, osd)
    assert(reply?._tag === 'Reply' && reply.message._tag === 'MAuthReply')
    assert.equal(reply.message.result, 0)
    assert.equal(reply.message.globalId, 4100n)
    assert(reply.message.payload.length > 100)
    const [refused, said] = harness.message(rotating)
    assert(refused?._tag === 'Reply' && refused.message._tag === 'MAuthReply')
    assert.equal(refused.message.result, -13)
    assert(said?._tag === 'Refused')
    assert.equal(said.refusal.kind, 'NoServiceKeys')
  })

  it('creates an entity that is already pending only once', () => {
    const { world } = grown(2)
    const command = {
      prefix: 'auth get-or-create',
      args: new Map([['entity', 'client.twice']]),
      format: 'plain',
      input: Buffer.alloc(0),
      text: '',
    } as const
    const request = { session: testSession(), message: { _tag: 'MPing' } as never, tid: 1n, command }
    const update = known(authService.commands.get('auth get-or-create')?.update, 'a handler')
    const auth = preparedBy(update(world, NO_PENDING, request, command))
    const again = update(world, { auth } as unknown as ServicePendings, request, command)
    assert.equal(again._tag, 'RetryAfterCommit')
  })
})
