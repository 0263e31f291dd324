import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { known } from '../../src/base/assert.ts'
import { decodeFrom, Reader } from '../../src/codec/reader.ts'
import { ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { encoded } from '../../src/codec/writer.ts'
import { buildAuthorizer, openAuthorizer, writeAuthorizeReply } from '../../src/auth/authorizer.ts'
import { authorizerClient, entityClient } from '../../src/auth/cephx-client.ts'
import {
  AUTHENTICATE_VERSION,
  decodeAuthenticate,
  decodeServerChallenge,
  decodeTicketBlob,
  encodeServerChallenge,
  encodeServiceTicketInfo,
  SECRET_ID_SHARED,
} from '../../src/auth/cephx-protocol.ts'
import { AUTH_METHOD, type AuthClient, CON_MODE } from '../../src/auth/contract.ts'
import { calcClientServerChallenge, seal, unseal } from '../../src/auth/crypto.ts'
import { openTicketBlob } from '../../src/auth/service-ticket.ts'
import { transcriptSignature } from '../../src/net/msgr2/secure.ts'
import { readWireStream, wireStreamNames } from '../net/wire-stream.ts'
import {
  CAPTURED_CLIENTS,
  CAPTURED_MONS,
  capturedHandshake,
  type Handshake,
  handshakeOf,
} from './handshake.ts'

const ANY_ENTROPY = Buffer.alloc(32, 7)

const right = <L, A>(either: E.Either<L, A>): A => {
  assert(E.isRight(either), E.isLeft(either) ? JSON.stringify(either.left) : '')
  return either.right
}

// The client's proof, recomputed from the keyring's key alone.
const checkProof = (h: Handshake): void => {
  const key = known(h.key, 'the entity key')
  const challenge = right(decodeFrom(decodeServerChallenge, h.replyMore))
  const sent = right(decodeFrom(decodeAuthenticate, h.requestMore.subarray(2)))
  assert.equal(sent.structV, AUTHENTICATE_VERSION)
  assert.equal(sent.key, calcClientServerChallenge(key, challenge, sent.clientChallenge))
}

// AUTH_DONE, read by our client with the keyring's key alone.
const checkClientDone = (h: Handshake): void => {
  const old = h.oldSessionKey
  const client = entityClient(
    {
      entityName: { type: ENTITY_TYPE.client, id: 'admin' },
      key: known(h.key, 'the entity key'),
      globalId: h.done.globalId,
      oldTicket:
        old === undefined
          ? undefined
          : {
              serviceId: ENTITY_TYPE.auth,
              sessionKey: old,
              ticket: { secretId: 0n, blob: Buffer.alloc(0) },
              validity: { sec: 0, nsec: 0 },
            },
      wantedServices: 0x35,
    },
    [h.done.mode],
    ANY_ENTROPY,
  )
  const secrets = right(right(client.more(h.replyMore)).next.done(h.done))
  assert.deepEqual(secrets.sessionKey, h.sessionKey)
  assert.deepEqual(secrets.connectionSecret, h.connectionSecret)
  assert(secrets.tickets.has(ENTITY_TYPE.auth))
}

// A monitor's authorizer: opened with the shared key, and every frame written again byte for byte.
const checkAuthorizer = (h: Handshake): void => {
  const key = known(h.key, 'the shared key')
  const secretOf = (_service: number, id: bigint): E.Either<string, typeof key> =>
    id === SECRET_ID_SHARED ? E.right(key) : E.left('another key')
  const first = right(openAuthorizer(new Reader(h.request), secretOf))
  const second = right(openAuthorizer(new Reader(h.requestMore), secretOf))
  const challenge = right(unseal(first.info.sessionKey, h.replyMore, decodeServerChallenge))
  assert.deepEqual(first.info.sessionKey.secret, h.sessionKey)
  assert.equal(first.authorize.haveChallenge, false)
  assert.equal(second.authorize.serverChallengePlusOne, challenge + 1n)

  const blob = right(decodeFrom((r) => (r.raw(13), decodeTicketBlob(r)), h.request))
  assert.deepEqual(right(openTicketBlob(key, blob)), first.info)
  assert.deepEqual(
    seal(key, (w) => encodeServiceTicketInfo(w, first.info)),
    blob.blob,
  )
  const ticket = { serviceId: ENTITY_TYPE.mon, sessionKey: first.info.sessionKey, ticket: blob }
  const { nonce } = first.authorize
  assert.deepEqual(buildAuthorizer(ticket, 0n, nonce, undefined), h.request)
  assert.deepEqual(buildAuthorizer(ticket, 0n, nonce, challenge), h.requestMore)
  assert.deepEqual(
    seal(ticket.sessionKey, (w) => encodeServerChallenge(w, challenge)),
    h.replyMore,
  )
  assert.deepEqual(
    encoded((w) => writeAuthorizeReply(w, second, h.connectionSecret)),
    h.done.payload,
  )
}

describe('recorded handshakes', () => {
  for (const name of CAPTURED_CLIENTS)
    it(`${name}: session key and connection secret follow from the keyring's key`, () => {
      checkProof(capturedHandshake(name))
      checkClientDone(capturedHandshake(name))
    })

  for (const name of CAPTURED_MONS)
    it(`${name}: authorizer, challenge and reply are read and written to the same bytes`, () => {
      checkAuthorizer(capturedHandshake(name))
    })

  it('a reclaimed ticket cannot be read without the old session key', () => {
    const { oldSessionKey: _, ...rest } = capturedHandshake('mgr-reclaim-crc')
    assert.throws(() => checkClientDone({ ...rest, oldSessionKey: undefined }), /AuthMalformed/)
  })

  it('an authorizer reply with another nonce is refused', () => {
    const h = capturedHandshake('mon-mon-crc')
    const key = known(h.key, 'the shared key')
    const opened = right(openAuthorizer(new Reader(h.request), () => E.right(key)))
    const ticket = {
      serviceId: ENTITY_TYPE.mon,
      sessionKey: opened.info.sessionKey,
      ticket: { secretId: 0n, blob: Buffer.alloc(0) },
    }
    const client: AuthClient = authorizerClient(ticket, 0n, [CON_MODE.crc], ANY_ENTROPY)
    const { next } = right(client.more(h.replyMore))
    assert(E.isLeft(next.done(h.done)))
  })

  describe('of every recorded stream', () => {
    const names = wireStreamNames()

    before(function () {
      if (names.length === 0) {
        console.log('      skipped: CEPH_OBJECT_CORPUS names no folder with recorded streams')
        this.skip()
      }
    })

    it('give session key and connection secret, and both signatures verify with them', () => {
      const counted = { client: 0, mon: 0, none: 0 }
      for (const name of names) {
        const stream = readWireStream(name)
        const info = infoOf(name)
        const h = handshakeOf(stream, info.connecting_side, info.old_auth_ticket_session_key_hex)
        if (h.method === AUTH_METHOD.none) counted.none++
        else if (info.connecting_side === 'mon.') {
          checkAuthorizer(h)
          counted.mon++
        } else {
          checkProof(h)
          checkClientDone(h)
          counted.client++
        }
        if (h.sessionKey === undefined) continue
        const signature = stream.c2s.frames.find(({ frame }) => frame._tag === 'AUTH_SIGNATURE')?.frame
        assert(signature?._tag === 'AUTH_SIGNATURE')
        assert.deepEqual(signature.signature, transcriptSignature(h.sessionKey, [stream.s2c.transcript]))
      }
      console.log(
        `      ${counted.client} of clients and daemons, ${counted.mon} of monitors, ${counted.none} without keys`,
      )
      assert(counted.client >= 15 && counted.mon >= 9 && counted.none >= 2)
    })
  })
})

interface Info {
  readonly connecting_side: string
  readonly old_auth_ticket_session_key_hex?: string
}

const infoOf = (name: string): Info =>
  JSON.parse(
    readFileSync(
      join(known(process.env['CEPH_OBJECT_CORPUS'], 'the corpus'), 'wire', name, 'info.json'),
      'utf8',
    ),
  ) as Info
