import assert from 'node:assert/strict'
import { authService } from '../../../src/service/auth/service.ts'
import { entityNameKey, parseEntityName } from '../../../src/codec/type/entity-name.ts'
import { known } from '../../../src/base/assert.ts'
import { keyMapOf } from '../../../src/auth/entity-auth.ts'
import { parseCryptoKey } from '../../../src/auth/crypto-key.ts'
import { capsMapOf } from '../../../src/auth/entity-auth.ts'
import { fixture } from '../../fixture/fixture.ts'
import { Harness } from '../world.ts'

interface Recorded {
  readonly command: Readonly<Record<string, unknown>>
  readonly input: string
  readonly code: number
  readonly data: string
  readonly text: string
}

const transcript = JSON.parse(fixture('auth/commands.json').toString()) as readonly Recorded[]

const GIVEN = ['AQBNkgNr1NgxNBAA8utvm3oz719xHkFgaDzKuw==', 'AQBNkgNrqrm/LhAAjYb/EL9PbGG+crugbTw1lA==']
const KEY = /AQ[A-Za-z0-9+/]{36}==/g

// Keys that a monitor drew are not compared.
const withoutDrawnKeys = (text: string): string =>
  text.replace(KEY, (key) => (GIVEN.includes(key) ? key : 'DRAWN'))

const MON = {
  name: known(parseEntityName('mon.'), 'a name'),
  auth: {
    key: known(parseCryptoKey('AQDVlwNrcUmoFxAAXOaWD5Zar27LsdlFLsNJSA=='), 'a key'),
    caps: capsMapOf({ mon: 'allow *' }),
  },
}

describe('auth commands', () => {
  const harness = Harness.created(authService, { monKeyring: keyMapOf([MON]) })

  for (const [index, { command, input, code, data, text }] of transcript.entries())
    it(`${index + 1}: ${JSON.stringify(command)} is answered as by a real monitor`, () => {
      const reply = harness.command(command, input)
      assert.deepEqual(
        {
          code: reply.code,
          data: withoutDrawnKeys(reply.data.toString('latin1')),
          text: withoutDrawnKeys(reply.text),
        },
        { code, data: withoutDrawnKeys(data), text: withoutDrawnKeys(text) },
      )
    })

  it('draw another key for every entity', () => {
    const keys = [...harness.state.keys.secrets.values()].map(({ auth }) => auth.key.secret.toString('hex'))
    const added = ['client.p', 'client.q'].map(
      (entity) => harness.command({ prefix: 'auth get-or-create', entity }).data,
    )
    assert(!added[0]?.equals(added[1] ?? Buffer.alloc(0)))
    assert.equal(new Set(keys).size, keys.length - 1)
    assert(harness.state.keys.secrets.has(entityNameKey(known(parseEntityName('client.q'), 'a name'))))
  })
})
