import assert from 'node:assert/strict'
import { entityClient } from '../../src/auth/cephx-client.ts'
import { CON_MODE } from '../../src/auth/contract.ts'
import { generateKey } from '../../src/auth/crypto-key.ts'
import { UTIME_ZERO } from '../../src/codec/type/utime.ts'
import { entityAddr } from '../../src/codec/type/entity-addr.ts'
import { ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { encodeMessage } from '../../src/message/message.ts'
import { REFUSAL_LINES_MAX, REFUSAL_WINDOW_MS } from '../../src/monitor/refusal-log.ts'
import { step } from '../../src/monitor/step.ts'
import { type Happening, LoneMonitor } from '../fuzz/lone-monitor.ts'
import { adminPeer } from './simulated-peer.ts'

interface Line {
  readonly level: number
  readonly text: string
}

const ENTROPY = Buffer.alloc(32, 9)
const KEY = generateKey(ENTROPY, 'a key of nobody', UTIME_ZERO)
const PEER = entityAddr('msgr2', '192.0.2.7', 4711)

describe('refusals in the log', () => {
  let monitor: LoneMonitor
  let attempt: number
  beforeEach(() => {
    monitor = new LoneMonitor()
    attempt = 1
  })

  /** Lines of debug_auth that follow, and what the peer hears. */
  const happen = (happening: Happening): { lines: readonly Line[]; challenge: Buffer | undefined } => {
    const [state, effects] = step(monitor.state, { ...happening, now: monitor.now, entropy: ENTROPY })
    monitor.state = state
    const lines = effects.flatMap((e) =>
      e._tag === 'Log' && e.subsystem === 'auth' ? [{ level: e.level, text: e.text }] : [],
    )
    const [reply] = effects.flatMap((e) => (e._tag === 'AuthReplyReady' ? [e.reply] : []))
    return { lines, challenge: reply?._tag === 'AuthReplyMore' ? reply.payload : undefined }
  }

  const refuse = (id = 'nobody', modes: readonly number[] = [CON_MODE.crc]): readonly Line[] => {
    const entityName = { type: ENTITY_TYPE.client, id }
    const credentials = { entityName, key: KEY, globalId: 0n, oldTicket: undefined, wantedServices: 0x20 }
    const client = entityClient(credentials, modes, ENTROPY)
    const of = { attempt: attempt++, socketAddr: PEER } as const
    const { request } = client
    const first = happen({ _tag: 'AuthRequestReceived', ...of, peerType: ENTITY_TYPE.client, ...request })
    if (first.challenge === undefined) return first.lines
    const more = client.more(first.challenge)
    assert.ok(more._tag === 'Right')
    const { payload } = more.right
    return [...first.lines, ...happen({ _tag: 'AuthRequestMoreReceived', ...of, payload }).lines]
  }

  const tick = (): readonly Line[] => happen({ _tag: 'TimerFired', timer: 'tick' }).lines

  it('say who, from where and why, where every operator sees it', () => {
    const [line, ...more] = refuse()
    assert.deepEqual(line, {
      level: 0,
      text: 'client.nobody at v2:192.0.2.7:4711/0 refused with -13: there is no such entity',
    })
    assert.deepEqual(more, [])
  })

  it('are said of a session that wants its tickets renewed, too', () => {
    const connection = monitor.connect(adminPeer(1))
    monitor.forgetSent()
    const payload = Buffer.from([0, 4])
    const ask = { _tag: 'MAuth', version: 0n, protocol: 2, payload, monmapEpoch: 0 } as const
    monitor.receive(connection, encodeMessage(ask, { tid: 1n }))
    const refused =
      /^client.admin at v2:127.0.0.9:1\/0 refused with -13: its type of entity has no rotating keys$/
    assert.equal(monitor.log.filter((text) => refused.test(text)).length, 1)
  })

  it('of a name without end are of a length', () => {
    const [line] = refuse('x'.repeat(5000))
    assert.ok(line !== undefined && line.text.length < 300, line?.text)
    assert.match(line.text, /: there is no such entity$/)
  })

  it('are few by default, however many there are, and their number is told later', () => {
    const lines = Array.from({ length: 1000 }, () => refuse()).flat()
    assert.equal(lines.filter(({ level }) => level <= 5).length, REFUSAL_LINES_MAX)
    assert.equal(lines.length, 1000)
    assert.deepEqual(tick(), [])
    monitor.now += REFUSAL_WINDOW_MS
    assert.deepEqual(tick(), [
      { level: 0, text: '990 more refused within a minute: UnknownEntity; debug_auth 10 names each' },
    ])
    assert.deepEqual(tick(), [])
    assert.equal(refuse()[0]?.level, 0)
  })

  it('of one kind leave room for those of another', () => {
    for (let i = 0; i < 100; i++) refuse()
    monitor.handle({ _tag: 'TimerFired', timer: 'tick' })
    assert.deepEqual(refuse('nobody', [77]), [
      {
        level: 1,
        text: 'a peer at v2:192.0.2.7:4711/0 refused with -95: it offers connection mode 77, allowed is secure,crc',
      },
    ])
  })

  it('are told again after a minute without a tick, or when the clock was set back', () => {
    const quiet = (): readonly number[] => refuse().map(({ level }) => level)
    for (let i = 0; i < REFUSAL_LINES_MAX; i++) refuse()
    assert.deepEqual(quiet(), [10])
    monitor.now += REFUSAL_WINDOW_MS
    assert.deepEqual(quiet(), [0, 0])
    for (let i = 0; i < REFUSAL_LINES_MAX; i++) refuse()
    monitor.now -= 1
    assert.deepEqual(quiet(), [0, 0])
  })
})
