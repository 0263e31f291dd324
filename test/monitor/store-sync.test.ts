import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import { decodeFrom } from '../../src/codec/reader.ts'
import { sameAddrvec } from '../../src/codec/type/entity-addr.ts'
import { type MMonSync, SYNC_OP } from '../../src/message/mon-sync.ts'
import { decodeTransaction, putU64, transactionOf } from '../../src/store/transaction.ts'
import { SimulatedQuorum } from './simulated-quorum.ts'

/** Few versions are kept and chunks are small, so that a copy is soon needed and takes several steps. */
const OPTIONS = {
  paxos_min: '5',
  paxos_trim_min: '3',
  paxos_max_join_drift: '4',
  mon_sync_max_payload_keys: '11',
}

/** Prefixes that must be the same everywhere; the others are each monitor's own. */
const SHARED = ['auth', 'config', 'kv', 'logm', 'mdsmap', 'mgr', 'mon_config_key', 'monmap', 'osdmap']

const contents = (quorum: SimulatedQuorum, index: number): readonly string[] => {
  const { store } = quorum.mon(index).state
  return SHARED.flatMap((prefix) =>
    [...store.range(prefix)].map(([key, value]) => `${prefix} ${key} ${value.toString('hex')}`),
  )
}

const formed = (seed: number, options: Readonly<Record<string, string>> = OPTIONS): SimulatedQuorum => {
  const quorum = new SimulatedQuorum({ size: 3, seed, options })
  quorum.startAll()
  quorum.until(() => quorum.isQuorum(0, 1, 2))
  quorum.wait(5000)
  return quorum
}

const writeMany = (quorum: SimulatedQuorum, count: number): void => {
  for (let i = 0; i < count; i++)
    quorum.ask(i % 2, { prefix: 'config-key set', key: `many-${i}`, val: 'x'.repeat(i) })
}

const rejoin = (quorum: SimulatedQuorum): void => {
  quorum.until(() => quorum.isQuorum(0, 1, 2))
  quorum.wait(8000)
  assert.ok(quorum.isQuorum(0, 1, 2))
  assert.deepEqual(contents(quorum, 2), contents(quorum, 0))
  const [copied, original] = [quorum.mon(2).state, quorum.mon(0).state]
  assert.equal(copied.paxos.stored.lastCommitted, original.paxos.stored.lastCommitted)
  assert.equal(copied.paxos.stored.firstCommitted, original.paxos.stored.firstCommitted)
  assert.equal(copied.store.u64('mon_sync', 'in_sync'), 0n)
}

const syncsOf = (quorum: SimulatedQuorum, kind: string): number =>
  quorum.log.filter((line) => line.includes(`store sync (${kind})`)).length

describe('a monitor that is behind', () => {
  it('what the others have trimmed copies the whole store', () => {
    const quorum = formed(1)
    quorum.crash(2)
    writeMany(quorum, 30)
    quorum.start(2)
    rejoin(quorum)
    assert.equal(syncsOf(quorum, 'full'), 1)
  })

  it('is sent the version at which its copy begins as a value, too: a real monitor applies it, trimmed or not', () => {
    const quorum = formed(9)
    quorum.crash(2)
    writeMany(quorum, 30)
    const sent: MMonSync[] = []
    quorum.onEffect = ({ index }, effect) => {
      if (index !== 2 && effect._tag === 'Send' && effect.message._tag === 'MMonSync')
        sent.push(effect.message)
    }
    quorum.start(2)
    rejoin(quorum)
    const [cookie, first] = sent
    assert.ok(cookie?.op === SYNC_OP.COOKIE && first?.op === SYNC_OP.CHUNK)
    const chunk = decodeFrom(decodeTransaction, first.chunk)
    assert.ok(E.isRight(chunk))
    const keys = chunk.right.ops.flatMap((op) => (op.type === 'put' && op.prefix === 'paxos' ? op.key : []))
    assert.ok(keys.includes(cookie.lastCommitted.toString()), keys.join())
  })

  it('more than the leader would tell it copies the recent values only', () => {
    const quorum = formed(2, { ...OPTIONS, paxos_min: '500' })
    quorum.crash(2)
    writeMany(quorum, 30)
    quorum.start(2)
    rejoin(quorum)
    assert.deepEqual([syncsOf(quorum, 'full'), syncsOf(quorum, 'recent')], [0, 1])
  })

  it('by a few values is told them by the leader', () => {
    const quorum = formed(3, {})
    quorum.crash(2)
    writeMany(quorum, 5)
    quorum.start(2)
    rejoin(quorum)
    assert.deepEqual([syncsOf(quorum, 'full'), syncsOf(quorum, 'recent')], [0, 0])
  })

  it('everything, because its disk was replaced, copies the whole store', () => {
    const quorum = formed(4)
    quorum.crash(2)
    writeMany(quorum, 30)
    quorum.startEmpty(2)
    rejoin(quorum)
    assert.equal(syncsOf(quorum, 'full'), 1)
  })

  it('copies while others go on writing', () => {
    const quorum = formed(5)
    quorum.crash(2)
    writeMany(quorum, 30)
    quorum.start(2)
    quorum.until(() => quorum.mon(2).state.phase === 'synchronizing')
    const clients = Array.from({ length: 10 }, () => quorum.client(0))
    const tids = clients.map((client, i) => {
      quorum.wait(3)
      return client.setKey(`meanwhile-${i}`, 'x')
    })
    rejoin(quorum)
    for (const [i, client] of clients.entries()) assert.equal(client.answers(tids[i]!).length, 1)
  })

  it('starts its copy again when it dies over it, at any point', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const quorum = formed(seed)
      quorum.crash(2)
      writeMany(quorum, 25)
      quorum.start(2)
      quorum.until(() => quorum.mon(2).state.phase === 'synchronizing')
      quorum.wait(seed * 23)
      quorum.crash(2)
      quorum.start(2)
      rejoin(quorum)
      // Whom the dead process copied from learns of its end by its silence.
      quorum.wait(130_000)
      assert.equal(quorum.mons.flatMap(({ state }) => [...state.sync.providers]).length, 0)
    }
  })

  it('turns to whoever is there when its provider dies', () => {
    const quorum = formed(6)
    quorum.crash(2)
    writeMany(quorum, 30)
    quorum.start(2)
    quorum.until(() => quorum.mon(2).state.sync.requester !== undefined)
    const provider = quorum.mon(2).state.sync.requester!.provider
    const { index } = quorum.mons.find(({ addrs }) => sameAddrvec(addrs, provider))!
    quorum.crash(index)
    quorum.until(() => quorum.isQuorum(...[0, 1, 2].filter((i) => i !== index)), 200_000)
    quorum.startAll()
    rejoin(quorum)
  })

  it('has nothing when its copy was cut off, and says so to a monitor that is not much ahead of what it had', () => {
    const quorum = new SimulatedQuorum({ size: 5, seed: 7, options: OPTIONS })
    quorum.startAll()
    quorum.until(() => quorum.isQuorum(0, 1, 2, 3, 4))
    quorum.wait(5000)
    quorum.crash(4)
    writeMany(quorum, 5)
    quorum.crash(3)
    quorum.until(() => quorum.isQuorum(0, 1, 2))
    writeMany(quorum, 30)
    quorum.start(4)
    quorum.until(() => quorum.mon(4).state.phase === 'synchronizing')
    quorum.until(() => quorum.mon(4).state.store.get('mon_config_key', 'many-3') !== undefined)
    assert.equal(quorum.mon(4).state.paxos.stored.lastCommitted, 0n)
    quorum.partition(3, 4)
    quorum.start(3)
    const [copying, behind] = [quorum.mon(4), quorum.mon(3)]
    quorum.until(() => quorum.log.filter((line) => line.includes('mon.e store sync')).length > 1, 200_000)
    quorum.until(() => copying.state.store.u64('mon_sync', 'in_sync') === 0n, 200_000)
    assert.deepEqual(contents(quorum, 4), contents(quorum, 3))
    assert.equal(copying.state.paxos.stored.lastCommitted, behind.state.paxos.stored.lastCommitted)
    quorum.heal()
    quorum.until(() => quorum.isQuorum(0, 1, 2, 3, 4))
  })

  it('a copy that was ordered and not needed in the end is not made at the next start', () => {
    const quorum = formed(8, {})
    quorum.crash(2)
    const { disk } = quorum.mon(2)
    const ordered = transactionOf([putU64('mon_sync', 'force_sync', 1n)])
    quorum.start(2, disk.crash(quorum.random).apply(ordered))
    rejoin(quorum)
    assert.equal(syncsOf(quorum, 'recent'), 0)
    const last = quorum.mon(2).state.paxos.stored.lastCommitted
    assert.ok(last > 0n)
    quorum.crash(2)
    quorum.start(2)
    assert.equal(quorum.mon(2).state.paxos.stored.lastCommitted, last)
    rejoin(quorum)
  })
})
