import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { parseMonCap } from '../../../src/auth/mon-cap-grammar.ts'
import { CLOG, type LogEntry } from '../../../src/map/log-entry.ts'
import type { Message } from '../../../src/message/message.ts'
import type { MLog } from '../../../src/message/log.ts'
import { SESSION, SmallWorld } from '../small-world.ts'

const FSID = '01234567-89ab-cdef-0123-456789abcdef'

const entry = (seq: number, fields: Partial<LogEntry> = {}): LogEntry => ({
  name: { type: 4, id: '3' },
  rank: { type: 4, num: 3n },
  addrs: [],
  stamp: { sec: 1_700_000_000 + seq, nsec: 5 },
  seq: BigInt(seq),
  prio: CLOG.info,
  msg: `line ${seq}`,
  channel: 'cluster',
  ...fields,
})

const mlog = (...entries: readonly LogEntry[]): MLog => ({ _tag: 'MLog', version: 0n, fsid: FSID, entries })

const linesOf = (world: SmallWorld, args: Readonly<Record<string, unknown>> = {}): readonly string[] =>
  world
    .command({ prefix: 'log last', level: 'debug', ...args })
    .data.toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => line.replace(/^.* : /, ''))

const repliesOf = (world: SmallWorld, message: Message): readonly unknown[] =>
  world.message('logm', message).map((effect) => (effect._tag === 'Reply' ? effect.message : effect._tag))

describe('MLog', () => {
  it('is acknowledged with its last number once it is committed', () => {
    const world = new SmallWorld(FSID)
    assert.deepEqual(repliesOf(world, mlog(entry(1), entry(2))), [
      { _tag: 'MLogAck', fsid: FSID, last: 2n, channel: '' },
    ])
    assert.deepEqual(linesOf(world), ['cluster [INF] line 1', 'cluster [INF] line 2'])
  })

  it('adds only what is not there yet', () => {
    const world = new SmallWorld(FSID)
    world.message('logm', mlog(entry(1), entry(2)))
    world.message('logm', mlog(entry(2), entry(3), entry(3)))
    assert.deepEqual(linesOf(world), ['cluster [INF] line 1', 'cluster [INF] line 2', 'cluster [INF] line 3'])
  })

  it('that holds nothing new ends without an answer', () => {
    const world = new SmallWorld(FSID)
    world.message('logm', mlog(entry(1)))
    assert.deepEqual(repliesOf(world, mlog(entry(1))), ['NoReply'])
    assert.deepEqual(repliesOf(world, mlog()), ['NoReply'])
  })

  it('of another cluster, or of an entity that may not log, changes nothing', () => {
    const world = new SmallWorld(FSID)
    assert.deepEqual(repliesOf(world, { ...mlog(entry(1)), fsid: '00000000-0000-0000-0000-000000000000' }), [
      'NoReply',
    ])
    const caps = parseMonCap('allow r')
    assert.ok(E.isRight(caps))
    const reader = { ...SESSION, identity: { ...SESSION.identity, caps: caps.right } }
    assert.deepEqual(
      world.message('logm', mlog(entry(1)), reader).map(({ _tag }) => _tag),
      ['NoReply'],
    )
    assert.deepEqual(linesOf(world), [])
  })

  it('loses lines of a level that is none', () => {
    const world = new SmallWorld(FSID)
    world.message('logm', mlog(entry(1, { prio: 77 }), entry(2)))
    assert.deepEqual(linesOf(world), ['cluster [INF] line 2'])
  })

  it('is written in the order of its times', () => {
    const world = new SmallWorld(FSID)
    world.message('logm', mlog(entry(9), entry(4)))
    assert.deepEqual(linesOf(world), ['cluster [INF] line 4', 'cluster [INF] line 9'])
  })
})

describe('the summary of the log', () => {
  it('keeps mon_log_max_summary lines of each channel', () => {
    const world = new SmallWorld(FSID)
    for (let seq = 1; seq <= 60; seq++) world.message('logm', mlog(entry(seq)))
    world.message('logm', mlog(entry(61, { channel: 'audit' })))
    const lines = linesOf(world, { num: 1000 })
    assert.deepEqual([lines.length, lines[0]], [50, 'cluster [INF] line 11'])
    assert.deepEqual(linesOf(world, { num: 1000, channel: 'audit' }), ['audit [INF] line 61'])
  })

  it('gives the lines of all channels in the order of their commits', () => {
    const world = new SmallWorld(FSID)
    world.message('logm', mlog(entry(1, { channel: 'audit' })))
    world.message('logm', mlog(entry(2)))
    world.message('logm', mlog(entry(3, { channel: 'audit' })))
    assert.deepEqual(linesOf(world, { channel: '*', num: 3 }), [
      ' [INF] mkfs 01234567-89ab-cdef-0123-456789abcdef',
      'audit [INF] line 1',
      'cluster [INF] line 2',
      'audit [INF] line 3',
    ])
  })

  it('is stashed one version late', () => {
    const world = new SmallWorld(FSID)
    world.message('logm', mlog(entry(1)))
    const { store } = world
    assert.deepEqual(
      [...store.range('logm')].map(([key]) => key),
      ['1', '2', 'first_committed', 'full_0', 'full_1', 'full_latest', 'last_committed'],
    )
    assert.deepEqual([store.u64('logm', 'full_latest'), store.u64('logm', 'last_committed')], [1n, 2n])
    assert.equal(store.get('logm', 'full_0')?.length, 26)
  })
})

describe('the log file', () => {
  it('gets every committed line with its channel and level', () => {
    const world = new SmallWorld(FSID)
    world.effects.length = 0
    world.message('logm', mlog(entry(1), entry(2, { prio: CLOG.warn, channel: 'audit' })))
    assert.deepEqual(world.effects, [
      {
        _tag: 'WriteClusterLog',
        channel: 'cluster',
        level: 'info',
        line: '2023-11-14T22:13:21.000000+0000 osd.3 (osd.3) 1 : cluster [INF] line 1',
      },
      {
        _tag: 'WriteClusterLog',
        channel: 'audit',
        level: 'warn',
        line: '2023-11-14T22:13:22.000000+0000 osd.3 (osd.3) 2 : audit [WRN] line 2',
      },
    ])
  })
})

describe('log', () => {
  it('refuses a level that is none', () => {
    const world = new SmallWorld(FSID)
    const reply = world.command({ prefix: 'log', logtext: ['x'], level: 'bogus' })
    assert.deepEqual([reply.code, reply.text], [-22, "Invalid severity 'bogus'"])
  })
})

describe('log- subscriptions', () => {
  const subscribed = (world: SmallWorld, what: string, start: bigint): unknown => {
    const answer = world.subscribe('logm', { what, start, onetime: false })
    return answer === undefined
      ? undefined
      : [
          answer.next,
          ...answer.messages.map((m) => (m._tag === 'MLog' ? m.entries.map(({ msg }) => msg) : m._tag)),
        ]
  }

  it('start with the newest version and go on from there', () => {
    const world = new SmallWorld(FSID)
    world.message('logm', mlog(entry(1), entry(2, { prio: CLOG.warn })))
    assert.deepEqual(subscribed(world, 'log-info', 0n), [3n, ['line 1', 'line 2']])
    assert.equal(subscribed(world, 'log-info', 3n), undefined)
    assert.deepEqual(subscribed(world, 'log-info', 1n), [3n, [`mkfs ${FSID}`, 'line 1', 'line 2']])
  })

  it('leave out lines below their level, and say nothing when none is left', () => {
    const world = new SmallWorld(FSID)
    world.message('logm', mlog(entry(1), entry(2, { prio: CLOG.warn })))
    assert.deepEqual(subscribed(world, 'log-warn', 2n), [3n, ['line 2']])
    assert.deepEqual(subscribed(world, 'log-error', 2n), [3n])
  })
})
