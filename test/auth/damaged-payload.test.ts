import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { known } from '../../src/base/assert.ts'
import { ENTITY_TYPE } from '../../src/codec/type/entity-name.ts'
import { continueAuth, startAuth } from '../../src/auth/auth-server.ts'
import { entityClient, monAuthorizerClient } from '../../src/auth/cephx-client.ts'
import { AUTH_METHOD, CON_MODE } from '../../src/auth/contract.ts'
import { RESULT } from '../../src/auth/result.ts'
import { converse, credentialsOf, entropyFor, ENTRIES, NOW, SERVER } from './cluster.ts'
import { doneReply, moreReply, refusal } from './handshake.ts'

const BOTH = [CON_MODE.secure, CON_MODE.crc]
const event = { now: NOW, entropy: entropyFor('event') }

describe('damaged payloads', () => {
  const flipped = (bytes: Buffer, bit: number): Buffer => {
    const copy = Buffer.from(bytes)
    const at = (bit >> 3) % copy.length
    copy.writeUInt8(copy.readUInt8(at) ^ (1 << (bit & 7)), at)
    return copy
  }
  const anyBit = fc.nat(1 << 16)

  it('a flipped bit in the proof of a client without other wishes is always refused', () => {
    const client = entityClient(credentialsOf(ENTRIES.ADMIN), BOTH, entropyFor('client'))
    const first = startAuth(SERVER, { peerType: ENTITY_TYPE.client, ...client.request }, event)
    const more = client.more(moreReply(first.reply).payload)
    assert(E.isRight(more))
    const attempt = known(first.attempt, 'an attempt')
    // u16 type, u8 version, two u64: what follows are the old ticket and the wishes, which the proof does not cover.
    const proof = more.right.payload.subarray(3, 19)
    for (let bit = 0; bit < proof.length * 8; bit++) {
      const payload = Buffer.concat([
        more.right.payload.subarray(0, 3),
        flipped(proof, bit),
        more.right.payload.subarray(19),
      ])
      assert.equal(refusal(continueAuth(SERVER, attempt, payload, event).reply), RESULT.EACCES)
    }
  })

  it("a flipped bit in a monitor's authorizer is refused, or touches neither keys nor nonce", () => {
    const client = monAuthorizerClient(ENTRIES.MON.auth.key, BOTH, 3600, {
      now: NOW,
      entropy: entropyFor('mon'),
    })
    const { step, client: last } = converse(SERVER, client, ENTITY_TYPE.mon)
    const whole = doneReply(step.reply)
    const first = startAuth(SERVER, { peerType: ENTITY_TYPE.mon, ...client.request }, event)
    const more = client.more(moreReply(first.reply).payload)
    assert(E.isRight(more))
    const attempt = known(first.attempt, 'an attempt')
    let refused = 0
    for (let bit = 0; bit < more.right.payload.length * 8; bit++) {
      const { reply } = continueAuth(SERVER, attempt, flipped(more.right.payload, bit), event)
      if (reply._tag === 'AuthDone') {
        // The cipher protects no integrity: times and padding may change. AUTH_SIGNATURE ends such a connection.
        assert.deepEqual(reply.sessionKey, whole.sessionKey)
        assert(E.isRight(last.done(reply)))
      } else refused++
    }
    assert(refused > more.right.payload.length * 4, `only ${refused} flips refused`)
  })

  it('no bytes whatever make the server throw', () => {
    const client = entityClient(credentialsOf(ENTRIES.ADMIN), BOTH, entropyFor('client'))
    const more = client.more(
      moreReply(startAuth(SERVER, { peerType: ENTITY_TYPE.client, ...client.request }, event).reply).payload,
    )
    assert(E.isRight(more))
    const monFirst = monAuthorizerClient(ENTRIES.MON.auth.key, BOTH, 3600, {
      now: NOW,
      entropy: entropyFor('mon'),
    })
    const starts = [client.request.payload, monFirst.request.payload]
    const attempts = starts.map((payload, i) => {
      const peerType = i === 0 ? ENTITY_TYPE.client : ENTITY_TYPE.mon
      const request = { peerType, method: AUTH_METHOD.cephx, modes: BOTH, payload }
      return known(startAuth(SERVER, request, event).attempt, 'an attempt')
    })
    const base = fc.constantFrom(...starts, more.right.payload)
    const damaged = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.tuple(base, anyBit, fc.nat(400)).map(([bytes, bit, cut]) => flipped(bytes, bit).subarray(0, cut)),
    )
    fc.assert(
      fc.property(
        damaged,
        fc.constantFrom(1, 8),
        fc.constantFrom(0, 1, 2, 9),
        (payload, peerType, method) => {
          startAuth(SERVER, { peerType, method, modes: BOTH, payload }, event)
          for (const attempt of attempts) continueAuth(SERVER, attempt, payload, event)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('no bytes whatever make a client throw', () => {
    const client = entityClient(credentialsOf(ENTRIES.ADMIN), BOTH, entropyFor('client'))
    const { step, client: last } = converse(SERVER, client, ENTITY_TYPE.client)
    const done = doneReply(step.reply)
    fc.assert(
      fc.property(fc.oneof(anyBit, fc.uint8Array()), (damage) => {
        const payload = typeof damage === 'number' ? flipped(done.payload, damage) : Buffer.from(damage)
        last.done({ ...done, payload })
        client.more(payload)
      }),
      { numRuns: 2000 },
    )
  })
})
