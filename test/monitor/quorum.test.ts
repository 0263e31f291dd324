import assert from 'node:assert/strict'
import { WAITERS_MAX } from '../../src/monitor/request.ts'
import { SESSIONS_MAX } from '../../src/monitor/session.ts'
import type { SimulatedMon } from './simulated-mon.ts'
import { SimulatedQuorum } from './simulated-quorum.ts'

const formed = (seed: number, options: Readonly<Record<string, string>> = {}, size = 3): SimulatedQuorum => {
  const quorum = new SimulatedQuorum({ size, seed, options })
  quorum.startAll()
  quorum.until(() => quorum.isQuorum(...quorum.mons.keys()))
  quorum.wait(10_000)
  return quorum
}

const SEEDS = [1, 2, 3]

describe('a quorum', () => {
  it('of one to five forms from the first monmap and commits the first value of every service', () => {
    for (const size of [1, 2, 3, 5]) {
      const { mons } = formed(1, {}, size)
      for (const { state } of mons) {
        assert.deepEqual([...state.monmap.ranks.keys()], [...mons.keys()])
        assert.equal(state.monmap.epoch, 1)
        assert.ok(state.hasEverJoined)
        for (const service of ['monmap', 'osdmap', 'mdsmap', 'auth', 'logm', 'mgr', 'health'] as const)
          assert.ok(state.services[service].lastCommitted > 0n, `${service} of ${size}`)
      }
    }
  })

  it('does not form of a minority, and answers nobody', () => {
    const quorum = new SimulatedQuorum({ size: 3, seed: 2 })
    quorum.start(0)
    const client = quorum.client(0)
    client.setKey('a', 'b')
    client.getKey('a')
    quorum.wait(60_000)
    assert.equal(quorum.leader(), undefined)
    assert.equal(client.received.length, 0)
  })

  it('takes a restarted leader back in one election', () => {
    for (const seed of [...SEEDS, 4, 5, 6]) {
      const quorum = formed(seed)
      quorum.crash(0)
      quorum.until(() => quorum.isQuorum(1, 2))
      const { epoch } = quorum.mon(1).state.election
      quorum.start(0)
      quorum.until(() => quorum.isQuorum(0, 1, 2))
      quorum.wait(20_000)
      // Both members stand when the newcomer calls, and the newcomer answers: 4 more, no quorum in between.
      assert.ok(quorum.isQuorum(0, 1, 2))
      assert.ok(quorum.mon(0).state.election.epoch <= epoch + 4, `${epoch} → ${quorum.describe()}`)
    }
  })

  it('goes on without a peon, and without a leader', () => {
    for (const lost of [0, 2]) {
      const quorum = formed(3)
      quorum.crash(lost)
      const { code } = quorum.ask(1, { prefix: 'config-key set', key: 'a', val: 'b' })
      assert.equal(code, 0)
      assert.equal(quorum.ask(1, { prefix: 'config-key get', key: 'a' }).data, 'b')
    }
  })
})

describe('a command', () => {
  it('to any monitor is done once and answered once', () => {
    const quorum = formed(4)
    for (const { index } of quorum.mons) {
      const client = quorum.client(index)
      const tid = client.setKey(`from-${index}`, 'x')
      quorum.wait(2000)
      assert.equal(client.answers(tid).length, 1)
      assert.equal(client.answers(tid)[0]?.result, 0)
      for (const { state } of quorum.mons)
        assert.equal(state.store.get('mon_config_key', `from-${index}`)?.toString(), 'x')
      assert.equal(quorum.mon(index).state.routed.size, 0)
    }
    assert.equal(quorum.mon(0).state.routeBack.size, 0)
  })

  it('that finds no quorum waits for one', () => {
    const quorum = formed(5)
    quorum.crash(1)
    quorum.crash(2)
    quorum.wait(15_000)
    const client = quorum.client(0)
    const tid = client.setKey('patient', 'x')
    quorum.wait(100)
    assert.equal(client.answers(tid).length, 0)
    quorum.startAll()
    quorum.until(() => client.answers(tid).length === 1)
  })

  it('to a peon is answered although the leader dies before it answers', () => {
    for (const seed of SEEDS) {
      const quorum = formed(seed)
      const client = quorum.client(2)
      const tid = client.setKey('survivor', 'x')
      quorum.until(() => quorum.mon(2).state.routed.size === 1)
      quorum.crash(0)
      quorum.until(() => client.answers(tid).length > 0)
      quorum.wait(20_000)
      assert.equal(client.answers(tid).length, 1)
      assert.equal(quorum.ask(1, { prefix: 'config-key get', key: 'survivor' }).data, 'x')
    }
  })

  it('that was answered survives a power failure after which the leader stays down', () => {
    for (let seed = 1; seed <= 16; seed++) {
      const quorum = new SimulatedQuorum({ size: 3, seed, writeMsMax: [4, 60, 60] })
      quorum.startAll()
      quorum.until(() => quorum.isQuorum(0, 1, 2))
      const client = quorum.client(0)
      const tid = client.setKey('durable', 'x')
      quorum.until(() => client.answers(tid).length === 1)
      for (const { index } of quorum.mons) quorum.crash(index)
      quorum.start(1)
      quorum.start(2)
      quorum.until(() => quorum.isQuorum(1, 2))
      assert.equal(quorum.ask(2, { prefix: 'config-key get', key: 'durable' }).data, 'x', `seed ${seed}`)
    }
  })

  it('is prepared together with all that came while a proposal was under way', () => {
    const quorum = new SimulatedQuorum({ size: 3, seed: 6, writeMsMax: [60, 60, 60] })
    quorum.startAll()
    quorum.until(() => quorum.isQuorum(0, 1, 2))
    quorum.wait(10_000)
    const first = quorum.client(0)
    const tid = first.setKey('first', 'x')
    quorum.until(() => quorum.mon(0).state.paxos.mode === 'leader.updating')
    const before = quorum.mon(0).state.paxos.stored.lastCommitted
    const clients = Array.from({ length: 20 }, () => quorum.client(0))
    const tids = clients.map((client, i) => client.setKey(`k${i}`, 'x'))
    quorum.until(() => quorum.mon(0).state.waiters.length === 20)
    quorum.until(() => clients.every((client, i) => client.answers(tids[i]!).length === 1))
    assert.equal(first.answers(tid).length, 1)
    assert.equal(quorum.mon(0).state.paxos.stored.lastCommitted, before + 2n)
  })
})

describe('reads', () => {
  it('are answered by every monitor that has a lease, and by none that has not', () => {
    const quorum = formed(7)
    quorum.ask(0, { prefix: 'config-key set', key: 'a', val: 'b' })
    for (const { index } of quorum.mons) {
      quorum.until(() => quorum.mons.every(({ state }) => state.paxos.mode.endsWith('.active')))
      assert.equal(quorum.ask(index, { prefix: 'config-key get', key: 'a' }, 50).data, 'b')
    }
    quorum.partition(2)
    quorum.until(() => quorum.mon(2).state.paxos.leaseExpireMs <= quorum.now)
    const client = quorum.client(2)
    const tid = client.getKey('a')
    quorum.wait(500)
    assert.equal(client.answers(tid).length, 0)
    quorum.heal()
    quorum.until(() => client.answers(tid).length === 1 || client.closed !== undefined)
  })

  it('of a map version are answered with the committed one', () => {
    const quorum = formed(7)
    const client = quorum.client(1)
    client.send({ _tag: 'MMonGetVersion', handle: 77n, what: 'monmap' })
    quorum.wait(50)
    assert.deepEqual(client.all('MMonGetVersionReply'), [
      { _tag: 'MMonGetVersionReply', handle: 77n, version: 1n, oldestVersion: 1n },
    ])
  })
})

describe('subscriptions', () => {
  const epochs = (client: ReturnType<SimulatedQuorum['client']>): readonly number[] =>
    client
      .all('MOSDMap')
      .flatMap(({ incrementals, fulls }) => [...incrementals.keys(), ...fulls.keys()])
      .map(Number)

  it('bring every new version once, in order, from any monitor', () => {
    const quorum = formed(8)
    const clients = quorum.mons.map(({ index }) => quorum.client(index))
    for (const client of clients) client.subscribe('osdmap', 0n)
    quorum.wait(100)
    const first = Number(quorum.mon(0).state.services.osdmap.lastCommitted)
    for (const flag of ['noout', 'noin', 'nodown']) quorum.ask(1, { prefix: 'osd set', key: flag })
    quorum.wait(1000)
    for (const client of clients) assert.deepEqual(epochs(client), [first, first + 1, first + 2, first + 3])
  })

  it('for one time end with their first answer', () => {
    const quorum = formed(9)
    const client = quorum.client(2)
    client.subscribe('osdmap', 1n, true)
    quorum.wait(100)
    const count = epochs(client).length
    assert.ok(count > 0)
    quorum.ask(0, { prefix: 'osd set', key: 'noout' })
    quorum.wait(1000)
    assert.equal(epochs(client).length, count)
    assert.equal(quorum.mon(2).state.sessions.get(client.connection)?.subscriptions.size, 0)
  })
})

describe('sessions', () => {
  it('that say nothing for mon_session_timeout are closed, others are not', () => {
    const quorum = formed(10, { mon_session_timeout: '30' })
    const silent = quorum.client(0)
    const alive = quorum.client(0)
    for (let i = 0; i < 8; i++) {
      quorum.wait(5000)
      quorum.happen(quorum.mon(0), { _tag: 'KeepaliveReceived', connection: alive.connection })
    }
    assert.equal(silent.closed, 'session timeout')
    assert.equal(alive.closed, undefined)
  })

  it('end when the monitor has been outside a quorum for too long', () => {
    const quorum = formed(11)
    const client = quorum.client(0)
    quorum.partition(0)
    quorum.wait(60_000)
    assert.equal(client.closed, 'out of quorum for too long')
  })

  it('cost little when there are a thousand', () => {
    const quorum = formed(12)
    const clients = Array.from({ length: 1000 }, () => quorum.client(0))
    quorum.wait(1000)
    const started = performance.now()
    for (const client of clients) client.send({ _tag: 'MMonGetMap' })
    quorum.wait(100)
    const ms = performance.now() - started
    assert.ok(clients.every((client) => client.all('MMonMap').length === 1))
    assert.ok(ms < 3000, `1000 messages took ${ms} ms`)
  })
})

describe('limits', () => {
  const close = (mon: SimulatedMon, quorum: SimulatedQuorum): string[] => {
    const reasons: string[] = []
    quorum.onEffect = (of, effect) => {
      if (of === mon && effect._tag === 'CloseConnection') reasons.push(effect.reason)
    }
    return reasons
  }

  it('of waiting requests end the session of who comes then', () => {
    const quorum = new SimulatedQuorum({ size: 3, seed: 13 })
    quorum.start(0)
    const mon = quorum.mon(0)
    const client = quorum.client(0)
    client.setKey('a', 'b')
    quorum.wait(100)
    const [waiter] = mon.state.waiters
    assert.ok(waiter !== undefined)
    mon.state = { ...mon.state, waiters: Array.from({ length: WAITERS_MAX }, () => waiter) }
    const reasons = close(mon, quorum)
    client.setKey('one', 'more')
    quorum.wait(10)
    assert.deepEqual(reasons, ['too many waiting requests'])
    assert.equal(mon.state.waiters.length, 0)
  })

  it('of sessions turn new ones away', () => {
    const quorum = formed(14)
    const mon = quorum.mon(0)
    const [session] = mon.state.sessions.values()
    assert.ok(session !== undefined)
    const full = new Map(Array.from({ length: SESSIONS_MAX }, (_, i) => [i, session]))
    mon.state = { ...mon.state, sessions: full }
    const reasons = close(mon, quorum)
    quorum.client(0)
    assert.deepEqual(reasons, [`more than ${SESSIONS_MAX} sessions`])
    assert.equal(mon.state.sessions.size, SESSIONS_MAX)
  })
})
