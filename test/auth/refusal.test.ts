/** What the operator hears of somebody who is not let in; what the peer hears is in auth-server.test.ts. */
import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import { known } from '../../src/base/assert.ts'
import { ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { utimeOfMs } from '../../src/codec/type/utime.ts'
import { encoded } from '../../src/codec/writer.ts'
import { type AuthServer, type AuthStep, continueAuth, startAuth } from '../../src/auth/auth-server.ts'
import {
  authorizerClient,
  type EntityCredentials,
  entityClient,
  entityNoneClient,
  monAuthorizerClient,
} from '../../src/auth/cephx-client.ts'
import { type AuthClient, CON_MODE } from '../../src/auth/contract.ts'
import { buildAuthorizer } from '../../src/auth/authorizer.ts'
import { CEPHX_GET_PRINCIPAL_SESSION_KEY, encodeServiceTicketRequest } from '../../src/auth/cephx-protocol.ts'
import { generateKey } from '../../src/auth/crypto-key.ts'
import { handleMAuth } from '../../src/auth/mauth.ts'
import { MON_ENTITY, rotateServices } from '../../src/auth/key-server.ts'
import {
  authenticate,
  CLIENT_ADMIN,
  converse,
  credentialsOf,
  entropyFor,
  ENTRIES,
  MGR_X,
  NOW,
  OSD_0,
  SERVER,
} from './cluster.ts'
import { doneReply, moreReply } from './handshake.ts'

const BOTH = [CON_MODE.secure, CON_MODE.crc]
const EVENT = { now: NOW, entropy: entropyFor('event') }
const OTHER_KEY = generateKey(entropyFor('other'), 'key', utimeOfMs(NOW))
/** Long enough for every key of `SERVER` to rotate away. */
const LATE = NOW + 6 * 72 * 3600_000

const rotated = ((): AuthServer => {
  const { data } = SERVER.keys
  const rotating = rotateServices(data.rotating, SERVER.options, utimeOfMs(LATE), entropyFor('late'))
  return { ...SERVER, keys: { ...SERVER.keys, data: { ...data, rotating: known(rotating, 'new keys') } } }
})()

const refusedBy = (server: AuthServer, client: AuthClient, peerType: number): AuthStep['refused'] =>
  converse(server, client, peerType).step.refused

const told = (credentials: EntityCredentials, server = SERVER): readonly (string | undefined)[] => {
  const client = entityClient(credentials, BOTH, entropyFor('client'))
  const refused = refusedBy(server, client, credentials.entityName.type)
  assert.deepEqual(refused?.entityName, credentials.entityName)
  return [refused.kind, refused.why]
}

const reclaim = (changes: Partial<EntityCredentials> = {}): EntityCredentials => {
  const { secrets } = authenticate(SERVER, credentialsOf(ENTRIES.MGR))
  const oldTicket = secrets.tickets.get(ENTITY_TYPE.auth)
  return credentialsOf(ENTRIES.MGR, { globalId: secrets.globalId, oldTicket, ...changes })
}

describe('a client that is refused is told of to the operator', () => {
  it('by its name, and that nobody knows it', () => {
    const entityName = { type: ENTITY_TYPE.client, id: 'nobody' }
    assert.deepEqual(told(credentialsOf(ENTRIES.ADMIN, { entityName })), [
      'UnknownEntity',
      'there is no such entity',
    ])
  })

  it('when it has another key, and neither key nor proof is told', () => {
    const [kind, why] = told(credentialsOf(ENTRIES.ADMIN, { key: OTHER_KEY }))
    assert.deepEqual([kind, why], ['WrongKey', 'its proof is of another key, or of another challenge'])
  })

  it('when it claims an id without a ticket, and when by the ticket of another', () => {
    assert.deepEqual(told(reclaim({ globalId: 4099n, oldTicket: undefined })), [
      'BadTicket',
      'attempt to reclaim global_id 4099 without a ticket',
    ])
    assert.deepEqual(told(reclaim({ globalId: 4102n })), [
      'BadTicket',
      'attempt to reclaim global_id 4102 by the ticket of global_id 4099',
    ])
    assert.deepEqual(told(reclaim({ globalId: 0n })), [
      'BadTicket',
      'it shows a ticket, but claims no global_id',
    ])
  })

  it('when the key of its ticket has rotated away, and which keys there are', () => {
    assert.deepEqual(told(reclaim(), rotated), [
      'BadTicket',
      'attempt to reclaim global_id 4099 by a ticket under key 2 of service auth, which has rotated away; there are 3, 4, 5',
    ])
  })

  it('when its ticket is under a key that we have not seen yet, or does not open', () => {
    const { ticket, ...rest } = known(reclaim().oldTicket, 'a ticket')
    const shown = (changes: Partial<typeof ticket>): EntityCredentials =>
      reclaim({ oldTicket: { ...rest, ticket: { ...ticket, ...changes } } })
    assert.match(
      String(told(shown({ secretId: 9n }))[1]),
      /key 9 of service auth, which is unknown; there are 1, 2, 3$/,
    )
    assert.match(String(told(shown({ secretId: 1n }))[1]), /by a ticket that does not open: /)
    assert.match(String(told(shown({ blob: Buffer.alloc(15) }))[1]), /ciphertext of 15 bytes$/)
  })

  it('when it may not use monitors', () => {
    assert.deepEqual(told(credentialsOf(ENTRIES.NO_MON_CAP)), [
      'NoCapability',
      'it has no capability for monitors',
    ])
    assert.deepEqual(told(credentialsOf(ENTRIES.BAD_MON_CAP)), [
      'NoCapability',
      "its capability for monitors does not parse: 'alow r'",
    ])
  })

  it('when there is no key to make its ticket with', () => {
    const data = { ...SERVER.keys.data, rotating: new Map() }
    const keyless = { ...SERVER, keys: { ...SERVER.keys, data } }
    assert.equal(told(credentialsOf(ENTRIES.ADMIN), keyless)[0], 'NoServiceKeys')
  })

  it('when its method or its mode is not allowed', () => {
    const none = refusedBy(SERVER, entityNoneClient(CLIENT_ADMIN, 0n, BOTH), ENTITY_TYPE.client)
    assert.deepEqual([none?.kind, none?.why], ['MethodNotAllowed', 'method 1 is not allowed'])
    const secure = { ...SERVER, options: { ...SERVER.options, monServiceModes: [CON_MODE.secure] } }
    const crc = entityClient(credentialsOf(ENTRIES.ADMIN), [CON_MODE.crc], entropyFor('client'))
    const mode = refusedBy(secure, crc, ENTITY_TYPE.client)
    assert.deepEqual(
      [mode?.kind, mode?.why],
      ['ModeNotAllowed', 'it offers connection mode crc, allowed is secure'],
    )
    const many = { ...crc, request: { ...crc.request, modes: Array.from({ length: 5000 }, () => 77) } }
    assert.match(String(refusedBy(secure, many, ENTITY_TYPE.client)?.why), /mode 77,77,77,77, allowed/)
  })

  it('when what it says makes no sense', () => {
    const client = entityClient(credentialsOf(ENTRIES.ADMIN), BOTH, entropyFor('client'))
    const start = (payload: Buffer): AuthStep['refused'] =>
      startAuth(SERVER, { peerType: ENTITY_TYPE.client, ...client.request, payload }, EVENT).refused
    assert.equal(start(Buffer.from([99]))?.why, 'there is no kind 99 of authentication')
    assert.equal(start(client.request.payload.subarray(0, 9))?.why, 'its name and global_id are cut short')
    const first = startAuth(SERVER, { peerType: ENTITY_TYPE.client, ...client.request }, EVENT)
    const more = (payload: Buffer): AuthStep['refused'] =>
      continueAuth(SERVER, known(first.attempt, 'an attempt'), payload, EVENT).refused
    assert.equal(more(Buffer.from([0]))?.why, 'its proof is cut short')
    assert.equal(more(Buffer.from([0, 1, 0]))?.why, 'its proof is malformed')
    assert.equal(more(Buffer.from([0, 2]))?.why, 'it asks for 512 where its proof is due')
  })

  it('and not when it is let in, or still asked', () => {
    assert.equal(authenticate(SERVER, credentialsOf(ENTRIES.ADMIN)).step.refused, undefined)
    const client = entityClient(credentialsOf(ENTRIES.ADMIN), BOTH, entropyFor('client'))
    const first = startAuth(SERVER, { peerType: ENTITY_TYPE.client, ...client.request }, EVENT)
    assert.equal(first.refused, undefined)
  })
})

describe('a monitor that is refused is told of to the operator', () => {
  const monClient = (key = ENTRIES.MON.auth.key): AuthClient =>
    monAuthorizerClient(key, BOTH, 3600, { now: NOW, entropy: entropyFor('mon') })
  const why = (client: AuthClient, peerType: number = ENTITY_TYPE.mon): string | undefined =>
    refusedBy(SERVER, client, peerType)?.why

  it('when its key is not the one that monitors share', () => {
    assert.match(String(why(monClient(OTHER_KEY))), /^its authorizer is of no use: /)
    const { secrets } = authenticate(SERVER, credentialsOf(ENTRIES.ADMIN))
    const ticket = known(secrets.tickets.get(ENTITY_TYPE.mon), 'mon ticket')
    assert.equal(
      why(authorizerClient(ticket, secrets.globalId, BOTH, entropyFor('mon'))),
      'its authorizer is of no use: its ticket is under key 2 of service mon, not under the one that monitors share',
    )
  })

  it('when it is none', () => {
    assert.equal(why(monClient(), ENTITY_TYPE.client), 'it shows an authorizer, but is no monitor')
  })

  it('when it repeats an authorizer made for an earlier challenge', () => {
    const client = monClient()
    const request = { peerType: ENTITY_TYPE.mon, ...client.request }
    const more = client.more(moreReply(startAuth(SERVER, request, EVENT).reply).payload)
    assert(E.isRight(more))
    const second = startAuth(SERVER, request, { now: NOW, entropy: entropyFor('another event') })
    const attempt = known(second.attempt, 'the second attempt')
    const { refused } = continueAuth(SERVER, attempt, more.right.payload, EVENT)
    assert.deepEqual(refused?.entityName, MON_ENTITY)
    assert.equal(refused.why, 'its authorizer is of no use: it answers another challenge')
  })
})

describe('a session whose tickets are not renewed is told of to the operator', () => {
  const { secrets, step } = authenticate(SERVER, credentialsOf(ENTRIES.ADMIN))
  const { identity } = doneReply(step.reply)
  const why = (entityName: typeof CLIENT_ADMIN, payload: Buffer, server = SERVER): string | undefined => {
    const { keys, options } = server
    const context = { keys, options, now: utimeOfMs(NOW), entropy: entropyFor('mauth') }
    const outcome = handleMAuth({ ...identity, entityName }, 2, payload, context)
    assert.equal(outcome.result, outcome.refused?.result ?? 0)
    return outcome.refused?.why
  }
  const ticketRequest = (services: number): Buffer =>
    encoded((w) => {
      w.u16(CEPHX_GET_PRINCIPAL_SESSION_KEY)
      const auth = known(secrets.tickets.get(ENTITY_TYPE.auth), 'auth ticket')
      w.raw(buildAuthorizer(auth, secrets.globalId, 1n, undefined))
      encodeServiceTicketRequest(w, services)
    })
  const rotatingKeys = Buffer.from([0, 4])

  it('when the key of its auth ticket has rotated away', () => {
    assert.equal(why(CLIENT_ADMIN, ticketRequest(4)), undefined)
    assert.equal(
      why(CLIENT_ADMIN, ticketRequest(4), rotated),
      'no tickets for its authorizer: its ticket is under key 2 of service auth, which has rotated away; there are 3, 4, 5',
    )
  })

  it('when nothing that it asks for can be given', () => {
    assert.match(String(why(CLIENT_ADMIN, ticketRequest(8))), /services 0x8/)
    assert.equal(why(CLIENT_ADMIN, rotatingKeys), 'its type of entity has no rotating keys')
    assert.equal(why(OSD_0, rotatingKeys), undefined)
    const data = { ...SERVER.keys.data, secrets: new Map() }
    const empty = { ...SERVER, keys: { ...SERVER.keys, data } }
    assert.match(String(why(MGR_X, rotatingKeys, empty)), /there is no such entity any more$/)
  })

  it('when it makes no sense', () => {
    assert.equal(why(CLIENT_ADMIN, Buffer.from([4])), 'its request is cut short')
    assert.equal(why(CLIENT_ADMIN, Buffer.from([0, 9])), 'there is no request 2304')
    assert.equal(why(CLIENT_ADMIN, Buffer.from([0, 1])), 'its proof is malformed')
    assert.equal(why(CLIENT_ADMIN, ticketRequest(4).subarray(0, -1)), 'its request for tickets is cut short')
  })
})
