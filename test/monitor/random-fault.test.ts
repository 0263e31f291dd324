/**
 * Whole quorums under random crashes, partitions and restarts, while clients write. The simulation itself checks one
 * active leader an epoch and one value a version; here: nothing that was acknowledged is ever lost, whoever asks after
 * that finds it, and when all faults end everybody agrees again.
 */
import assert from 'node:assert/strict'
import { Random } from '../paxos/random.ts'
import type { SimulatedClient } from './simulated-client.ts'
import { SimulatedQuorum } from './simulated-quorum.ts'

interface Pending {
  readonly client: SimulatedClient
  readonly tid: bigint
  readonly key: string
}

class FaultRun {
  readonly quorum: SimulatedQuorum
  private readonly random: Random
  private readonly size: number
  /** Writes, and reads, a round. */
  private readonly requests: number
  private writes: Pending[] = []
  private reads: Pending[] = []
  private readonly acknowledged: string[] = []
  private nextKey = 1
  answers = 0

  constructor(size: number, seed: number, requests: number, options: Readonly<Record<string, string>> = {}) {
    this.size = size
    this.requests = requests
    this.random = new Random(seed * 7919)
    this.quorum = new SimulatedQuorum({ size, seed, options })
    this.quorum.startAll()
    this.quorum.until(() => this.isWhole())
  }

  isWhole(): boolean {
    return this.quorum.isQuorum(...Array.from({ length: this.size }, (_, i) => i))
  }

  /** A few requests, one fault or none, and a while. */
  round(): void {
    this.rest()
    for (let i = 0; i < this.requests; i++) {
      this.ask(this.writes, `k${this.nextKey++}`, (client, key) => client.setKey(key, key))
      if (this.acknowledged.length > 0)
        this.ask(this.reads, this.random.pick(this.acknowledged), (client, key) => client.getKey(key))
    }
    // In the middle of what these lead to, most of the time.
    this.quorum.wait(this.random.below(100))
    this.collect()
    this.fault()
    this.quorum.wait(this.random.below(this.random.chance(0.1) ? 12_000 : 800))
    this.collect()
  }

  /** Mostly until there is a leader that can write; faults that meet no proposals find nothing. */
  private rest(): void {
    if (this.random.chance(0.7))
      this.quorum.waitFor(() => this.quorum.leader()?.state.paxos.mode === 'leader.active', 20_000)
  }

  /** All faults end: everybody agrees again, and everything that was acknowledged is there. */
  settle(): void {
    const { quorum } = this
    quorum.heal()
    quorum.startAll()
    quorum.until(() => this.isWhole(), 180_000, 'everybody in one quorum')
    quorum.wait(6000)
    this.collect()
    const last = quorum.mon(0).state.paxos.stored.lastCommitted
    for (const { state, name } of quorum.mons) {
      assert.equal(state.paxos.stored.lastCommitted, last, name)
      for (const key of this.acknowledged)
        assert.equal(state.store.get('mon_config_key', key)?.toString(), key, `${key} on mon.${name}`)
    }
  }

  private fault(): void {
    const { quorum, random } = this
    const victim = random.below(this.size)
    switch (random.below(8)) {
      case 0:
        quorum.crash(victim)
        return
      case 1:
      case 2:
        quorum.startAll()
        return
      case 3:
        quorum.partition(victim, random.below(this.size))
        return
      case 4:
        quorum.heal()
        return
      case 5:
        quorum.cutPair(victim, random.below(this.size))
        return
      case 6:
        this.powerFailure()
        return
      default:
    }
  }

  /**
   * The moment a client has its answer the power of the whole house fails, and who led does not come back for a
   * while: what was answered is on the other disks or nowhere.
   */
  private powerFailure(): void {
    const { quorum } = this
    const lost = quorum.leader()?.index ?? 0
    quorum.waitFor(() => this.writes.some(({ client, tid }) => client.answers(tid).length > 0), 500)
    for (const { index } of quorum.mons) quorum.crash(index)
    this.collect()
    for (const { index } of quorum.mons) if (index !== lost) quorum.start(index)
  }

  private ask(list: Pending[], key: string, send: (client: SimulatedClient, key: string) => bigint): void {
    const mon = this.random.below(this.size)
    if (!this.quorum.mon(mon).up) return
    const client = this.quorum.client(mon)
    list.push({ client, key, tid: send(client, key) })
  }

  private collect(): void {
    this.writes = this.writes.filter(({ client, tid, key }) => {
      const answer = this.answerOf(client, tid)
      if (answer === undefined) return client.closed === undefined
      assert.equal(answer.result, 0, answer.text)
      this.acknowledged.push(key)
      return false
    })
    this.reads = this.reads.filter(({ client, tid, key }) => {
      const answer = this.answerOf(client, tid)
      if (answer === undefined) return client.closed === undefined
      assert.equal(
        answer.data.toString(),
        key,
        `${key} was acknowledged before it was read from mon.${client.mon}`,
      )
      return false
    })
  }

  private answerOf(
    client: SimulatedClient,
    tid: bigint,
  ): ReturnType<SimulatedClient['answers']>[0] | undefined {
    const [answer, ...more] = client.answers(tid)
    assert.equal(more.length, 0, 'a request was answered more than once')
    if (answer !== undefined) this.answers++
    return answer
  }
}

const ROUNDS = 25

describe('quorums under random faults', function () {
  this.timeout(60_000)

  for (const [size, seeds] of [
    [3, [1, 2, 3, 4]],
    [5, [11, 12]],
  ] as const)
    for (const seed of seeds)
      it(`of ${size} lose nothing that was acknowledged and agree in the end, seed ${seed}`, () => {
        const run = new FaultRun(size, seed, 3)
        for (let i = 0; i < ROUNDS; i++) run.round()
        run.settle()
        assert.ok(run.answers > 10, `only ${run.answers} requests were answered`)
      })

  it('copy stores while versions are trimmed, and agree in the end', () => {
    const small = {
      paxos_min: '5',
      paxos_trim_min: '3',
      paxos_max_join_drift: '4',
      mon_sync_max_payload_keys: '7',
    }
    const run = new FaultRun(3, 21, 6, small)
    for (let i = 0; i < ROUNDS; i++) run.round()
    run.settle()
    assert.ok(run.quorum.log.some((line) => line.includes('store sync')))
  })
})
