import assert from 'node:assert/strict'
import { entityAddr } from '../../../src/codec/type/entity-addr.ts'
import type { AuthReply } from '../../../src/auth/contract.ts'
import { ALLOW_ALL } from '../../../src/auth/mon-cap.ts'
import type { ClientIdent, ControlFrame } from '../../../src/net/msgr2/frame.ts'
import {
  authRepliedEvent,
  handshakeEventOf,
  type HandshakeEvent,
} from '../../../src/net/msgr2/handshake-event.ts'
import { handshake, type HandshakeEffect } from '../../../src/net/msgr2/handshake-machine.ts'
import type { HandshakeInput } from '../../../src/net/msgr2/handshake-setup.ts'

const EMPTY = Buffer.alloc(0)
const PEER = entityAddr('msgr2', '10.0.0.2', 50000)
const OWN = entityAddr('msgr2', '10.0.0.1', 3300)
const SIGNATURE = Buffer.alloc(32, 1)
const OTHER_SIGNATURE = Buffer.alloc(32, 2)
const SECRET = Buffer.alloc(64, 3)

const accepting: HandshakeInput = { side: 'accepting', ownType: 1, peerAddr: PEER }
const connecting: HandshakeInput = {
  side: 'connecting',
  ownType: 8,
  peerAddr: OWN,
  peerType: 1,
  request: { method: 2, modes: [2, 1], payload: Buffer.from('who') },
}

const banner: HandshakeEvent = { type: 'BannerReceived', banner: { supported: 1n, required: 0n } }
const got = (frame: ControlFrame): HandshakeEvent => handshakeEventOf(frame)
const hello = (entityType: number): HandshakeEvent => got({ _tag: 'HELLO', entityType, peerAddr: OWN })
const request = got({ _tag: 'AUTH_REQUEST', method: 2, modes: [2], payload: Buffer.from('who') })
const requestMore = got({ _tag: 'AUTH_REQUEST_MORE', payload: Buffer.from('proof') })
const signature = got({ _tag: 'AUTH_SIGNATURE', signature: SIGNATURE })
const signed: HandshakeEvent = { type: 'Signed', own: OTHER_SIGNATURE, expected: SIGNATURE }
const ident: ClientIdent = {
  _tag: 'CLIENT_IDENT',
  addrs: [PEER],
  target: OWN,
  gid: -1n,
  globalSeq: 1n,
  supported: 0n,
  required: 0n,
  flags: 1n,
  cookie: 0n,
}
const done = (mode: number, connectionSecret: Buffer): AuthReply => ({
  _tag: 'AuthDone',
  globalId: 4n,
  mode,
  payload: EMPTY,
  sessionKey: EMPTY,
  connectionSecret,
  identity: {
    entityName: { type: 8, id: 'admin' },
    globalId: 4n,
    globalIdStatus: 'NEW_OK',
    caps: ALLOW_ALL,
  },
})
const doneReply = (mode: number, secret: Buffer): HandshakeEvent => authRepliedEvent(done(mode, secret))

// Runs events from the start; gives the last state, and the effects of each event.
const run = (
  input: HandshakeInput,
  events: readonly HandshakeEvent[],
): {
  readonly state: unknown
  readonly last: readonly HandshakeEffect[]
  readonly all: readonly string[]
} => {
  let [snapshot, last] = handshake.initial(input)
  const all = last.map(({ type }) => type as string)
  for (const event of events) {
    ;[snapshot, last] = handshake.next(snapshot, event)
    for (const effect of last)
      all.push(effect.type === 'SendFrame' ? `SendFrame ${effect.params.frame._tag}` : effect.type)
  }
  return { state: snapshot.value, last, all }
}

const reasonOf = (effects: readonly HandshakeEffect[]): string | undefined => {
  const found = effects.find(({ type }) => type === 'Close')
  return found?.type === 'Close' ? found.params.reason : undefined
}

const authenticated: readonly HandshakeEvent[] = [
  banner,
  hello(8),
  request,
  authRepliedEvent({ _tag: 'AuthReplyMore', payload: EMPTY }),
  requestMore,
  doneReply(2, SECRET),
  signed,
  signature,
]

describe('the handshake, accepting', () => {
  it('goes from banner to session in the order of the protocol', () => {
    const { state, all } = run(accepting, [
      ...authenticated,
      got(ident),
      { type: 'SessionAccepted', frame: { _tag: 'WAIT' } },
    ])
    assert.equal(state, 'READY')
    assert.deepEqual(all, [
      'SendBanner',
      'UseBanner',
      'SendFrame HELLO',
      'AskAuth',
      'SendFrame AUTH_REPLY_MORE',
      'AskAuthMore',
      'SendFrame AUTH_DONE',
      'UseSecret',
      'Sign',
      'SendFrame AUTH_SIGNATURE',
      'JudgeSession',
      'SendFrame WAIT',
      'AdoptSession',
    ])
  })

  it('says in HELLO which address the peer has here', () => {
    const { last } = run(accepting, [banner])
    assert.deepEqual(last.at(-1)?.params, { frame: { _tag: 'HELLO', entityType: 1, peerAddr: PEER } })
  })

  it('lets the peer ask in another way after a bad method, and after a session correction', () => {
    const badMethod = authRepliedEvent({
      _tag: 'AuthBadMethod',
      method: 1,
      result: -95,
      allowedMethods: [2],
      allowedModes: [1],
    })
    const { state, last } = run(accepting, [banner, hello(8), request, badMethod])
    assert.equal(state, 'AUTH_ACCEPTING')
    assert.deepEqual(last[0]?.params, {
      frame: {
        _tag: 'AUTH_BAD_METHOD',
        method: 1,
        result: -95,
        allowedMethods: [2],
        allowedModes: [1],
      },
    })
    const corrected = run(accepting, [
      ...authenticated,
      got(ident),
      { type: 'SessionCorrected', frame: { _tag: 'SESSION_RESET', full: true } },
    ])
    assert.equal(corrected.state, 'SESSION_ACCEPTING')
  })

  it('refuses a signature that is not over its own bytes', () => {
    const wrong = got({ _tag: 'AUTH_SIGNATURE', signature: OTHER_SIGNATURE })
    const { state, last } = run(accepting, [...authenticated.slice(0, -1), wrong])
    assert.equal(state, 'CLOSED')
    assert.equal(reasonOf(last), 'signature of the handshake does not match')
  })

  it('refuses an identification before the signature, and one before authentication', () => {
    assert.match(
      reasonOf(run(accepting, [...authenticated.slice(0, -1), got(ident)]).last) ?? '',
      /out of turn/,
    )
    assert.match(reasonOf(run(accepting, [banner, hello(8), got(ident)]).last) ?? '', /out of turn/)
  })

  it('refuses whatever the peer sends while the node decides', () => {
    const { state, last } = run(accepting, [banner, hello(8), request, request])
    assert.equal(state, 'CLOSED')
    assert.equal(reasonOf(last), 'AuthRequestReceived out of turn')
  })

  it('refuses frames of a connection that stands', () => {
    const { last } = run(accepting, [banner, got({ _tag: 'ACK', seq: 1n })])
    assert.match(reasonOf(last) ?? '', /EarlyFrameReceived out of turn/)
  })

  it('refuses to seal without a secret', () => {
    const { state } = run(accepting, [banner, hello(8), request, doneReply(2, EMPTY)])
    assert.equal(state, 'CLOSED')
  })

  it('ends after too many requests', () => {
    const more = authRepliedEvent({ _tag: 'AuthReplyMore', payload: EMPTY })
    const rounds = Array.from({ length: 20 }, () => [more, requestMore]).flat()
    const { last, state } = run(accepting, [banner, hello(8), request, ...rounds.slice(0, 15)])
    assert.equal(state, 'AUTH_ACCEPTING_MORE')
    assert.equal(reasonOf(last), undefined)
    assert.equal(run(accepting, [banner, hello(8), request, ...rounds]).state, 'CLOSED')
  })

  it('ends at its timeout, and does nothing afterwards', () => {
    const timedOut = run(accepting, [banner, { type: 'HandshakeTimeout' }])
    assert.equal(reasonOf(timedOut.last), 'handshake timed out')
    assert.deepEqual(run(accepting, [banner, { type: 'HandshakeTimeout' }, hello(8)]).last, [])
  })

  it('refuses a peer that requires what we do not have', () => {
    const { state } = run(accepting, [{ type: 'BannerReceived', banner: { supported: 3n, required: 2n } }])
    assert.equal(state, 'CLOSED')
  })
})

describe('the handshake, connecting', () => {
  const secrets = { globalId: 4n, sessionKey: EMPTY, connectionSecret: SECRET }
  const upToSession: readonly HandshakeEvent[] = [
    banner,
    hello(1),
    got({ _tag: 'AUTH_REPLY_MORE', payload: EMPTY }),
    { type: 'AuthContinued', payload: EMPTY },
    got({ _tag: 'AUTH_DONE', globalId: 4n, mode: 2, payload: EMPTY }),
    { type: 'AuthFinished', mode: 2, secrets },
    signed,
    signature,
  ]
  const asked: HandshakeEvent = { type: 'IdentChosen', frame: ident }
  const serverIdent = got({
    _tag: 'SERVER_IDENT',
    addrs: [OWN],
    gid: 0n,
    globalSeq: 1n,
    supported: 0n,
    required: 0n,
    flags: 1n,
    cookie: 0n,
  })

  it('goes from banner to session in the order of the protocol', () => {
    const { state, all } = run(connecting, [
      ...upToSession,
      asked,
      serverIdent,
      { type: 'SessionEstablished' },
    ])
    assert.equal(state, 'READY')
    assert.deepEqual(all, [
      'SendBanner',
      'UseBanner',
      'SendFrame HELLO',
      'LearnAddr',
      'SendFrame AUTH_REQUEST',
      'ContinueAuth',
      'SendFrame AUTH_REQUEST_MORE',
      'FinishAuth',
      'UseSecret',
      'Sign',
      'SendFrame AUTH_SIGNATURE',
      'OpenSession',
      'SendFrame CLIENT_IDENT',
      'JudgeSession',
      'AdoptSession',
    ])
  })

  it('does not open a session before the peer has signed', () => {
    const { all } = run(connecting, upToSession.slice(0, -1))
    assert(!all.includes('OpenSession'))
    const wrong = got({ _tag: 'AUTH_SIGNATURE', signature: OTHER_SIGNATURE })
    assert.equal(run(connecting, [...upToSession.slice(0, -1), wrong]).state, 'CLOSED')
  })

  it('refuses a peer of another type', () => {
    const { last } = run(connecting, [banner, hello(4)])
    assert.equal(reasonOf(last), 'peer is of another type than expected')
  })

  it('refuses a mode that it did not offer', () => {
    const odd = got({ _tag: 'AUTH_DONE', globalId: 4n, mode: 3, payload: EMPTY })
    assert.match(reasonOf(run(connecting, [banner, hello(1), odd]).last) ?? '', /not offered/)
  })

  it('says what the peer allows when it refuses the method', () => {
    const refused = got({
      _tag: 'AUTH_BAD_METHOD',
      method: 2,
      result: -13,
      allowedMethods: [2],
      allowedModes: [2, 1],
    })
    assert.equal(
      reasonOf(run(connecting, [banner, hello(1), refused]).last),
      'authentication refused: result -13, methods [2], modes [2,1]',
    )
  })

  it('takes corrections only of a reconnect', () => {
    const retry = got({ _tag: 'SESSION_RETRY', connectSeq: 3n })
    assert.match(reasonOf(run(connecting, [...upToSession, asked, retry]).last) ?? '', /out of turn/)
    const reconnect: HandshakeEvent = {
      type: 'ReconnectChosen',
      frame: {
        _tag: 'SESSION_RECONNECT',
        addrs: [],
        clientCookie: 1n,
        serverCookie: 2n,
        globalSeq: 3n,
        connectSeq: 4n,
        messageSeq: 5n,
      },
    }
    const { state, last } = run(connecting, [...upToSession, reconnect, retry])
    assert.equal(state, 'SESSION_DECIDING')
    assert.equal(last[0]?.type, 'JudgeSession')
    assert.match(
      reasonOf(run(connecting, [...upToSession, reconnect, serverIdent]).last) ?? '',
      /out of turn/,
    )
  })

  it('ends when the peer corrects for ever', () => {
    const reconnect: HandshakeEvent = {
      type: 'ReconnectChosen',
      frame: {
        _tag: 'SESSION_RECONNECT',
        addrs: [],
        clientCookie: 1n,
        serverCookie: 2n,
        globalSeq: 3n,
        connectSeq: 4n,
        messageSeq: 5n,
      },
    }
    const loop = Array.from({ length: 30 }, () => [
      got({ _tag: 'SESSION_RETRY', connectSeq: 3n }),
      reconnect,
    ]).flat()
    assert.equal(run(connecting, [...upToSession, reconnect, ...loop]).state, 'CLOSED')
  })
})
