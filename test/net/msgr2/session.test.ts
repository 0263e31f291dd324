import assert from 'node:assert/strict'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { known } from '../../../src/base/assert.ts'
import { entityAddr } from '../../../src/codec/type/entity-addr.ts'
import { EMPTY_FIFO, itemsOf, oldest, pushed, shifted, type Fifo } from '../../../src/base/fifo.ts'
import {
  acknowledged,
  connecting,
  enqueue,
  leaveStandby,
  newSession,
  openSession,
  received,
  reconnected,
  reset,
  retried,
  serverIdentified,
  socketLost,
  standing,
  takeWaiting,
  type Own,
  type Session,
} from '../../../src/net/msgr2/session.ts'
import { QUEUE_BYTES_MAX, QUEUE_MESSAGES_MAX } from '../../../src/net/msgr2/limit.ts'
import { testMessage } from '../loopback.ts'

const US = entityAddr('msgr2', '10.0.0.1', 3300)
const THEM = entityAddr('msgr2', '10.0.0.2', 3300)
const OWN: Own = { addrs: [US], num: 0n, featuresSupported: 7n, featuresRequired: 1n }
const fresh = newSession([THEM])

const queued = (session: Session, count: number): Session => {
  let next = session
  for (let i = 0; i < count; i++) {
    const after = enqueue(next, testMessage(`m${i}`))
    assert(E.isRight(after))
    next = after.right
  }
  return next
}
const sentSeqs = ({ sent }: Session): readonly bigint[] => itemsOf(sent).map(({ seq }) => seq)
const established = (session: Session): Session => ({
  ...standing(session),
  clientCookie: 5n,
  serverCookie: 6n,
})

describe('Fifo', () => {
  it('is an array with push and shift', () => {
    const acts = fc.array(fc.option(fc.nat(), { nil: undefined }), { maxLength: 60 })
    fc.assert(
      fc.property(acts, (all) => {
        let fifo: Fifo<number> = EMPTY_FIFO
        const model: number[] = []
        for (const act of all) {
          if (act === undefined) {
            assert.equal(oldest(fifo), model.shift())
            fifo = shifted(fifo)
          } else {
            model.push(act)
            fifo = pushed(fifo, act)
          }
          assert.deepEqual([fifo.length, itemsOf(fifo), oldest(fifo)], [model.length, model, model[0]])
        }
      }),
    )
  })
})

describe('a lossless session', () => {
  it('numbers messages when they are sent, from 1, and keeps them until they are acknowledged', () => {
    const [sent, messages] = takeWaiting(queued(fresh, 3))
    assert.deepEqual(
      messages.map(({ seq }) => seq),
      [1n, 2n, 3n],
    )
    assert.deepEqual(sentSeqs(acknowledged(sent, 2n)), [3n])
    assert.equal(acknowledged(sent, 3n).queuedBytes, 0)
    assert.deepEqual(sentSeqs(acknowledged(sent, 99n)), [])
  })

  it('drops what came before', () => {
    const first = known(received(fresh, 1n), 'a new message')
    assert.equal(first.inSeq, 1n)
    assert.equal(received(first, 1n), undefined)
    assert.equal(received(first, 3n)?.inSeq, 3n)
  })

  it('refuses more messages and more bytes than its limits', () => {
    const full: Session = { ...fresh, waiting: { ...fresh.waiting, length: QUEUE_MESSAGES_MAX } }
    assert(E.isLeft(enqueue(full, testMessage('one more'))))
    assert(E.isLeft(enqueue({ ...fresh, queuedBytes: QUEUE_BYTES_MAX }, testMessage('x'))))
  })

  it('identifies itself until it was once established, then reconnects with the same cookies', () => {
    const [opened, first] = openSession(connecting(fresh, 4n), OWN, THEM, 9n)
    assert(first._tag === 'CLIENT_IDENT')
    assert.deepEqual(
      [first.cookie, first.globalSeq, first.flags, first.gid, first.required],
      [9n, 4n, 0n, 0n, 1n],
    )
    const [again, second] = openSession(connecting(opened, 5n), OWN, THEM, 10n)
    assert(second._tag === 'CLIENT_IDENT' && second.cookie === 9n)
    const server = serverIdentified(
      again,
      {
        _tag: 'SERVER_IDENT',
        addrs: [THEM],
        gid: 1n,
        globalSeq: 8n,
        supported: 7n,
        required: 0n,
        flags: 0n,
        cookie: 11n,
      },
      THEM,
    )
    assert(E.isRight(server) && server.right.phase === 'READY')
    const lost = socketLost(queued(server.right, 1))[0]
    const [, third] = openSession(connecting(lost, 6n), OWN, THEM, 12n)
    assert.deepEqual(third, {
      _tag: 'SESSION_RECONNECT',
      addrs: [US],
      clientCookie: 9n,
      serverCookie: 11n,
      globalSeq: 6n,
      connectSeq: 1n,
      messageSeq: 0n,
    })
  })

  it('refuses a server that does not have the dialled address, and follows its flags', () => {
    const ident = {
      _tag: 'SERVER_IDENT' as const,
      addrs: [US],
      gid: 1n,
      globalSeq: 8n,
      supported: 7n,
      required: 0n,
      flags: 1n,
      cookie: 0n,
    }
    assert(E.isLeft(serverIdentified(fresh, ident, THEM)))
    const lossy = serverIdentified(fresh, { ...ident, addrs: [US, THEM] }, THEM)
    assert(E.isRight(lossy) && lossy.right.lossy)
  })

  it('replaces a socket that stood at once, and backs off after failed attempts: 0.2 s doubling to 15 s', () => {
    let [session, after] = socketLost(queued(established(fresh), 1))
    assert.deepEqual(after, { _tag: 'Reconnect', afterMs: 0 })
    const waits: number[] = []
    for (let i = 0; i < 9; i++) {
      ;[session, after] = socketLost(connecting(session, 1n))
      waits.push(after._tag === 'Reconnect' ? after.afterMs : -1)
    }
    assert.deepEqual(waits, [200, 400, 800, 1600, 3200, 6400, 12800, 15000, 15000])
    assert.equal(session.connectSeq, 10n)
    assert.equal(socketLost(standing(session))[1]._tag === 'Reconnect', true)
    assert.equal(standing(session).backoffMs, 0)
  })

  it('stands by when it has nothing to say, unless the peer was told to wait for it', () => {
    assert.equal(socketLost(established(fresh))[0].phase, 'STANDBY')
    const [nudged, after] = socketLost({ ...connecting(fresh, 1n), nudged: true })
    assert.equal(nudged.phase, 'BACKOFF')
    assert.deepEqual(after, { _tag: 'Reconnect', afterMs: 200 })
    assert.equal(leaveStandby({ ...established(fresh), phase: 'STANDBY' }).connectSeq, 1n)
    assert.equal(leaveStandby(fresh).connectSeq, 0n)
  })

  it('waits long after WAIT, even with nothing to say: the peer’s socket is on its way', () => {
    assert.deepEqual(socketLost({ ...connecting(fresh, 1n), phase: 'WAIT' })[1], {
      _tag: 'Reconnect',
      afterMs: 15_000,
    })
  })

  it('sends again only what the peer lacks', () => {
    const [sent] = takeWaiting(queued(established(fresh), 5))
    assert.deepEqual(sentSeqs(reconnected(sent, 3n)), [4n, 5n])
    const [more, messages] = takeWaiting(queued(reconnected(sent, 3n), 1))
    assert.deepEqual([messages[0]?.seq, sentSeqs(more)], [6n, [4n, 5n, 6n]])
  })

  it('forgets everything at a full reset, and only its establishment at another', () => {
    const [sent] = takeWaiting(queued({ ...established(fresh), inSeq: 4n, connectSeq: 3n }, 2))
    const full = reset(sent, true)
    assert.deepEqual(
      [full.clientCookie, full.serverCookie, full.inSeq, full.outSeq, full.sent.length, full.queuedBytes],
      [0n, 0n, 0n, 0n, 0, 0],
    )
    const half = reset(sent, false)
    assert.deepEqual(
      [half.clientCookie, half.serverCookie, half.connectSeq, half.inSeq, half.sent.length],
      [5n, 0n, 0n, 0n, 2],
    )
  })

  it('counts past the peer’s count after SESSION_RETRY', () => {
    assert.equal(retried(established(fresh), 7n).connectSeq, 8n)
  })
})
