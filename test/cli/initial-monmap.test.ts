import * as E from 'fp-ts/lib/Either.js'
import assert from 'node:assert/strict'
import { buildMonMap, ownAddrs, withOwnName } from '../../src/cli/initial-monmap.ts'
import type { Lookup } from '../../src/cli/resolve-hosts.ts'
import { printAddrvec } from '../../src/codec/type/entity-addr.ts'
import { parseConfFile, type ConfFile } from '../../src/config/conf-file.ts'
import { Options } from '../../src/config/options.ts'
import type { MonMap } from '../../src/map/mon-map/mon-map.ts'

const TIME = { sec: 1, nsec: 0 }
const NO_CONF: ConfFile = new Map()

const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  localhost: ['127.0.0.1'],
  both: ['10.0.0.1', 'fe80::1'],
}

const lookup: Lookup = (name) => {
  const found = ADDRESSES[name]
  return found === undefined
    ? Promise.reject(Object.assign(new Error(name), { code: 'ENOTFOUND' }))
    : Promise.resolve(found)
}

const optionsWith = (settings: Record<string, string>, id = 'a'): Options => {
  const { options, errors } = Options.of({ cluster: 'ceph', type: 'mon', id, host: 'h', pid: 1 }).withAll(
    'file',
    Object.entries(settings),
  )
  assert.deepEqual(errors, [])
  return options
}

const built = async (settings: Record<string, string>, conf = NO_CONF): Promise<MonMap> => {
  const map = await buildMonMap(optionsWith(settings), conf, TIME, lookup)()
  assert.ok(E.isRight(map))
  return map.right
}

const shown = (map: MonMap): readonly string[] =>
  map.ranks.map((name) => `${name} ${printAddrvec(map.mons.get(name)!.publicAddrs)}`)

describe('the monmap that a monitor makes up', () => {
  // Each as ceph-mon 16.2.15 --mkfs makes it.
  const cases: readonly [string, readonly string[]][] = [
    ['10.0.0.1', ['noname-a [v2:10.0.0.1:3300/0,v1:10.0.0.1:6789/0]']],
    ['10.0.0.1:6789', ['noname-a v1:10.0.0.1:6789/0']],
    ['10.0.0.1:3300', ['noname-a v2:10.0.0.1:3300/0']],
    ['10.0.0.1:7000', ['noname-a v2:10.0.0.1:7000/0']],
    ['v1:10.0.0.1', ['noname-a v1:10.0.0.1:6789/0']],
    [
      '[v2:10.0.0.1:3300,v1:10.0.0.1:6789] [v2:10.0.0.2:3300,v1:10.0.0.2:6789]',
      [
        'noname-a [v2:10.0.0.1:3300/0,v1:10.0.0.1:6789/0]',
        'noname-b [v2:10.0.0.2:3300/0,v1:10.0.0.2:6789/0]',
      ],
    ],
    ['10.0.0.1:3300;10.0.0.2:3300', ['noname-a v2:10.0.0.1:3300/0', 'noname-b v2:10.0.0.2:3300/0']],
    ['[::1]:3300', ['noname-a v2:[::1]:3300/0']],
    ['localhost:7000', ['noname-a v2:127.0.0.1:7000/0']],
    [
      'localhost,127.0.0.2',
      [
        'noname-a [v2:127.0.0.1:3300/0,v1:127.0.0.1:6789/0]',
        'noname-b [v2:127.0.0.2:3300/0,v1:127.0.0.2:6789/0]',
      ],
    ],
    ['both:3300', ['noname-a v2:10.0.0.1:3300/0', 'noname-b v2:[fe80::1]:3300/0']],
  ]
  for (const [hosts, mons] of cases)
    it(`of mon_host ${hosts} has ${mons.join(', ')}`, async () => {
      assert.deepEqual(shown(await built({ mon_host: hosts })), mons)
    })

  it('refuses a name that nobody knows', async () => {
    const map = await buildMonMap(optionsWith({ mon_host: '10.0.0.1,somewhere' }), NO_CONF, TIME, lookup)()
    assert.deepEqual(map, E.left('server name not found: somewhere (Name or service not known)'))
  })

  it('refuses what is neither address nor name', async () => {
    const map = await buildMonMap(optionsWith({ mon_host: 'v2:localhost:7000' }), NO_CONF, TIME, lookup)()
    assert.deepEqual(map, E.left("unable to parse addrs in 'v2:localhost:7000'"))
  })

  it('takes the monitors of the configuration file when there is no mon_host', async () => {
    const conf = parseConfFile(
      '[mon.a]\nmon addr = 10.0.0.1\n[mon.b]\nmon addr = v2:10.0.0.2\nmon priority = 2\n',
    )
    assert.ok(E.isRight(conf))
    const map = await built({}, conf.right)
    assert.deepEqual(shown(map), ['a v1:10.0.0.1:6789/0', 'b v2:10.0.0.2:3300/0'])
    assert.equal(map.mons.get('b')!.priority, 2)
  })

  it('names this monitor by its address', async () => {
    const settings = { mon_host: '10.0.0.1:3300 10.0.0.2:3300', public_addr: '10.0.0.2:3300' }
    assert.deepEqual(shown(withOwnName(await built(settings), optionsWith(settings, 'x'))), [
      'noname-a v2:10.0.0.1:3300/0',
      'x v2:10.0.0.2:3300/0',
    ])
  })

  it('names this monitor when one address is of this machine', async () => {
    const settings = { mon_host: '10.0.0.1:3300 127.0.0.1:3300' }
    assert.deepEqual(
      shown(withOwnName(await built(settings), optionsWith(settings, 'x'))).at(1),
      'x v2:127.0.0.1:3300/0',
    )
  })

  it('listens where public_addrv says, before public_addr', () => {
    assert.equal(
      printAddrvec(ownAddrs(optionsWith({ public_addr: '10.0.0.1' }))),
      '[v2:10.0.0.1:3300/0,v1:10.0.0.1:6789/0]',
    )
    assert.equal(
      printAddrvec(
        ownAddrs(optionsWith({ public_addr: '10.0.0.1', public_addrv: '[v2:10.0.0.2:1/0,v1:10.0.0.2:2/0]' })),
      ),
      '[v2:10.0.0.2:1/0,v1:10.0.0.2:2/0]',
    )
    assert.deepEqual(ownAddrs(optionsWith({})), [])
  })
})
