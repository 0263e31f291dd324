/**
 * Which fields each operation fills in, compared with streams recorded from Ceph 16.2.15 (`frames.txt` of the corpus).
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rank } from '../../src/base/brand.ts'
import { PAXOS_OP, type PaxosMessage } from '../../src/paxos/message.ts'
import { Cluster } from './cluster.ts'

/** One message: operation and its fields as numbers. */
interface Line {
  readonly direction: string
  readonly op: string
  readonly first: bigint
  readonly last: bigint
  readonly pnFrom: bigint
  readonly pn: bigint
  readonly uncommittedPn: bigint
  readonly lease: boolean
  readonly versions: readonly bigint[]
  readonly featureMap: boolean
}

const FRAME =
  /^\S+ (c2s|s2c) .*\(MMonPaxos\).*\| (\w+) epoch=\d+ first=(\d+) last=(\d+) pn_from=(\d+) pn=(\d+) uncommitted_pn=(\d+) lease=(\S+) sent=\S+ values=\{(.*)\} feature_map=(\d+) left=0/

const parsed = (text: string): readonly Line[] =>
  text.split('\n').flatMap((line) => {
    const m = FRAME.exec(line)
    if (m === null) return []
    const [, direction = '', op = '', first = '', last = '', pnFrom = '', pn = '', uncommitted = ''] = m
    return [
      {
        direction,
        op,
        first: BigInt(first),
        last: BigInt(last),
        pnFrom: BigInt(pnFrom),
        pn: BigInt(pn),
        uncommittedPn: BigInt(uncommitted),
        lease: m[8] !== '0.000',
        versions:
          (m[9] ?? '') === '' ? [] : (m[9] ?? '').split(',').map((v) => BigInt(v.split(':')[0] ?? '')),
        featureMap: m[10] !== '0',
      },
    ]
  })

const ours = (direction: string, m: PaxosMessage): Line => ({
  direction,
  op: Object.entries(PAXOS_OP).find(([, op]) => op === m.op)?.[0] ?? '',
  first: m.firstCommitted,
  last: m.lastCommitted,
  pnFrom: m.pnFrom,
  pn: m.pn,
  uncommittedPn: m.uncommittedPn,
  lease: m.leaseTimestamp.sec > 0,
  versions: [...m.values.keys()],
  featureMap: m.featureMap.length > 0,
})

/** The fields that some message of an operation fills in. */
const filled = (lines: readonly Line[], op: string): readonly string[] => {
  const names = new Set<string>()
  for (const line of lines.filter((l) => l.op === op))
    for (const [name, value] of Object.entries(line))
      if (name !== 'direction' && name !== 'op')
        if (Array.isArray(value) ? value.length > 0 : Boolean(value)) names.add(name)
  return [...names].sort()
}

/** A run of three monitors of ours: two elections, two values each, a peon that catches up. */
const ourLines = (): readonly Line[] => {
  const lines: Line[] = []
  const cluster = new Cluster(3)
  const [a, b, c] = [rank(0), rank(1), rank(2)]
  cluster.onSend = (from, to, message) => lines.push(ours(`${from}>${to}`, message))
  cluster.elect(a, [a, c])
  cluster.settle()
  for (const _ of [1, 2]) {
    cluster.propose(cluster.node(a))
    cluster.settle()
  }
  cluster.elect(a, [a, b, c])
  cluster.settle()
  cluster.propose(cluster.node(a))
  cluster.settle()
  return lines
}

describe('the fields of MMonPaxos', function () {
  const corpus = process.env['CEPH_OBJECT_CORPUS']
  const recorded: Line[] = []

  before(function () {
    if (corpus === undefined) {
      process.stderr.write('CEPH_OBJECT_CORPUS is not set: no recorded streams\n')
      this.skip()
    }
    const wire = join(corpus, 'wire')
    for (const folder of readdirSync(wire))
      if (folder.startsWith('mon-mon'))
        recorded.push(...parsed(readFileSync(join(wire, folder, 'frames.txt'), 'utf8')))
    assert.ok(recorded.length > 100)
  })

  for (const op of ['COLLECT', 'BEGIN', 'ACCEPT', 'LEASE', 'LEASE_ACK'])
    it(`are filled in by ${op} as recorded`, () => {
      assert.deepEqual(filled(ourLines(), op), filled(recorded, op))
    })

  it('are filled in by COMMIT as recorded, with a number after BEGIN and without one to catch up', () => {
    const commits = ourLines().filter(({ op }) => op === 'COMMIT')
    assert.deepEqual(filled(commits, 'COMMIT'), filled(recorded, 'COMMIT'))
    assert.ok(recorded.some(({ op, pn, versions }) => op === 'COMMIT' && pn === 0n && versions.length === 6))
    assert.deepEqual(
      commits.filter(({ pn }) => pn === 0n).map(({ versions }) => versions),
      [
        [1n, 2n],
        [1n, 2n],
      ],
    )
  })

  it('are filled in by LAST at most as the protocol allows', () => {
    const allowed = ['first', 'last', 'pn', 'pnFrom', 'uncommittedPn', 'versions']
    for (const name of [...filled(ourLines(), 'LAST'), ...filled(recorded, 'LAST')])
      assert.ok(allowed.includes(name))
  })

  it('follow one another between leader and peon as recorded', () => {
    const start = readFileSync(join(corpus ?? '', 'wire', 'mon-mon-crc', 'frames.txt'), 'utf8')
    const show = ({ op, first, last, pn, versions }: Line): string =>
      `${op} ${first.toString()} ${last.toString()} ${pn.toString()} ${versions.join()}`
    const fromLeader = parsed(start)
      .filter(({ direction }) => direction === 'c2s')
      .slice(0, 4)
      .map(show)
    const cluster = new Cluster(3)
    const mine: string[] = []
    cluster.onSend = (from, to, message) => {
      if (from === 0 && to === 1) mine.push(show(ours('', message)))
    }
    const all = cluster.nodes.map((node) => node.rank)
    cluster.elect(rank(0), all)
    cluster.settle()
    cluster.propose(cluster.node(rank(0)))
    cluster.settle()
    assert.deepEqual(mine.slice(0, 4), fromLeader)
    assert.deepEqual(fromLeader, ['COLLECT 0 0 100 ', 'LEASE 0 0 0 ', 'BEGIN 0 0 100 1', 'COMMIT 0 1 100 1'])
  })
})
