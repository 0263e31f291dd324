import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import { known } from '../../src/base/assert.ts'
import { decodeWhole } from '../../src/codec/reader.ts'
import { ENTITY_TYPE, printEntityName } from '../../src/codec/type/entity-name.ts'
import { incrementalOf, keyServerIncrementalOf } from '../../src/auth/auth-incremental.ts'
import {
  applyAuthVersion,
  authFullBytes,
  authIncrementalsBytes,
  type AuthVersion,
  decodeAuthFull,
  decodeAuthIncrementals,
  NO_AUTH_VERSION,
} from '../../src/auth/auth-version.ts'
import { capsText } from '../../src/auth/entity-auth.ts'
import { initialChanges, withoutMonKey } from '../../src/auth/initial-keys.ts'
import { entriesInOrder } from '../../src/auth/key-server-data.ts'
import { parseKeyring } from '../../src/auth/keyring.ts'
import { DEFAULT_AUTH_OPTIONS } from '../../src/auth/options.ts'
import { fixture } from '../fixture/fixture.ts'
import { entropyFor } from './cluster.ts'

const right = <L, A>(either: E.Either<L, A>): A => {
  assert(E.isRight(either), E.isLeft(either) ? JSON.stringify(either.left) : '')
  return either.right
}

const VALUE_1 = fixture('auth/fresh-auth-1.bin')
const VALUE_2 = fixture('auth/fresh-auth-2.bin')
const FULL_1 = fixture('auth/fresh-auth-full_1.bin')

const afterFirst = (): AuthVersion => right(applyAuthVersion(NO_AUTH_VERSION, 1n, VALUE_1))

// Everything that is not drawn at random: who, which capabilities, which services, which expirations.
const outline = ({ keys, maxGlobalId }: AuthVersion, createdAt: number): unknown => ({
  maxGlobalId,
  version: keys.version,
  rotatingVersion: keys.rotatingVersion,
  entities: entriesInOrder(keys.secrets).map(({ name, auth }) => [
    printEntityName(name),
    [...auth.caps].map(([service, caps]) => [service, capsText(caps)]),
  ]),
  rotating: [...keys.rotating].map(([service, { maxId, secrets }]) => [
    service,
    maxId,
    [...secrets].map(([id, { expiration }]) => [id, expiration.sec - createdAt]),
  ]),
})

describe('the first versions of the auth service', () => {
  it('are read, and written again to the same bytes', () => {
    for (const value of [VALUE_1, VALUE_2])
      assert.deepEqual(authIncrementalsBytes(right(decodeWhole(decodeAuthIncrementals, value))), value)
    assert.deepEqual(authFullBytes(right(decodeWhole(decodeAuthFull, FULL_1))), FULL_1)
  })

  it('add up to the full copy that the real monitor stashed', () => {
    assert.deepEqual(authFullBytes(afterFirst()), FULL_1)
  })

  it('raise the global ids from 0x1000 by 10000', () => {
    const second = right(applyAuthVersion(afterFirst(), 2n, VALUE_2))
    assert.deepEqual([afterFirst().maxGlobalId, second.maxGlobalId], [4096n, 14096n])
    assert.equal(second.keys.version, 2n)
  })

  it('of ours and of a real monitor are alike, but for the keys drawn', () => {
    const real = afterFirst()
    const first = known(real.keys.rotating.get(ENTITY_TYPE.auth)?.secrets.get(1n), 'the first auth key')
    const now = { ...first.expiration, sec: first.expiration.sec - 259200 }
    const keyring = withoutMonKey(right(parseKeyring(fixture('auth/fresh-keyring'))))
    const changes = initialChanges(keyring, DEFAULT_AUTH_OPTIONS, now, entropyFor('mkfs'))
    const bytes = authIncrementalsBytes(changes.map(incrementalOf))
    const ours = right(applyAuthVersion(NO_AUTH_VERSION, 1n, bytes))
    assert.equal(bytes.length, VALUE_1.length)
    assert.deepEqual(outline(ours, now.sec), outline(real, now.sec))
    const admin = (v: AuthVersion): unknown => v.keys.secrets.get('008.admin')
    assert.deepEqual(admin(ours), admin(real))
  })

  it('hold distinct keys only', () => {
    const now = { sec: 1000, nsec: 0 }
    const changes = initialChanges(new Map(), DEFAULT_AUTH_OPTIONS, now, entropyFor('mkfs'))
    const { keys } = right(
      applyAuthVersion(NO_AUTH_VERSION, 1n, authIncrementalsBytes(changes.map(incrementalOf))),
    )
    const secrets = [
      ...entriesInOrder(keys.secrets).map(({ auth }) => auth.key),
      ...[...keys.rotating.values()].flatMap(({ secrets: s }) => [...s.values()].map(({ key }) => key)),
    ].map(({ secret }) => secret.toString('hex'))
    assert.equal(secrets.length, 7 + 15)
    assert.equal(new Set(secrets).size, secrets.length)
  })

  it('leave the keys out when no method needs them', () => {
    const changes = initialChanges(undefined, DEFAULT_AUTH_OPTIONS, { sec: 1, nsec: 0 }, entropyFor('mkfs'))
    assert.deepEqual(
      changes.map((c) => c._tag),
      ['Keys', 'GlobalId'],
    )
  })

  it('carry a rotation as the first record', () => {
    const [first] = right(decodeWhole(decodeAuthIncrementals, VALUE_1))
    assert(first?._tag === 'AuthData')
    assert.equal(right(keyServerIncrementalOf(first.data)).op, 'setRotating')
  })

  it('are refused when cut anywhere', () => {
    for (let length = 2; length < VALUE_2.length; length++)
      assert(E.isLeft(applyAuthVersion(afterFirst(), 2n, VALUE_2.subarray(0, length))))
  })
})
