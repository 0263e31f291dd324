import assert from 'node:assert/strict'
import { encodeMessage } from '../../src/message/message.ts'
import { adminPeer } from '../monitor/simulated-peer.ts'
import type { Random } from '../paxos/random.ts'
import { FSID } from '../service/world.ts'
import { HOSTILE_TEXTS, hostileCommand, MON_SIGNATURES, TELL_SIGNATURES } from './hostile-json.ts'
import { LoneMonitor } from './lone-monitor.ts'
import { fuzz, FUZZ_FACTOR, mutate } from './runs.ts'

const COMMANDS_PER_CLUSTER = 150
/** No text, of at most a megabyte, keeps the monitor from its peers for as long as a lease lasts. */
const ANSWER_CPU_MS_MAX = 2500

describe('a monitor that is sent commands', function () {
  this.timeout(FUZZ_FACTOR > 1 ? 0 : 120_000)
  let monitor: LoneMonitor
  let fresh: LoneMonitor['state']
  let crushmap: Buffer
  let connection: number

  const send = (kind: 'MMonCommand' | 'MCommand', cmd: readonly string[], data: Buffer): void => {
    monitor.forgetSent()
    const body = { fsid: FSID, cmd, data }
    const message = kind === 'MCommand' ? { _tag: kind, ...body } : { _tag: kind, version: 0n, ...body }
    monitor.receive(connection, encodeMessage(message, { tid: 1n }))
    assert.deepEqual(monitor.errors, [], cmd.join('').slice(0, 2000))
    const answers = monitor.sent.filter((sent) => sent.connection === connection)
    assert.equal(answers.length, 1, `one answer to ${cmd.join('').slice(0, 2000)}`)
  }

  before(() => {
    monitor = new LoneMonitor()
    connection = monitor.connect(adminPeer(9999))
    send('MMonCommand', ['{"prefix":"osd getcrushmap"}'], Buffer.alloc(0))
    const [answer] = monitor.sent
    assert.ok(answer?.message._tag === 'MMonCommandAck')
    crushmap = answer.message.data
    for (const command of [
      '{"prefix":"osd pool create","pool":"mypool","pg_num":8}',
      '{"prefix":"osd new","uuid":"00000000-0000-0000-0000-0000000000aa"}',
      '{"prefix":"osd crush add-bucket","name":"a","type":"host","args":["root=default"]}',
    ])
      send('MMonCommand', [command], Buffer.alloc(0))
    fresh = monitor.state
  })
  beforeEach(() => {
    monitor.state = fresh
  })

  const input = (random: Random): Buffer =>
    random.pick([
      () => Buffer.alloc(0),
      () => Buffer.from('[client.x]\n\tkey = AQAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAA==\n'),
      () => Buffer.from('{"cephx_secret":"x","cephx_lockbox_secret":7}'),
      () => mutate(random, crushmap),
    ])()

  it('answers each of every kind once, whatever their arguments, and makes no mistake', () => {
    fuzz('commands', 1500, (random, run) => {
      if (run % COMMANDS_PER_CLUSTER === 0) monitor.state = fresh
      send('MMonCommand', [hostileCommand(random, MON_SIGNATURES)], input(random))
    })
  })

  it('answers each of those to one daemon as well', () => {
    fuzz('tell commands', 500, (random) => {
      send('MCommand', [hostileCommand(random, TELL_SIGNATURES)], input(random))
    })
  })

  it('believes no crush map that is damaged', () => {
    fuzz('crush maps', 300, (random) => {
      send('MMonCommand', ['{"prefix":"osd setcrushmap"}'], mutate(random, crushmap))
    })
  })

  it('answers text that is no command, in time', () => {
    for (const text of HOSTILE_TEXTS)
      for (const kind of ['MMonCommand', 'MCommand'] as const) {
        const began = process.cpuUsage()
        send(kind, [text], Buffer.alloc(0))
        const tookMs = process.cpuUsage(began).user / 1000
        assert.ok(tookMs < ANSWER_CPU_MS_MAX, `${tookMs.toFixed(0)} ms for ${text.slice(0, 100)}`)
      }
  })

  it('answers a command in a hundred thousand pieces', () => {
    const pieces = ['{"prefix":"mon ', 'stat"', ...Array<string>(100_000).fill(' '), '}']
    send('MMonCommand', pieces, Buffer.alloc(0))
  })
})
