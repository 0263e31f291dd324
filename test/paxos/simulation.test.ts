/** Random schedules over the production handlers. A failure prints its seed; SEED=n runs that one alone. */
import assert from 'node:assert/strict'
import { paxosLog } from '../../src/paxos/state.ts'
import { version, type Rank } from '../../src/base/brand.ts'
import { Cluster, type Node } from './cluster.ts'
import { Random } from './random.ts'

const SEEDS = Number(process.env['PAXOS_SEEDS'] ?? 300)
const STEPS = 400
/** Chance of a crash, a return or an election at each step. */
const TROUBLE = 0.03

const elect = (cluster: Cluster, random: Random): void => {
  const up = cluster.nodes.filter((node) => node.up).map((node) => node.rank)
  const least = Math.floor(cluster.nodes.length / 2) + 1
  if (up.length < least) return
  const size = least + random.below(up.length - least + 1)
  const quorum = random
    .shuffled(up)
    .slice(0, size)
    .sort((a, b) => a - b)
  cluster.elect(random.pick(quorum), quorum)
}

const trouble = (cluster: Cluster, random: Random): void => {
  const node = random.pick(cluster.nodes)
  if (!node.up) cluster.restart(node)
  else if (random.chance(0.4)) cluster.crash(node, random.below(node.writes.length + 1))
  else elect(cluster, random)
}

const work = (cluster: Cluster, random: Random): void => {
  const up = cluster.nodes.filter((node) => node.up)
  const choices: (() => void)[] = [...cluster.channels.keys()].map((key) => () => cluster.deliver(key))
  for (const node of up) {
    if (node.written < node.writes.length) choices.push(() => cluster.write(node))
    if (node.written > 0) choices.push(() => cluster.sync(node))
    if (node.state.mode === 'leader.active') choices.push(() => cluster.propose(node))
  }
  if (random.chance(0.05)) choices.push(...up.map((node: Node) => () => cluster.renewLease(node)))
  if (random.chance(0.05)) cluster.now += random.below(6000)
  if (choices.length > 0) random.pick(choices)()
}

const run = (seed: number): Cluster => {
  const random = new Random(seed)
  const cluster = new Cluster(random.pick([1, 3, 3, 3, 5]))
  elect(cluster, random)
  for (let i = 0; i < STEPS; i++) {
    if (random.chance(TROUBLE)) trouble(cluster, random)
    else work(cluster, random)
    cluster.check()
  }
  cluster.heal()
  return cluster
}

const lastOf = (cluster: Cluster, r: Rank): bigint => cluster.node(r).state.stored.lastCommitted

describe('Paxos of several monitors', function () {
  this.timeout(120_000)

  const only = process.env['SEED']
  const seeds = only === undefined ? Array.from({ length: SEEDS }, (_, i) => i + 1) : [Number(only)]
  let versions = 0n

  it(`keeps its promises over ${seeds.length} random schedules and agrees in the end`, () => {
    for (const seed of seeds) {
      try {
        const cluster = run(seed)
        const [first] = cluster.nodes
        assert.ok(first)
        assert.deepEqual(cluster.bootstraps, [], 'no handler saw a contradiction')
        const last = lastOf(cluster, first.rank)
        versions += last
        for (const node of cluster.nodes) {
          assert.equal(lastOf(cluster, node.rank), last, `mon.${node.rank} is level`)
          assert.match(node.state.mode, /active/, `mon.${node.rank} is active`)
          for (let v = 1n; v <= last; v++)
            assert.deepEqual(
              paxosLog(node.view).read(version(v)),
              paxosLog(first.view).read(version(v)),
              `version ${v.toString()}`,
            )
        }
        cluster.propose(first)
        cluster.settle()
        for (const node of cluster.nodes) assert.equal(lastOf(cluster, node.rank), last + 1n)
      } catch (error) {
        throw new Error(`SEED=${seed}`, { cause: error })
      }
    }
    assert.ok(versions > BigInt(seeds.length), 'the schedules commit values')
  })
})
