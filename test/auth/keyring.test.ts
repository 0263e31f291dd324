import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { type EntityName, ENTITY_TYPE, printEntityName } from '../../src/codec/type/entity-name.ts'
import { NO_KEY, parseCryptoKey, printCryptoKey } from '../../src/auth/crypto-key.ts'
import { capsMapOf, type KeyMap, keyMapOf } from '../../src/auth/entity-auth.ts'
import { keyringBytes, parseKeyring, printKeyring } from '../../src/auth/keyring.ts'
import { known } from '../../src/base/assert.ts'
import { utimeOfMs } from '../../src/codec/type/utime.ts'

const KEY = 'AQBNkgNr1NgxNBAA8utvm3oz719xHkFgaDzKuw=='

const parsed = (text: string): KeyMap => {
  const keyring = parseKeyring(Buffer.from(text))
  assert(E.isRight(keyring), E.isLeft(keyring) ? keyring.left.what : '')
  return keyring.right
}

// What `ceph-authtool -l` of 16.2.15 printed for each text.
const READ: readonly (readonly [text: string, printed: string])[] = [
  [`\n# x\n\n[client.a]\n\tkey = ${KEY}\n`, `[client.a]\n\tkey = ${KEY}\n`],
  [
    `[client.a]\n\tkey = ${KEY}\n\n#z\n\tcaps mon = allow\n`,
    `[client.a]\n\tkey = ${KEY}\n\tcaps mon = "allow"\n`,
  ],
  [
    `[client.a]\n\tkey = ${KEY}\n\tcaps mon = allow "r"\n`,
    `[client.a]\n\tkey = ${KEY}\n\tcaps mon = "allow \\"r\\""\n`,
  ],
  [
    `[client.a]\n\tkey = ${KEY}\n\tcaps osd = "a"   # foo\n`,
    `[client.a]\n\tkey = ${KEY}\n\tcaps osd = "a"\n`,
  ],
  [`[client.a]\n\tkey = ${KEY}\n\tcaps osd = b=c\n`, `[client.a]\n\tkey = ${KEY}\n\tcaps osd = "b=c"\n`],
  [
    `[client.a]\r\n\tkey = ${KEY}\r\n\tcaps osd = 'b"c'\r\n`,
    `[client.a]\n\tkey = ${KEY}\n\tcaps osd = "b\\"c"\n`,
  ],
  [`[client.a] \n\tkey = ${KEY}\n   \n \n`, `[client.a]\n\tkey = ${KEY}\n`],
  [`[client.a]\n\tkey = ${KEY}\n[client.b]\n`, `[client.a]\n\tkey = ${KEY}\n`],
  [`[client.a]\n\tkey = ${KEY} # c ; d\n`, `[client.a]\n\tkey = ${KEY}\n`],
  [
    `[client.a]\n\tkey = ${KEY}\n\tcaps osd = a \\# b\n`,
    `[client.a]\n\tkey = ${KEY}\n\tcaps osd = "a # b"\n`,
  ],
  [`[global]\nfoo = 1\n[client.a]\n\tkey = ${KEY}\n`, `[client.a]\n\tkey = ${KEY}\n`],
  [`[client.a]\n\tkey = ${KEY}\n\tcaps   osd \t= x\n`, `[client.a]\n\tkey = ${KEY}\n\tcaps osd = "x"\n`],
  [`[client.a]\n\tcaps_osd = x\n\tkey="${KEY}"\n#`, `[client.a]\n\tkey = ${KEY}\n\tcaps osd = "x"\n`],
  [`[client.a]\nkey = ${KEY}\n[client.a]\ncaps mon = r\n`, `[client.a]\n\tkey = ${KEY}\n\tcaps mon = "r"\n`],
  [
    `[client.a]\nkey = ${KEY}\n[mon.]\nkey = ${KEY}\n`,
    `[mon.]\n\tkey = ${KEY}\n[client.a]\n\tkey = ${KEY}\n`,
  ],
  [`[client.b]\ncaps mon = "allow r"\n`, `[client.b]\n\tkey = AAAAAAAAAAAAAAAA\n\tcaps mon = "allow r"\n`],
  [
    `[client.a]\nkey = ${KEY}\ncaps mgr = "say \\"hi\\" \\\\ x"\ncaps mds = allow \\\n      rw\nauid = 12\n`,
    `[client.a]\n\tkey = ${KEY}\n\tcaps mds = "allow       rw"\n\tcaps mgr = "say \\"hi\\" \\ x"\n`,
  ],
  ['', ''],
  ['# foo', ''],
  [`key = ${KEY}\n`, ''],
]

// And what it could not read.
const UNREADABLE: readonly string[] = [
  'hello',
  `[client.a]\nkey = ${KEY}`,
  '[client.a]\nkey = AQBNkg\n',
  '[client.a]\nkey = \n',
  '[client.a]\nfoo = x\n',
  '[client.a]\ncaps = a\n',
  `[client.a]\nKEY = ${KEY}\n`,
  `[foo.a]\nkey = ${KEY}\n`,
  `  [client.a]\nkey = ${KEY}\n`,
  `[ client.a ]\nkey = ${KEY}\n`,
  `[client.a]\nkey = ${KEY}\ncaps osd = "a" b\n`,
  `[client.a]\nkey = ${KEY}\ncaps mon = "allow r; allow w"\n`,
  `[client.a]\nkey = ${KEY}\n garbage\n`,
  `[client.a]\nkey = ${KEY}\n[x`,
]

describe('a keyring', () => {
  for (const [text, printed] of READ)
    it(`reads ${JSON.stringify(text)} as ceph-authtool does`, () => {
      assert.equal(printKeyring(parsed(text)), printed)
    })

  for (const text of UNREADABLE)
    it(`refuses ${JSON.stringify(text)} as ceph-authtool does`, () => {
      assert(E.isLeft(parseKeyring(Buffer.from(text))))
    })

  const ids = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,8}$/)
  const plain = { noNullPrototype: true }
  const names: fc.Arbitrary<EntityName> = fc.record(
    { type: fc.constantFrom(ENTITY_TYPE.osd, ENTITY_TYPE.mgr, ENTITY_TYPE.client), id: ids },
    plain,
  )
  const texts = fc.stringMatching(/^[a-z*"\\][a-z *="]{0,20}[a-z*]$/)
  const keys = fc
    .uint8Array({ minLength: 16, maxLength: 16 })
    .map((secret) => ({ type: 1, created: utimeOfMs(1e12), secret: Buffer.from(secret) }))
  const caps = fc.dictionary(fc.constantFrom('mon', 'osd', 'mgr'), texts).map(capsMapOf)
  const entries = fc.record({ name: names, auth: fc.record({ key: keys, caps }, plain) }, plain)
  const keyrings = fc.array(entries, { maxLength: 5 }).map(keyMapOf)

  it('is read back from its binary form', () => {
    fc.assert(
      fc.property(keyrings, (keyring) => {
        assert.deepEqual(parseKeyring(keyringBytes(keyring)), E.right(keyring))
      }),
    )
  })

  it('is read back from its text, up to backslashes, which are not escaped', () => {
    const withoutBackslash = keyrings.filter(
      (keyring) => !printKeyring(keyring).replaceAll('\\"', '').includes('\\'),
    )
    fc.assert(
      fc.property(withoutBackslash, (keyring) => {
        assert.deepEqual(
          parsed(printKeyring(keyring)),
          new Map([...keyring].sort(([a], [b]) => (a < b ? -1 : 1))),
        )
      }),
    )
  })

  it('never throws, whatever the bytes', () => {
    const pieces = fc.constantFrom(
      '[client.a]',
      '\n',
      'key',
      ' = ',
      KEY,
      'caps mon',
      '"',
      '\\',
      '#',
      '[',
      ']',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces).map((p) => Buffer.from(p.join(''))),
          fc.uint8Array().map((b) => Buffer.from(b)),
        ),
        (bytes) => {
          parseKeyring(bytes)
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe('a key as text', () => {
  it('is 28 bytes in base64, and is read back', () => {
    const key = known(parseCryptoKey(KEY), 'a key')
    assert.deepEqual([key.type, key.secret.length], [1, 16])
    assert.equal(printCryptoKey(key), KEY)
    assert.equal(printCryptoKey(NO_KEY), 'AAAAAAAAAAAAAAAA')
  })

  it('is refused when it is cut, too short, or of an unknown type', () => {
    for (const text of ['', KEY.slice(0, 12), KEY.slice(1), `C${KEY.slice(1)}`, '!'])
      assert.equal(parseCryptoKey(text), undefined, text)
  })

  it('belongs to a name that prints as type and id', () => {
    assert.equal(printEntityName({ type: ENTITY_TYPE.mon, id: '' }), 'mon.')
  })
})
