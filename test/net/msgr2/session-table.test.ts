import assert from 'node:assert/strict'
import { entityAddr, BLANK_ADDR } from '../../../src/codec/type/entity-addr.ts'
import type { ClientIdent, SessionReconnect } from '../../../src/net/msgr2/frame.ts'
import {
  identProblem,
  judgeIdent,
  judgeReconnect,
  lossyServerIdent,
  peerKey,
  type Verdict,
} from '../../../src/net/msgr2/session-table.ts'
import { EMPTY_FIFO, itemsOf, pushed } from '../../../src/base/fifo.ts'
import { testMessage } from '../loopback.ts'
import { newSession, type Own, type Session } from '../../../src/net/msgr2/session.ts'

const LOW = entityAddr('msgr2', '10.0.0.1', 3300)
const HIGH = entityAddr('msgr2', '10.0.0.2', 3300)
const own = (addr = LOW): Own => ({ addrs: [addr], num: 0n, featuresSupported: 0xfn, featuresRequired: 1n })
const FRESH = { globalSeq: 50n, cookie: 77n }

const ident = (changes: Partial<ClientIdent> = {}): ClientIdent => ({
  _tag: 'CLIENT_IDENT',
  addrs: [HIGH],
  target: LOW,
  gid: 1n,
  globalSeq: 10n,
  supported: 0xffn,
  required: 0n,
  flags: 0n,
  cookie: 5n,
  ...changes,
})
const ask = (changes: Partial<SessionReconnect> = {}): SessionReconnect => ({
  _tag: 'SESSION_RECONNECT',
  addrs: [HIGH],
  clientCookie: 5n,
  serverCookie: 6n,
  globalSeq: 10n,
  connectSeq: 3n,
  messageSeq: 2n,
  ...changes,
})
const session = (changes: Partial<Session> = {}): Session => ({
  ...newSession([HIGH]),
  phase: 'READY',
  clientCookie: 5n,
  serverCookie: 6n,
  peerGlobalSeq: 9n,
  connectSeq: 2n,
  inSeq: 4n,
  ...changes,
})
const frameOf = (verdict: Verdict): unknown => (verdict._tag === 'Refuse' ? verdict.reason : verdict.frame)
const accepted = (verdict: Verdict): Extract<Verdict, { _tag: 'Accept' }> => {
  assert(verdict._tag === 'Accept', JSON.stringify(verdict._tag))
  return verdict
}

describe('CLIENT_IDENT', () => {
  it('must name an address of its own and one of ours, nonce included', () => {
    assert.equal(identProblem(ident(), own()), undefined)
    assert.equal(identProblem(ident({ addrs: [] }), own())?._tag, 'Refuse')
    assert.equal(identProblem(ident({ addrs: [BLANK_ADDR] }), own())?._tag, 'Refuse')
    assert.equal(identProblem(ident({ target: { ...LOW, nonce: 1 } }), own())?._tag, 'Refuse')
  })

  it('is told which required features it lacks', () => {
    const problem = identProblem(ident({ supported: 0xen }), own())
    assert(problem?._tag === 'Correct')
    assert.deepEqual(problem.frame, { _tag: 'IDENT_MISSING_FEATURES', features: 1n })
  })

  it('of a new peer begins a session', () => {
    const { session: made, frame, remoteReset } = accepted(judgeIdent(undefined, ident(), own(), FRESH))
    assert.deepEqual(
      [made.phase, made.clientCookie, made.serverCookie, made.peerGlobalSeq, made.inSeq, remoteReset],
      ['READY', 5n, 77n, 10n, 0n, false],
    )
    assert.deepEqual(frame, {
      _tag: 'SERVER_IDENT',
      addrs: [LOW],
      gid: 0n,
      globalSeq: 50n,
      supported: 0xfn,
      required: 1n,
      flags: 0n,
      cookie: 77n,
    })
  })

  it('of an attempt older than the session is stale', () => {
    assert.match(String(frameOf(judgeIdent(session({ peerGlobalSeq: 11n }), ident(), own(), FRESH))), /stale/)
  })

  it('with another cookie means that the peer restarted', () => {
    const verdict = accepted(judgeIdent(session({ outSeq: 9n }), ident({ cookie: 8n }), own(), FRESH))
    assert.equal(verdict.remoteReset, true)
    assert.deepEqual([verdict.session.clientCookie, verdict.session.outSeq], [8n, 0n])
  })

  it('with the same cookie goes on where establishment was interrupted', () => {
    const verdict = accepted(judgeIdent(session({ outSeq: 9n }), ident(), own(), FRESH))
    assert.equal(verdict.remoteReset, false)
    assert.deepEqual([verdict.session.outSeq, verdict.session.inSeq], [9n, 0n])
  })

  it('in a race loses to our own socket when the peer’s address is higher, and makes us follow it through', () => {
    const racing = session({ phase: 'CONNECTING', clientCookie: 3n, serverCookie: 0n, connectSeq: 0n })
    const lost = judgeIdent(racing, ident(), own(LOW), FRESH)
    assert(lost._tag === 'Correct' && lost.existing?.nudged === true)
    assert.deepEqual(lost.frame, { _tag: 'WAIT' })
    const won = judgeIdent(racing, ident({ addrs: [LOW], target: HIGH }), own(HIGH), FRESH)
    assert.equal(accepted(won).session.clientCookie, 5n)
  })

  it('meets no race when our side stands by', () => {
    const standby = session({ phase: 'STANDBY', clientCookie: 3n, serverCookie: 0n })
    accepted(judgeIdent(standby, ident(), own(), FRESH))
  })

  it('of a lossy peer is always answered with the lossy flag and no cookie', () => {
    const { flags, cookie } = lossyServerIdent(own(), 3n)
    assert.deepEqual([flags, cookie], [1n, 0n])
  })

  it('takes the place of a session that turned out lossy', () => {
    accepted(judgeIdent(session({ lossy: true, peerGlobalSeq: 99n }), ident(), own(), FRESH))
  })
})

describe('SESSION_RECONNECT', () => {
  const frame = (existing: Session | undefined, changes: Partial<SessionReconnect> = {}): unknown =>
    frameOf(judgeReconnect(existing, ask(changes), own()))

  it('for a session that we do not know, or of another client cookie, is reset in full', () => {
    assert.deepEqual(frame(undefined), { _tag: 'SESSION_RESET', full: true })
    assert.deepEqual(frame(session(), { clientCookie: 4n }), { _tag: 'SESSION_RESET', full: true })
  })

  it('for a session whose SERVER_IDENT we never saw is reset to its establishment', () => {
    assert.deepEqual(frame(session({ serverCookie: 0n })), { _tag: 'SESSION_RESET', full: false })
  })

  it('behind in global_seq or connect_seq is told ours', () => {
    assert.deepEqual(frame(session({ peerGlobalSeq: 12n })), {
      _tag: 'SESSION_RETRY_GLOBAL',
      globalSeq: 12n,
    })
    assert.deepEqual(frame(session({ connectSeq: 4n })), { _tag: 'SESSION_RETRY', connectSeq: 4n })
  })

  it('level with our own reconnect waits when the peer’s address is higher, wins when it is lower', () => {
    const level = session({ phase: 'CONNECTING', connectSeq: 3n })
    assert.deepEqual(frame(level), { _tag: 'WAIT' })
    accepted(judgeReconnect({ ...level, peerAddrs: [LOW] }, ask({ addrs: [LOW] }), own(HIGH)))
  })

  it('is accepted with what we have received, and drops what the peer has', () => {
    const messages = [1n, 2n, 3n].map((seq) => ({ ...testMessage('m'), seq }))
    const sent = messages.reduce<Session['sent']>(pushed, EMPTY_FIFO)
    const verdict = accepted(judgeReconnect(session({ sent }), ask(), own()))
    assert.deepEqual(itemsOf(verdict.session.sent), messages.slice(2))
    assert.deepEqual(verdict.frame, { _tag: 'SESSION_RECONNECT_OK', messageSeq: 4n })
    assert.deepEqual(
      [verdict.session.phase, verdict.session.connectSeq, verdict.session.peerGlobalSeq],
      ['READY', 3n, 10n],
    )
    assert.deepEqual([verdict.session.clientCookie, verdict.session.serverCookie], [5n, 6n])
  })
})

describe('peerKey', () => {
  it('tells addresses apart by type, nonce, ip and port', () => {
    const keys = [
      [LOW],
      [HIGH],
      [LOW, HIGH],
      [{ ...LOW, nonce: 1 }],
      [{ ...LOW, type: 1 }],
      [entityAddr('msgr2', '10.0.0.1', 3301)],
    ].map(peerKey)
    assert.equal(new Set(keys).size, keys.length)
  })
})
