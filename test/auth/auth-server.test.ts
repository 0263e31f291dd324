import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import { known } from '../../src/base/assert.ts'
import { ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { utimeOfMs } from '../../src/codec/type/utime.ts'
import { encoded } from '../../src/codec/writer.ts'
import { type AuthServer, continueAuth, startAuth } from '../../src/auth/auth-server.ts'
import {
  authorizerClient,
  authorizerNoneClient,
  entityClient,
  entityNoneClient,
  monAuthorizerClient,
} from '../../src/auth/cephx-client.ts'
import { CEPHX_GET_AUTH_SESSION_KEY, encodeAuthenticate, NO_TICKET } from '../../src/auth/cephx-protocol.ts'
import { AUTH_METHOD, CON_MODE } from '../../src/auth/contract.ts'
import { calcClientServerChallenge } from '../../src/auth/crypto.ts'
import { generateKey } from '../../src/auth/crypto-key.ts'
import { MON_ENTITY, rotateServices } from '../../src/auth/key-server.ts'
import { RESULT } from '../../src/auth/result.ts'
import {
  authenticate,
  CLIENT_ADMIN,
  converse,
  credentialsOf,
  entropyFor,
  ENTRIES,
  NOW,
  SERVER,
} from './cluster.ts'
import { doneReply, moreReply, refusal } from './handshake.ts'

const BOTH = [CON_MODE.secure, CON_MODE.crc]
const HOUR_MS = 3600_000

const withOptions = (options: Partial<AuthServer['options']>): AuthServer => ({
  ...SERVER,
  options: { ...SERVER.options, ...options },
})

const event = { now: NOW, entropy: entropyFor('event') }

describe('a client that authenticates', () => {
  it('shares session key and connection secret with the server', () => {
    const { secrets, step } = authenticate(SERVER, credentialsOf(ENTRIES.ADMIN))
    const done = doneReply(step.reply)
    assert.equal(done.mode, CON_MODE.secure)
    assert.deepEqual(secrets.sessionKey, done.sessionKey)
    assert.deepEqual(secrets.connectionSecret, done.connectionSecret)
    assert.equal(secrets.connectionSecret.length, 64)
    assert.deepEqual(done.identity.entityName, CLIENT_ADMIN)
    assert.equal(done.identity.globalIdStatus, 'NEW_OK')
    assert.equal(done.identity.caps.text, 'allow *')
  })

  it('gets a global id whose remainder is the rank, and the next one is another', () => {
    const { step } = authenticate(SERVER, credentialsOf(ENTRIES.ADMIN))
    assert.equal(doneReply(step.reply).globalId, 4099n)
    const start = startAuth(
      SERVER,
      {
        peerType: ENTITY_TYPE.client,
        ...entityClient(credentialsOf(ENTRIES.ADMIN), BOTH, entropyFor('c')).request,
      },
      event,
    )
    assert.equal(start.globalIds.lastAllocated, 4099n)
    const second = authenticate({ ...SERVER, globalIds: start.globalIds }, credentialsOf(ENTRIES.ADMIN))
    assert.equal(doneReply(second.step.reply).globalId, 4102n)
  })

  it('gets tickets for the services it asks for', () => {
    const { secrets } = authenticate(SERVER, credentialsOf(ENTRIES.ADMIN))
    assert.deepEqual(
      [...secrets.tickets.keys()].sort((a, b) => a - b),
      [ENTITY_TYPE.mon, ENTITY_TYPE.mds, ENTITY_TYPE.osd, ENTITY_TYPE.mgr, ENTITY_TYPE.auth],
    )
    assert.equal(known(secrets.tickets.get(ENTITY_TYPE.osd), 'osd ticket').validity.sec, 3600)
    assert.equal(known(secrets.tickets.get(ENTITY_TYPE.auth), 'auth ticket').validity.sec, 259200)
  })

  it('gets none for a service without keys, such as clients', () => {
    const { secrets } = authenticate(SERVER, credentialsOf(ENTRIES.ADMIN, { wantedServices: 0x28 }))
    assert.deepEqual([...secrets.tickets.keys()], [ENTITY_TYPE.auth])
  })

  it('has no connection secret in crc mode', () => {
    const { secrets, step } = authenticate(SERVER, credentialsOf(ENTRIES.ADMIN), [CON_MODE.crc])
    assert.equal(doneReply(step.reply).mode, CON_MODE.crc)
    assert.equal(secrets.connectionSecret.length, 0)
  })

  it('reclaims its global id with the old ticket', () => {
    const first = authenticate(SERVER, credentialsOf(ENTRIES.MGR))
    const again = authenticate(
      SERVER,
      credentialsOf(ENTRIES.MGR, {
        globalId: first.secrets.globalId,
        oldTicket: first.secrets.tickets.get(ENTITY_TYPE.auth),
      }),
    )
    const done = doneReply(again.step.reply)
    assert.equal(done.globalId, first.secrets.globalId)
    assert.equal(done.identity.globalIdStatus, 'RECLAIM_OK')
  })
})

describe('a client is refused', () => {
  const refusedWith = (
    server: AuthServer,
    credentials: ReturnType<typeof credentialsOf>,
    now = NOW,
  ): number => {
    const client = entityClient(credentials, BOTH, entropyFor('client'))
    return refusal(converse(server, client, credentials.entityName.type, now).step.reply)
  }

  it('with EACCES when its key is another', () => {
    const key = generateKey(entropyFor('other'), 'key', utimeOfMs(NOW))
    assert.equal(refusedWith(SERVER, credentialsOf(ENTRIES.ADMIN, { key })), RESULT.EACCES)
  })

  it('with EACCES when it is unknown', () => {
    const entityName = { type: ENTITY_TYPE.client, id: 'nobody' }
    assert.equal(refusedWith(SERVER, credentialsOf(ENTRIES.ADMIN, { entityName })), RESULT.EACCES)
  })

  it('with EACCES when it has no monitor capability, or one that does not parse', () => {
    assert.equal(refusedWith(SERVER, credentialsOf(ENTRIES.NO_MON_CAP)), RESULT.EACCES)
    assert.equal(refusedWith(SERVER, credentialsOf(ENTRIES.BAD_MON_CAP)), RESULT.EACCES)
  })

  it('with EACCES when it claims a global id without a ticket, or another one than the ticket says', () => {
    const { secrets } = authenticate(SERVER, credentialsOf(ENTRIES.MGR))
    const oldTicket = secrets.tickets.get(ENTITY_TYPE.auth)
    assert.equal(refusedWith(SERVER, credentialsOf(ENTRIES.MGR, { globalId: 4099n })), RESULT.EACCES)
    assert.equal(
      refusedWith(SERVER, credentialsOf(ENTRIES.MGR, { globalId: 4102n, oldTicket })),
      RESULT.EACCES,
    )
  })

  it('with EACCES when its ticket is so old that the key has rotated away', () => {
    const { secrets } = authenticate(SERVER, credentialsOf(ENTRIES.MGR))
    const late = NOW + 6 * 72 * HOUR_MS
    const { data } = SERVER.keys
    const rotating = known(
      rotateServices(data.rotating, SERVER.options, utimeOfMs(late), entropyFor('late')),
      'rotated keys',
    )
    const rotated = { ...SERVER, keys: { ...SERVER.keys, data: { ...data, rotating } } }
    const reclaim = credentialsOf(ENTRIES.MGR, {
      globalId: secrets.globalId,
      oldTicket: secrets.tickets.get(ENTITY_TYPE.auth),
    })
    assert.equal(refusedWith(rotated, reclaim, late), RESULT.EACCES)
  })

  it('with EINVAL when it shows a ticket with a new id', () => {
    const { secrets } = authenticate(SERVER, credentialsOf(ENTRIES.MGR))
    const oldTicket = secrets.tickets.get(ENTITY_TYPE.auth)
    assert.equal(refusedWith(SERVER, credentialsOf(ENTRIES.MGR, { oldTicket })), RESULT.EINVAL)
  })

  it('with EACCES when it repeats an answer to an earlier challenge', () => {
    const client = entityClient(credentialsOf(ENTRIES.ADMIN), BOTH, entropyFor('client'))
    const request = { peerType: ENTITY_TYPE.client, ...client.request }
    const first = startAuth(SERVER, request, event)
    const answer = client.more(moreReply(first.reply).payload)
    assert(E.isRight(answer))
    const second = startAuth(SERVER, request, { now: NOW, entropy: entropyFor('another event') })
    const attempt = known(second.attempt, 'the second attempt')
    assert.equal(refusal(continueAuth(SERVER, attempt, answer.right.payload, event).reply), RESULT.EACCES)
  })

  it('with EIO when the auth service has no keys', () => {
    const { data } = SERVER.keys
    const keyless = { ...SERVER, keys: { ...SERVER.keys, data: { ...data, rotating: new Map() } } }
    assert.equal(refusedWith(keyless, credentialsOf(ENTRIES.ADMIN)), RESULT.EIO)
  })

  it('with EOPNOTSUPP for a method that is not allowed, and hears which are', () => {
    const client = entityNoneClient(CLIENT_ADMIN, 0n, BOTH)
    const { reply } = startAuth(SERVER, { peerType: ENTITY_TYPE.client, ...client.request }, event)
    assert.deepEqual(reply, {
      _tag: 'AuthBadMethod',
      method: AUTH_METHOD.none,
      result: RESULT.EOPNOTSUPP,
      allowedMethods: [AUTH_METHOD.cephx],
      allowedModes: BOTH,
    })
  })

  it('with EOPNOTSUPP when we share no mode', () => {
    const crcOnly = withOptions({ monServiceModes: [CON_MODE.crc] })
    const client = entityClient(credentialsOf(ENTRIES.ADMIN), [CON_MODE.secure], entropyFor('client'))
    const { reply } = startAuth(crcOnly, { peerType: ENTITY_TYPE.client, ...client.request }, event)
    assert.equal(refusal(reply), RESULT.EOPNOTSUPP)
  })

  it('without a frame before the first quorum, and when no id is left', () => {
    const client = entityClient(credentialsOf(ENTRIES.ADMIN), BOTH, entropyFor('client'))
    const request = { peerType: ENTITY_TYPE.client, ...client.request }
    const { data } = SERVER.keys
    const young = { ...SERVER, keys: { ...SERVER.keys, data: { ...data, version: 0n } } }
    const spent = { ...SERVER, globalIds: { lastAllocated: 14095n, max: 14096n } }
    assert.equal(startAuth(young, request, event).reply._tag, 'AuthDrop')
    assert.equal(startAuth(spent, request, event).reply._tag, 'AuthDrop')
  })
})

describe('a client of before global ids were secured', () => {
  const legacyAnswer = (server: AuthServer, globalId: bigint): ReturnType<typeof continueAuth> => {
    const claim = {
      entityName: CLIENT_ADMIN,
      globalId,
      isNewGlobalId: globalId === 4099n,
      serverChallenge: 5n,
    }
    const payload = encoded((w) => {
      w.u16(CEPHX_GET_AUTH_SESSION_KEY)
      encodeAuthenticate(w, {
        structV: 2,
        clientChallenge: 6n,
        key: calcClientServerChallenge(ENTRIES.ADMIN.auth.key, 5n, 6n),
        oldTicket: NO_TICKET,
        otherKeys: 0x20,
      })
    })
    const attempt = { _tag: 'Client', peerType: ENTITY_TYPE.client, mode: CON_MODE.crc, claim } as const
    return continueAuth(server, attempt, payload, event)
  }

  it('may keep its id without a ticket while that is allowed', () => {
    const done = doneReply(legacyAnswer(SERVER, 77n).reply)
    assert.equal(done.identity.globalIdStatus, 'RECLAIM_INSECURE')
    assert.equal(
      refusal(legacyAnswer(withOptions({ allowInsecureGlobalIdReclaim: false }), 77n).reply),
      RESULT.EACCES,
    )
  })

  it('is told apart when its id is new', () => {
    assert.equal(doneReply(legacyAnswer(SERVER, 4099n).reply).identity.globalIdStatus, 'NEW_NOT_EXPOSED')
  })
})

describe('a fellow monitor', () => {
  const monKey = ENTRIES.MON.auth.key
  const monClient = (key = monKey): ReturnType<typeof monAuthorizerClient> =>
    monAuthorizerClient(key, BOTH, 3600, { now: NOW, entropy: entropyFor('mon') })

  for (const mode of BOTH)
    it(`agrees with us on both secrets in mode ${mode}, also before the first quorum`, () => {
      const { data } = SERVER.keys
      const young = { ...SERVER, keys: { ...SERVER.keys, data: { ...data, version: 0n } } }
      const client = monAuthorizerClient(monKey, [mode], 3600, { now: NOW, entropy: entropyFor('mon') })
      const { step, client: last } = converse(young, client, ENTITY_TYPE.mon)
      const done = doneReply(step.reply)
      const secrets = last.done(done)
      assert(E.isRight(secrets))
      assert.deepEqual(secrets.right.sessionKey, done.sessionKey)
      assert.deepEqual(secrets.right.connectionSecret, done.connectionSecret)
      assert.equal(done.connectionSecret.length, mode === CON_MODE.secure ? 64 : 0)
      assert.deepEqual(done.identity.entityName, MON_ENTITY)
      assert.equal(done.identity.globalIdStatus, 'NONE')
    })

  it('is refused with EACCES when its key is another', () => {
    const other = generateKey(entropyFor('other'), 'key', utimeOfMs(NOW))
    assert.equal(refusal(converse(SERVER, monClient(other), ENTITY_TYPE.mon).step.reply), RESULT.EACCES)
  })

  it('is refused with EACCES when it repeats an authorizer made for an earlier challenge', () => {
    const client = monClient()
    const request = { peerType: ENTITY_TYPE.mon, ...client.request }
    const first = startAuth(SERVER, request, event)
    const more = client.more(moreReply(first.reply).payload)
    assert(E.isRight(more))
    const second = startAuth(SERVER, request, { now: NOW, entropy: entropyFor('another event') })
    const attempt = known(second.attempt, 'the second attempt')
    assert.equal(refusal(continueAuth(SERVER, attempt, more.right.payload, event).reply), RESULT.EACCES)
    assert.equal(refusal(continueAuth(SERVER, attempt, request.payload, event).reply), RESULT.EACCES)
  })

  it("is refused with EACCES when it shows a client's mon ticket instead", () => {
    const { secrets } = authenticate(SERVER, credentialsOf(ENTRIES.ADMIN))
    const ticket = known(secrets.tickets.get(ENTITY_TYPE.mon), 'mon ticket')
    const client = authorizerClient(ticket, secrets.globalId, BOTH, entropyFor('mon'))
    assert.equal(refusal(converse(SERVER, client, ENTITY_TYPE.mon).step.reply), RESULT.EACCES)
  })

  it('cannot be a client in disguise', () => {
    assert.equal(refusal(converse(SERVER, monClient(), ENTITY_TYPE.client).step.reply), RESULT.EACCES)
  })
})

describe('method none', () => {
  const open = withOptions({ clusterMethods: [AUTH_METHOD.none], serviceMethods: [AUTH_METHOD.none] })

  it('lets a client in at once, with all capabilities, in crc mode', () => {
    const client = entityNoneClient(CLIENT_ADMIN, 0n, BOTH)
    const { step } = converse(open, client, ENTITY_TYPE.client)
    const done = doneReply(step.reply)
    assert.deepEqual(client.request.modes, [CON_MODE.crc])
    assert.deepEqual([done.mode, done.globalId, done.payload.length], [CON_MODE.crc, 4099n, 0])
    assert.equal(done.sessionKey, undefined)
    assert.equal(done.identity.caps.text, 'allow *')
    assert.equal(step.globalIds.lastAllocated, 4099n)
    assert(E.isRight(client.done(done)))
  })

  it('lets a monitor in', () => {
    const client = authorizerNoneClient(MON_ENTITY, 0n, BOTH)
    assert.equal(doneReply(converse(open, client, ENTITY_TYPE.mon).step.reply).globalId, 0n)
  })

  it('refuses cephx with EOPNOTSUPP', () => {
    const client = entityClient(credentialsOf(ENTRIES.ADMIN), BOTH, entropyFor('client'))
    assert.equal(refusal(converse(open, client, ENTITY_TYPE.client).step.reply), RESULT.EOPNOTSUPP)
  })
})
