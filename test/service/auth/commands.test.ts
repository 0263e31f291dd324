import assert from 'node:assert/strict'
import { parseCryptoKey } from '../../../src/auth/crypto-key.ts'
import { capsMapOf, keyMapOf } from '../../../src/auth/entity-auth.ts'
import { known } from '../../../src/base/assert.ts'
import { entityNameKey, parseEntityName } from '../../../src/codec/type/entity-name.ts'
import { INITIAL_FS_MAP } from '../../../src/map/fs-map/fs-map.ts'
import { EMPTY_MDS_MAP } from '../../../src/map/fs-map/mds-map.ts'
import { authService } from '../../../src/service/auth/service.ts'
import { INITIAL_MDSMAP_STATE } from '../../../src/service/mdsmap/state.ts'
import { fixture } from '../../fixture/fixture.ts'
import { Harness } from '../world.ts'

interface Recorded {
  readonly command: Readonly<Record<string, unknown>>
  readonly input: string
  readonly code: number
  readonly data: string
  readonly text: string
}

const transcript = (name: string): readonly Recorded[] =>
  JSON.parse(fixture(`auth/${name}.json`).toString()) as readonly Recorded[]

const GIVEN = ['AQBNkgNr1NgxNBAA8utvm3oz719xHkFgaDzKuw==', 'AQBNkgNrqrm/LhAAjYb/EL9PbGG+crugbTw1lA==']
const KEY = /AQ[A-Za-z0-9+/]{36}==/g

// Keys that a monitor drew are not compared.
const withoutDrawnKeys = (text: string): string =>
  text.replace(KEY, (key) => (GIVEN.includes(key) ? key : 'DRAWN'))

const replay = (harness: Harness<'auth'>, name: string): void => {
  for (const [index, { command, input, code, data, text }] of transcript(name).entries())
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
}

const MON = {
  name: known(parseEntityName('mon.'), 'a name'),
  auth: {
    key: known(parseCryptoKey('AQDVlwNrcUmoFxAAXOaWD5Zar27LsdlFLsNJSA=='), 'a key'),
    caps: capsMapOf({ mon: 'allow *' }),
  },
}

describe('auth commands', () => {
  const harness = Harness.created(authService, { monKeyring: keyMapOf([MON]) })
  replay(harness, 'commands')

  it('draw another key for every entity', () => {
    const keys = [...harness.state.keys.secrets.values()].map(({ auth }) => auth.key.secret.toString('hex'))
    const added = ['client.p', 'client.q'].map(
      (entity) => harness.command({ prefix: 'auth get-or-create', entity }).data,
    )
    assert(!added[0]?.equals(added[1] ?? Buffer.alloc(0)))
    assert.equal(new Set(keys).size, keys.length - 1)
    assert(harness.state.keys.secrets.has(entityNameKey(known(parseEntityName('client.q'), 'a name'))))
  })

  it('take an empty keyring for a finished import', () => {
    assert.equal(harness.command({ prefix: 'auth import' }, '# nothing\n').text, 'imported keyring')
  })
})

describe('fs authorize', () => {
  const mdsMap = { ...EMPTY_MDS_MAP, fsName: 'home' }
  const mirrorInfo = undefined as never
  const map = { ...INITIAL_FS_MAP, filesystems: new Map([[1, { fscid: 1, mdsMap, mirrorInfo }]]) }
  replay(Harness.created(authService, {}, { mdsmap: { ...INITIAL_MDSMAP_STATE, map } }), 'fs-authorize')
})
