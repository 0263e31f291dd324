import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { BLANK_ADDR, type EntityAddr, entityAddr } from '../../src/codec/type/entity-addr.ts'
import { type EntityName, ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { decodeWhole } from '../../src/codec/reader.ts'
import { encoded } from '../../src/codec/writer.ts'
import {
  ALLOW_ALL,
  allowedFsNames,
  decodeMonCap,
  encodeMonCap,
  isAllowAll,
  isCapable,
  isFsNameCapable,
  type MonCap,
} from '../../src/auth/mon-cap.ts'
import { parseMonCap } from '../../src/auth/mon-cap-grammar.ts'

const OSD_123: EntityName = { type: ENTITY_TYPE.osd, id: '123' }

const cap = (text: string): MonCap => {
  const parsed = parseMonCap(text)
  assert(E.isRight(parsed), `'${text}' does not parse`)
  return parsed.right
}

interface Wish {
  readonly service?: string
  readonly command?: string
  readonly args?: Readonly<Record<string, string>>
  /** Subset of `rwx`. */
  readonly bits?: string
  readonly entity?: EntityName
  readonly address?: EntityAddr
}

const can = (text: string, wish: Wish): boolean =>
  isCapable(cap(text), {
    service: wish.service ?? '',
    command: wish.command ?? '',
    args: new Map(Object.entries(wish.args ?? {})),
    opR: wish.bits?.includes('r') ?? true,
    opW: wish.bits?.includes('w') ?? true,
    opX: wish.bits?.includes('x') ?? true,
    entity: wish.entity ?? OSD_123,
    address: wish.address ?? BLANK_ADDR,
  })

const GOOD = [
  'allow *',
  'allow r',
  'allow rwx',
  'allow  r',
  ' allow rwx ',
  ' allow\t   rwx ',
  '\tallow\nrwx\t',
  'allow service=foo x',
  'allow service="froo" x',
  'allow profile "mds-bootstrap", allow *',
  'allow command "a b c"',
  'allow command abc with arg=foo arg2 prefix "bar bingo" arg3 prefix baz',
  'allow command abc with arg regex "^[0-9a-z.]*$"',
  'allow command abc with arg regex "(invalid regex"',
  'allow service foo w ;allow service bar x',
  'allow service foo-foo r, allow service bar_bar r',
  'allow service " foo " w, allow service bar r',
  'allow command abc.def with arg=foo arg2=bar, allow service foo r',
  'profile osd',
  'allow * network [aa:bb::1]/128',
  'allow command abc network 1.2.3.4/8',
  'profile osd network 1.2.3.4/32',
  'allow rw fsname=a',
  'allow rw network 10.0.0.0/8 fsname b',
]

const BAD = [
  'allow r foo',
  'allow*',
  'foo allow *',
  'allow profile foo rwx',
  'allow profile',
  'allow service bar',
  'allow command baz x',
  'allow r w',
  'ALLOW r',
  'allow rwx,',
  'allow rwx x',
  'allow wwx pool taco',
  "allow rwx pool 'weird name''",
  'allow command foo a prefix b',
  'allow command foo with a prefixb',
  'allow command foo with a = prefix b',
  'allow command foo with a prefix b c',
  '',
]

describe('monitor capabilities', () => {
  for (const text of GOOD) it(`${JSON.stringify(text)} parses`, () => void cap(text))
  for (const text of BAD)
    it(`${JSON.stringify(text)} does not parse`, () => {
      assert(E.isLeft(parseMonCap(text)))
    })

  it('are everything only as a plain allow *', () => {
    assert(isAllowAll(cap('allow *')))
    assert(isAllowAll(cap('allow r, allow all')))
    assert(isAllowAll(ALLOW_ALL))
    for (const text of ['allow rwx', 'allow service mon *', 'allow profile mon', 'allow * fsname a'])
      assert(!isAllowAll(cap(text)), text)
  })

  it('of several grants add up', () => {
    assert(can('allow r, allow w', { service: 'osd', bits: 'rw' }))
    assert(!can('allow r, allow w', { service: 'osd', bits: 'rwx' }))
    assert(can('allow service osd r, allow service osd w', { service: 'osd', bits: 'rw' }))
    assert(!can('allow service osd r, allow service mon w', { service: 'osd', bits: 'rw' }))
  })

  it('do not open the config-key store with a blanket grant', () => {
    assert(!can('allow rwx', { service: 'config-key', bits: 'r' }))
    assert(can('allow *', { service: 'config-key' }))
    assert(can('allow service config-key r', { service: 'config-key', bits: 'r' }))
  })

  it('count only in their network', () => {
    const text = 'allow * network 192.168.0.0/16, allow * network 10.0.0.0/8, allow r network fd00::/64'
    const from = (ip: string, bits = 'rwx'): boolean =>
      can(text, { service: 'foo', bits, address: entityAddr('any', ip, 0) })
    assert(from('10.1.2.3'))
    assert(from('192.168.2.3'))
    assert(!from('192.167.2.3'))
    assert(from('fd00::7', 'r'))
    assert(!from('fd00:1::7', 'r'))
    assert(!can('allow * network abc/8', { address: entityAddr('any', '10.1.2.3', 0) }))
    assert(!can('allow * network 10.0.0.0', { address: entityAddr('any', '10.0.0.0', 0) }))
  })

  it('of profile osd cover its service and its own private keys', () => {
    const text = 'allow profile osd'
    assert(can(text, { service: 'osd' }))
    assert(can(text, { service: 'mon', bits: 'r' }))
    assert(!can(text, { service: 'mon' }))
    assert(!can(text, { service: 'mds', bits: 'r' }))
    for (const verb of ['get', 'put', 'set', 'exists', 'delete']) {
      const command = `config-key ${verb}`
      assert(can(text, { command, args: { key: 'daemon-private/osd.123/foo' } }))
      assert(!can(text, { command, args: { key: 'daemon-private/osd.12/foo' } }))
      assert(!can(text, { command }))
    }
    const set = { command: 'config set' }
    assert(can(text, { ...set, args: { name: 'osd_mclock_max_capacity_iops_ssd' } }))
    assert(!can(text, { ...set, args: { name: 'xosd_mclock_max_capacity_iops_ssd' } }))
  })

  it('constrain arguments of commands by value, prefix and expression', () => {
    const text = 'allow command abc with a=1 b prefix x c regex "[0-9a-z.]*"'
    assert(can(text, { command: 'abc', args: { a: '1', b: 'xy', c: '12345abcde' } }))
    assert(!can(text, { command: 'abc', args: { a: '2', b: 'xy', c: '1' } }))
    assert(!can(text, { command: 'abc', args: { a: '1', b: 'yx', c: '1' } }))
    assert(!can(text, { command: 'abc', args: { a: '1', b: 'xy', c: '~!@' } }))
    assert(!can(text, { command: 'abc', args: { a: '1', b: 'xy' } }))
    assert(!can(text, { command: 'abcd', args: { a: '1', b: 'xy', c: '1' } }))
  })

  it('with an invalid expression allow nothing', () => {
    for (const expression of ['[*', '(a', '?a', '(?:a)', 'a**'])
      assert(!can(`allow command abc with arg regex "${expression}"`, { command: 'abc', args: { arg: '' } }))
  })

  it('know the classes and brackets of POSIX expressions', () => {
    const matches = (expression: string, arg: string): boolean =>
      can(`allow command abc with arg regex "${expression}"`, { command: 'abc', args: { arg } })
    assert(matches('[[:digit:]]+[[:alpha:]_]', '12_'))
    assert(!matches('[[:digit:]]+', '12a'))
    assert(matches('[]a]+', 'a]a'))
    assert(matches('[^]a]+', 'b'))
    assert(matches('[\\d]', '\\'))
    assert(matches('a|b', 'b'))
    assert(!matches('a|b', 'ab'))
    assert(!matches('[[:nonsense:]]', 'n'))
  })

  it('of profile bootstrap-rbd create rbd keys and no others', () => {
    const create = (monCaps: string, osdCaps: string, profile = 'bootstrap-rbd'): boolean =>
      can(`profile ${profile}`, {
        command: 'auth get-or-create',
        args: { entity: 'client.rbd', caps_mon: monCaps, caps_osd: osdCaps },
      })
    assert(create('profile rbd', 'profile rbd pool=foo, profile rbd-read-only'))
    assert(!create('allow *', 'profile rbd'))
    assert(!create('profile rbd', 'profile rbd pool=foo, allow *, profile rbd-read-only'))
    assert(create('profile rbd-mirror', 'profile rbd', 'bootstrap-rbd-mirror'))
    assert(!create('profile rbd', 'profile rbd', 'bootstrap-rbd-mirror'))
  })

  it('of profile rbd-mirror read mirror peers, of profile rbd not', () => {
    const wish = {
      service: 'config-key',
      command: 'config-key get',
      args: { key: 'rbd/mirror/peer/1/1' },
      bits: 'r',
    }
    assert(can('profile rbd-mirror', wish))
    assert(!can('profile rbd', wish))
  })

  it('of any profile whose name begins with rbd shut out one client, not a host', () => {
    const wish = (addr: string): Wish => ({ command: 'osd blocklist', args: { blocklistop: 'add', addr } })
    assert(can('profile rbd-anything', wish('1.2.3.4:0/12')))
    assert(!can('profile rbd-anything', wish('1.2.3.4')))
  })

  it('name file systems', () => {
    assert.deepEqual(allowedFsNames(cap('allow r fsname=a, allow rw fsname=b')), ['a', 'b'])
    assert.deepEqual(allowedFsNames(cap('allow r fsname=a, allow r')), [])
    const read = 1
    assert(isFsNameCapable(cap('allow r fsname=a'), OSD_123, 'a', read))
    assert(!isFsNameCapable(cap('allow r fsname=a'), OSD_123, 'b', read))
    assert(isFsNameCapable(cap('profile fs-client'), OSD_123, 'b', read))
    assert(!isFsNameCapable(cap('profile osd'), OSD_123, 'b', read))
  })

  it('are encoded as their text', () => {
    const allow = cap('allow service foo x')
    const bytes = encoded((w) => encodeMonCap(w, allow))
    assert.equal(bytes.toString('hex'), '04041700000013000000616c6c6f77207365727669636520666f6f2078')
    assert.deepEqual(decodeWhole(decodeMonCap, bytes), E.right(allow))
  })

  it('never throw, whatever the text', () => {
    const pieces = fc.constantFrom(
      'allow',
      ' ',
      'r',
      '*',
      'profile',
      'osd',
      'command',
      '"',
      "'",
      '=',
      ',',
      'with',
      'regex',
      '[',
      '(',
      '\\',
      'network',
      '/',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), fc.string(), (parts, arg) => {
        const parsed = parseMonCap(parts.join(''))
        if (E.isRight(parsed))
          isCapable(parsed.right, {
            service: 'mon',
            command: 'osd',
            args: new Map([['osd', arg]]),
            opX: true,
            entity: OSD_123,
            address: BLANK_ADDR,
          })
      }),
      { numRuns: 5000 },
    )
  })
})
