import assert from 'node:assert/strict'
import { parseEntityName } from '../../../src/codec/type/entity-name.ts'
import type { CrushBucket, CrushMap } from '../../../src/map/crush/crush-map.ts'
import { defaultCrushMap } from '../../../src/map/crush/default-map.ts'
import {
  configKey,
  configMapOf,
  parseTarget,
  splitConfigKey,
  type ConfigMap,
} from '../../../src/service/config/config-map.ts'
import { entityConfig, placeOf } from '../../../src/service/config/entity-config.ts'

const bucket = (id: number, type: number, items: readonly number[]): CrushBucket => ({
  id,
  type,
  hash: 0,
  weight: 0,
  items,
  alg: 'straw2',
  itemWeights: items.map(() => 0x10000),
})

// root default { rack r1 { host h1 { osd.0, ssd } }, host h2 { osd.1 } }
const CRUSH: CrushMap = {
  ...defaultCrushMap(),
  maxDevices: 2,
  buckets: [bucket(-1, 11, [-2, -4]), bucket(-2, 3, [-3]), bucket(-3, 1, [0]), bucket(-4, 1, [1])],
  itemNames: new Map([
    [-1, 'default'],
    [-2, 'r1'],
    [-3, 'h1'],
    [-4, 'h2'],
    [0, 'osd.0'],
    [1, 'osd.1'],
  ]),
  deviceClasses: new Map([[0, 0]]),
  classNames: new Map([[0, 'ssd']]),
}

const configOf = (entries: Readonly<Record<string, string>>): ConfigMap =>
  configMapOf(
    Object.entries(entries)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => {
        const [who, name] = splitConfigKey(key)
        const target = parseTarget(who)
        assert.ok(target !== undefined)
        return [target.section, { name, value, mask: target.mask }] as const
      }),
  )

const valuesFor = (map: ConfigMap, who: string): Readonly<Record<string, string>> => {
  const name = parseEntityName(who)
  assert.ok(name !== undefined)
  const place = placeOf(CRUSH, who, who.startsWith('osd.') ? Number(who.slice(4)) : undefined)
  const values = entityConfig(map, CRUSH, name, place)
  return Object.fromEntries(
    [...values].map(([option, { value, section }]) => [option, `${value} ${section}`]),
  )
}

describe('options of an entity', () => {
  // What ceph-mon 16.2.15 had in its store, and what `config get` said then.
  const map = configOf({
    'global/class:ssd/debug_ms': '3/3',
    'global/debug_ms': '1/1',
    'global/host:h1/debug_ms': '4/4',
    'global/osd_heartbeat_grace': '30',
    'global/rack:r1/debug_ms': '2/2',
    'global/rack:r1/osd_heartbeat_interval': '5',
    'global/rack:r1/xio_trace_mempool': 'true',
    'global/rack:r1/zzz': '1',
    'global/rbd_cache': 'false',
    'osd.0/osd_recovery_max_active': '6',
    'osd/bogus:x/osd_heartbeat_grace': '31',
    'osd/class:ssd/osd_max_backfills': '2',
    'osd/host:h1/class:hdd/osd_max_backfills': '4',
    'osd/host:h2/osd_recovery_max_active': '7',
    'osd/osd_heartbeat_interval': '6',
    'osd/osd_max_backfills': '1',
    'osd/rack:r1/osd_max_backfills': '3',
    'osd/rack:r1/osd_recovery_max_active': '5',
    'osd/zzz': '2',
  })

  it('in a rack, on a host and of a device class come from the nearest that is named', () => {
    assert.deepEqual(valuesFor(map, 'osd.0'), {
      debug_ms: '4/4 global',
      osd_heartbeat_grace: '30 global',
      osd_heartbeat_interval: '6 osd',
      osd_max_backfills: '3 osd',
      osd_recovery_max_active: '6 osd.0',
      rbd_cache: 'false global',
      xio_trace_mempool: 'true global',
      zzz: '2 osd',
    })
  })

  it('elsewhere are those without a mask, and those for its host', () => {
    assert.deepEqual(valuesFor(map, 'osd.1'), {
      debug_ms: '1/1 global',
      osd_heartbeat_grace: '30 global',
      osd_heartbeat_interval: '6 osd',
      osd_max_backfills: '1 osd',
      osd_recovery_max_active: '7 osd',
      rbd_cache: 'false global',
      zzz: '2 osd',
    })
  })

  it('of a name with dots come from every prefix of it', () => {
    const clients = configOf({
      'client.a.b/debug_ms': '2/2',
      'client.a/debug_ms': '1/1',
      'client.a/rbd_cache': 'true',
      'client.abc/rbd_cache': 'no',
    })
    assert.deepEqual(valuesFor(clients, 'client.a.b.c'), {
      debug_ms: '2/2 client.a.b',
      rbd_cache: 'true client.a',
    })
  })
})

describe('keys of the configuration database', () => {
  const keyOf = (who: string, name: string): string | undefined => {
    const target = parseTarget(who)
    return target === undefined ? undefined : configKey(target, name)
  }

  it('name section, masks in one order, and option', () => {
    assert.equal(keyOf('osd/class:hdd/rack:r1', 'x'), 'osd/rack:r1/class:hdd/x')
    assert.equal(keyOf('host:a', 'x'), 'global/host:a/x')
    assert.equal(keyOf('global', 'x'), 'global/x')
    assert.equal(keyOf('mds.a.b', 'x'), 'mds.a.b/x')
  })

  it('are refused for parts that name neither an entity nor a mask', () => {
    for (const who of ['', 'bogus', 'osd/', 'osd/foo', 'bogus.1']) assert.equal(keyOf(who, 'x'), undefined)
  })

  it('keep the slashes of a module’s option', () => {
    assert.deepEqual(splitConfigKey('mgr.x/mgr/dashboard/x/port'), ['mgr.x', 'mgr/dashboard/x/port'])
    assert.deepEqual(splitConfigKey('osd/class:ssd/a'), ['osd/class:ssd', 'a'])
    assert.deepEqual(splitConfigKey('a'), ['', 'a'])
  })
})
