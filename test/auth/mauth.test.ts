import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { known } from '../../src/base/assert.ts'
import { Reader } from '../../src/codec/reader.ts'
import { type EntityName, ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { utimeOfMs } from '../../src/codec/type/utime.ts'
import { encoded } from '../../src/codec/writer.ts'
import { buildAuthorizer } from '../../src/auth/authorizer.ts'
import {
  CEPHX_GET_AUTH_SESSION_KEY,
  CEPHX_GET_PRINCIPAL_SESSION_KEY,
  CEPHX_GET_ROTATING_KEY,
  decodeResponseHeader,
  encodeAuthenticate,
  encodeServiceTicketRequest,
  NO_TICKET,
} from '../../src/auth/cephx-protocol.ts'
import { AUTH_METHOD, type AuthIdentity } from '../../src/auth/contract.ts'
import { calcClientServerChallenge, readSealedBlob } from '../../src/auth/crypto.ts'
import { handleMAuth, type MAuthOutcome } from '../../src/auth/mauth.ts'
import { ALLOW_ALL } from '../../src/auth/mon-cap.ts'
import { RESULT } from '../../src/auth/result.ts'
import { decodeRotatingSecrets } from '../../src/auth/rotating-secrets.ts'
import { readTicketReply, type ServiceTicket } from '../../src/auth/service-ticket.ts'
import {
  authenticate,
  CLIENT_ADMIN,
  credentialsOf,
  entropyFor,
  ENTRIES,
  NOW,
  OSD_0,
  SERVER,
} from './cluster.ts'
import { doneReply } from './handshake.ts'

const context = {
  keys: SERVER.keys,
  options: SERVER.options,
  now: utimeOfMs(NOW),
  entropy: entropyFor('mauth'),
}

const identityOf = (entityName: EntityName): AuthIdentity => ({
  entityName,
  globalId: 4099n,
  globalIdStatus: 'NEW_OK',
  caps: ALLOW_ALL,
})

const ask = (entity: EntityName, payload: Buffer): MAuthOutcome =>
  handleMAuth(identityOf(entity), AUTH_METHOD.cephx, payload, context)

const ticketRequest = (auth: ServiceTicket, globalId: bigint, keys: number): Buffer =>
  encoded((w) => {
    w.u16(CEPHX_GET_PRINCIPAL_SESSION_KEY)
    w.raw(buildAuthorizer(auth, globalId, 99n, undefined))
    encodeServiceTicketRequest(w, keys)
  })

const rotatingRequest = Buffer.from([0x00, 0x04])

const adminSession = (): { auth: ServiceTicket; globalId: bigint } => {
  const { secrets } = authenticate(SERVER, credentialsOf(ENTRIES.ADMIN))
  return { auth: known(secrets.tickets.get(ENTITY_TYPE.auth), 'auth ticket'), globalId: secrets.globalId }
}

describe('MAuth', () => {
  it("brings tickets under the auth ticket's session key", () => {
    const { auth, globalId } = adminSession()
    const outcome = ask(CLIENT_ADMIN, ticketRequest(auth, globalId, 0x35))
    const r = new Reader(outcome.payload)
    assert.deepEqual(decodeResponseHeader(r), { requestType: CEPHX_GET_PRINCIPAL_SESSION_KEY, status: 0 })
    const tickets = readTicketReply(r, auth.sessionKey, new Map())
    assert(E.isRight(tickets))
    assert.deepEqual(
      tickets.right.map((t) => t.serviceId),
      [ENTITY_TYPE.mon, ENTITY_TYPE.osd, ENTITY_TYPE.mgr],
    )
    assert.equal(r.remaining, 0)
    assert.equal(outcome.result, 0)
  })

  it('answers EACCES, with an empty list, when no service asked for has keys', () => {
    const { auth, globalId } = adminSession()
    const outcome = ask(CLIENT_ADMIN, ticketRequest(auth, globalId, 0x08))
    assert.equal(outcome.result, RESULT.EACCES)
    const r = new Reader(outcome.payload)
    assert.equal(decodeResponseHeader(r).status, RESULT.EACCES)
    assert.equal(r.remaining, 5)
  })

  it("answers EACCES to an authorizer with another's global id", () => {
    const { auth, globalId } = adminSession()
    assert.equal(ask(CLIENT_ADMIN, ticketRequest(auth, globalId + 3n, 0x35)).result, RESULT.EACCES)
  })

  it('brings a daemon the rotating keys of its type, under its own key', () => {
    const outcome = ask(OSD_0, rotatingRequest)
    const r = new Reader(outcome.payload)
    assert.deepEqual(decodeResponseHeader(r), { requestType: CEPHX_GET_ROTATING_KEY, status: 0 })
    const secrets = readSealedBlob(r, ENTRIES.OSD.auth.key, decodeRotatingSecrets)
    assert.deepEqual(secrets, E.right(SERVER.keys.data.rotating.get(ENTITY_TYPE.osd)))
    assert.equal(r.remaining, 0)
  })

  it('has no rotating keys for clients', () => {
    assert.equal(ask(CLIENT_ADMIN, rotatingRequest).result, RESULT.EACCES)
  })

  describe('renews the auth ticket', () => {
    const { secrets, step } = authenticate(SERVER, credentialsOf(ENTRIES.ADMIN))
    const { identity } = doneReply(step.reply)
    const old = known(secrets.tickets.get(ENTITY_TYPE.auth), 'auth ticket')
    const challenge = known(identity.serverChallenge, 'the challenge of the handshake')
    const renewal = (shown: ServiceTicket['ticket'], otherKeys: number): Buffer =>
      encoded((w) => {
        w.u16(CEPHX_GET_AUTH_SESSION_KEY)
        encodeAuthenticate(w, {
          structV: 3,
          clientChallenge: 6n,
          key: calcClientServerChallenge(ENTRIES.ADMIN.auth.key, challenge, 6n),
          oldTicket: shown,
          otherKeys,
        })
      })
    const renew = (from: AuthIdentity, payload: Buffer): MAuthOutcome =>
      handleMAuth(from, AUTH_METHOD.cephx, payload, context)

    it('under the old session key, with other tickets and without a connection secret', () => {
      const outcome = renew(identity, renewal(old.ticket, 0x35))
      assert.equal(outcome.result, 0)
      const r = new Reader(outcome.payload)
      assert.deepEqual(decodeResponseHeader(r), { requestType: CEPHX_GET_AUTH_SESSION_KEY, status: 0 })
      const oldKeys = new Map([[ENTITY_TYPE.auth, old.sessionKey]])
      const auth = readTicketReply(r, ENTRIES.ADMIN.auth.key, oldKeys)
      assert(E.isRight(auth))
      assert.equal(r.blob().length, 0)
      const sessionKey = known(auth.right[0], 'an auth ticket').sessionKey
      const others = readTicketReply(new Reader(r.blob()), sessionKey, new Map())
      assert(E.isRight(others))
      assert.equal(others.right.length, 3)
      assert.equal(r.remaining, 0)
    })

    it('only for who shows it, on the connection that has the challenge', () => {
      assert.equal(renew(identity, renewal(NO_TICKET, 0x35)).result, RESULT.EACCES)
      assert.equal(renew({ ...identity, globalId: 4102n }, renewal(old.ticket, 0x35)).result, RESULT.EACCES)
      assert.equal(
        renew({ ...identity, serverChallenge: 1n }, renewal(old.ticket, 0x35)).result,
        RESULT.EACCES,
      )
      assert.equal(renew(identityOf(CLIENT_ADMIN), renewal(old.ticket, 0x35)).result, RESULT.EACCES)
    })
  })

  it('answers EPERM to half a request and EINVAL to an unknown one', () => {
    assert.equal(ask(OSD_0, Buffer.from([4])).result, RESULT.EPERM)
    assert.equal(ask(OSD_0, Buffer.from([0, 9])).result, RESULT.EINVAL)
  })

  it('has nothing to say under method none', () => {
    assert.deepEqual(handleMAuth(identityOf(OSD_0), AUTH_METHOD.none, rotatingRequest, context), {
      result: 0,
      payload: Buffer.alloc(0),
    })
  })

  it('does not throw whatever it is sent', () => {
    const { auth, globalId } = adminSession()
    const request = ticketRequest(auth, globalId, 0x35)
    fc.assert(
      fc.property(fc.nat(request.length * 8 - 1), fc.nat(request.length), (bit, cut) => {
        const damaged = Buffer.from(request)
        damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        ask(CLIENT_ADMIN, damaged)
        ask(CLIENT_ADMIN, request.subarray(0, cut))
      }),
      { numRuns: 1000 },
    )
  })
})
