import assert from 'node:assert/strict'
import fc from 'fast-check'
import { addrKey, addrOfKey, byAddrKey } from '../../../src/codec/type/addr-key.ts'
import { addrvecJson, legacyAddrText } from '../../../src/codec/type/entity-addr-json.ts'
import {
  ADDR_TYPE,
  compareAddr,
  entityAddr,
  parseAddrvec,
  printAddr,
  printAddrvec,
} from '../../../src/codec/type/entity-addr.ts'
import { byPgKey, parsePgKey, pgKey, pgOfKey, printPgKey } from '../../../src/codec/type/pg-key.ts'
import { comparePgId } from '../../../src/codec/type/pg.ts'

const U32_MAX = 0xffffffff

const someAddr = fc
  .tuple(
    fc.constantFrom('legacy' as const, 'msgr2' as const, 'any' as const),
    fc.ipV4(),
    fc.nat(0xffff),
    fc.nat(U32_MAX),
  )
  .map(([type, ip, port, nonce]) => entityAddr(type, ip, port, nonce))

describe('keys of JavaScript maps', () => {
  it('of addresses keep the address and its order', () => {
    fc.assert(
      fc.property(someAddr, someAddr, (a, b) => {
        assert.deepEqual(addrOfKey(addrKey(a)), a)
        assert.equal(Math.sign(byAddrKey(addrKey(a), addrKey(b))), Math.sign(compareAddr(a, b)))
      }),
    )
  })

  it('of placement groups keep the group, its order and its text', () => {
    const somePg = fc
      .tuple(fc.bigInt(0n, (1n << 63n) - 1n), fc.nat(U32_MAX))
      .map(([pool, seed]) => ({ pool, seed }))
    fc.assert(
      fc.property(somePg, somePg, (a, b) => {
        assert.deepEqual(pgOfKey(pgKey(a)), a)
        assert.equal(parsePgKey(printPgKey(pgKey(a))), pgKey(a))
        assert.equal(Math.sign(byPgKey(pgKey(a), pgKey(b))), Math.sign(comparePgId(a, b)))
      }),
    )
  })

  it('are not made of text that is no placement group', () => {
    for (const text of ['', '1', '1.', '1.g', '.1', '1.123456789', '-1.0', '1.0 '])
      assert.equal(parsePgKey(text), undefined)
  })
})

describe('addresses as Ceph prints them', () => {
  it('have no prefix for type any, and cidr for a range', () => {
    assert.equal(printAddr(entityAddr('any', '10.1.2.3', 0, 77)), '10.1.2.3:0/77')
    assert.equal(
      printAddr({ ...entityAddr('any', '10.2.0.0', 0, 16), type: ADDR_TYPE.cidr }),
      'cidr:10.2.0.0:0/16',
    )
  })

  it('are nothing when there is none, and say so in the legacy form', () => {
    assert.equal(printAddrvec([]), '')
    assert.equal(legacyAddrText([]), '(unrecognized address family 0)/0')
    assert.deepEqual(addrvecJson([]), { addrvec: [] })
  })

  it('prefer the v1 address in the legacy form', () => {
    assert.equal(legacyAddrText(parseAddrvec('[v2:10.0.0.1:3300,v1:10.0.0.1:6789]')!), '10.0.0.1:6789/0')
    assert.equal(legacyAddrText(parseAddrvec('v2:10.0.0.1:3300')!), '10.0.0.1:3300/0')
  })
})
