import assert from 'node:assert/strict'
import fc from 'fast-check'
import { known } from '../../src/base/assert.ts'
import { addSeconds, compareUtime, type Utime, utimeOfMs } from '../../src/codec/type/utime.ts'
import { generateKey } from '../../src/auth/crypto-key.ts'
import {
  currentSecret,
  KEY_ROTATE_NUM,
  NO_SECRETS,
  type RotatingSecrets,
  rotateSecrets,
} from '../../src/auth/rotating-secrets.ts'
import { entropyFor, NOW } from './cluster.ts'

const TTL = 3600
const start = utimeOfMs(NOW)
const later = (seconds: number): Utime => addSeconds(start, seconds)

const rotate = (secrets: RotatingSecrets, at: Utime): RotatingSecrets =>
  rotateSecrets(secrets, at, TTL, (id) => generateKey(entropyFor('keys'), `${id}`, at))

const expirations = ({ secrets }: RotatingSecrets): readonly (readonly [bigint, number])[] =>
  [...secrets].map(([id, { expiration }]) => [id, expiration.sec - start.sec])

const idAt = (secrets: RotatingSecrets, at: Utime): bigint =>
  known(currentSecret(secrets, at, TTL), 'a current key').id

describe('rotating secrets', () => {
  const first = rotate(NO_SECRETS, start)

  it('begin as three keys, one lifetime apart', () => {
    assert.deepEqual(expirations(first), [
      [1n, TTL],
      [2n, 2 * TTL],
      [3n, 3 * TTL],
    ])
  })

  it('stay as they are until the middle one has expired', () => {
    assert.equal(rotate(first, later(2 * TTL - 1)), first)
    assert.deepEqual(expirations(rotate(first, later(2 * TTL))), [
      [2n, 2 * TTL],
      [3n, 3 * TTL],
      [4n, 4 * TTL],
    ])
  })

  it('are replaced as far as needed after a long sleep', () => {
    assert.deepEqual(expirations(rotate(first, later(100 * TTL))), [
      [3n, 3 * TTL],
      [4n, 102 * TTL],
      [5n, 103 * TTL],
    ])
  })

  it('seal with the second oldest, and with the newest once that has expired', () => {
    assert.equal(idAt(first, start), 2n)
    assert.equal(idAt(first, later(2 * TTL)), 2n)
    assert.equal(idAt(first, later(2 * TTL + 1)), 3n)
  })

  it('never promise a ticket more life than the newest key has', () => {
    const secret = known(currentSecret(first, later(2.5 * TTL), TTL), 'a current key')
    assert.equal(secret.ttlSeconds, TTL / 2)
    assert.equal(known(currentSecret(first, start, TTL), 'a current key').ttlSeconds, TTL)
  })

  it('do not exist for a service without keys', () => {
    assert.equal(currentSecret(NO_SECRETS, start, TTL), undefined)
  })

  it('rotated at whatever moments, are three in order, and the current one lasts', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 * TTL }), { maxLength: 30 }), (pauses) => {
        let secrets = NO_SECRETS
        let at = start
        for (const pause of pauses) {
          at = addSeconds(at, pause)
          secrets = rotate(secrets, at)
          const list = [...secrets.secrets.values()].map(({ expiration }) => expiration)
          assert.equal(list.length, KEY_ROTATE_NUM)
          assert(list.every((e, i) => i === 0 || compareUtime(e, known(list[i - 1], 'a predecessor')) > 0))
          assert(compareUtime(known(list[1], 'the middle one'), at) > 0)
          assert.equal(rotate(secrets, at), secrets)
        }
      }),
    )
  })
})
