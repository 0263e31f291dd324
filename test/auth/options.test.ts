import assert from 'node:assert/strict'
import { ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { AUTH_METHOD, CON_MODE } from '../../src/auth/contract.ts'
import {
  advertisedFor,
  type AuthOptions,
  DEFAULT_AUTH_OPTIONS,
  methodsForType,
  parseAuthMethods,
  parseConModes,
  pickConMode,
} from '../../src/auth/options.ts'

const { crc, secure } = CON_MODE
const OPTIONS: AuthOptions = {
  ...DEFAULT_AUTH_OPTIONS,
  clusterMethods: [AUTH_METHOD.cephx],
  serviceMethods: [AUTH_METHOD.none],
  monClusterModes: [secure, crc],
  monServiceModes: [crc],
}

describe('authentication options', () => {
  it('are lists in any of the punctuations that Ceph reads', () => {
    assert.deepEqual(parseAuthMethods('cephx, none'), [2, 1])
    assert.deepEqual(parseAuthMethods('none;cephx'), [1, 2])
    assert.deepEqual(parseConModes('secure crc'), [2, 1])
    assert.deepEqual(parseConModes('crc=secure'), [1, 2])
  })

  it('leave out what nobody speaks', () => {
    assert.deepEqual(parseAuthMethods('gss, cephx, foo'), [2])
    assert.deepEqual(parseConModes(''), [])
  })

  it('give daemons the methods of the cluster, everybody else those of services', () => {
    for (const type of ['mon', 'osd', 'mds', 'mgr'] as const)
      assert.deepEqual(methodsForType(OPTIONS, ENTITY_TYPE[type]), [AUTH_METHOD.cephx])
    assert.deepEqual(methodsForType(OPTIONS, ENTITY_TYPE.client), [AUTH_METHOD.none])
  })

  it('advertise the cluster only to monitors and managers', () => {
    assert.deepEqual(advertisedFor(OPTIONS, ENTITY_TYPE.mgr), { methods: [2], modes: [secure, crc] })
    assert.deepEqual(advertisedFor(OPTIONS, ENTITY_TYPE.osd), { methods: [1], modes: [crc] })
  })

  it("let the peer's preference decide among the modes that are allowed", () => {
    assert.equal(pickConMode(OPTIONS, ENTITY_TYPE.mon, AUTH_METHOD.cephx, [crc, secure]), crc)
    assert.equal(pickConMode(OPTIONS, ENTITY_TYPE.mon, AUTH_METHOD.cephx, [secure, crc]), secure)
    assert.equal(pickConMode(OPTIONS, ENTITY_TYPE.client, AUTH_METHOD.cephx, [secure, crc]), crc)
    assert.equal(pickConMode(OPTIONS, ENTITY_TYPE.client, AUTH_METHOD.cephx, [secure]), undefined)
  })

  it('never let a connection without a key be secure', () => {
    assert.equal(pickConMode(OPTIONS, ENTITY_TYPE.mon, AUTH_METHOD.none, [secure, crc]), crc)
    assert.equal(pickConMode(OPTIONS, ENTITY_TYPE.mon, AUTH_METHOD.none, [secure]), undefined)
  })
})
