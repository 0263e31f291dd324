import assert from 'node:assert/strict'
import { configService } from '../../../src/service/config/service.ts'
import { SmallWorld } from '../small-world.ts'

const FSID = '01234567-89ab-cdef-0123-456789abcdef'

const set = (world: SmallWorld, who: string, name: string, value: string): void =>
  void world.command({ prefix: 'config set', who, name, value })

const put = (world: SmallWorld, key: string, val: string): void =>
  void world.command({ prefix: 'config-key set', key, val })

const dump = (world: SmallWorld): readonly string[] => {
  const { data } = world.command({ prefix: 'config-key dump', key: 'config/', format: 'json' })
  return Object.entries(JSON.parse(data.toString()) as Record<string, string>).map((entry) => entry.join('='))
}

const subscribed = (world: SmallWorld, start: bigint): unknown => {
  const answer = world.subscribe('config', { what: 'config', start, onetime: false })
  if (answer === undefined) return undefined
  return [
    answer.next,
    ...answer.messages.map((m) => (m._tag === 'MConfig' ? Object.fromEntries(m.config) : m)),
  ]
}

describe('config subscriptions', () => {
  it('get what there is, even nothing', () => {
    assert.deepEqual(subscribed(new SmallWorld(FSID), 0n), [2n, {}])
  })

  it('hear of a version only when it concerns them', () => {
    const world = new SmallWorld(FSID)
    set(world, 'client', 'rbd_cache', 'false')
    assert.deepEqual(subscribed(world, 2n), [3n, { rbd_cache: 'false' }])
    set(world, 'osd', 'osd_max_backfills', '3')
    assert.deepEqual(subscribed(world, 3n), [4n])
    assert.deepEqual(subscribed(world, 0n), [4n, { rbd_cache: 'false' }])
    assert.equal(subscribed(world, 4n), undefined)
  })

  it('that missed versions are sent everything again', () => {
    const world = new SmallWorld(FSID)
    set(world, 'client', 'rbd_cache', 'false')
    set(world, 'osd', 'osd_max_backfills', '3')
    assert.deepEqual(subscribed(world, 2n), [4n, { rbd_cache: 'false' }])
  })
})

describe('options written as config-key entries', () => {
  it('hold at once, without a new version of the configuration', () => {
    const world = new SmallWorld(FSID)
    put(world, 'config/client/rbd_cache', 'false')
    assert.deepEqual(subscribed(world, 0n), [2n, { rbd_cache: 'false' }])
    assert.equal(subscribed(world, 2n), undefined)
    world.command({ prefix: 'config-key rm', key: 'config/client/rbd_cache' })
    assert.deepEqual(subscribed(world, 0n), [2n, {}])
  })

  it('reach sessions with the next version, whomever that concerns', () => {
    const world = new SmallWorld(FSID)
    put(world, 'config/client/rbd_cache', 'false')
    set(world, 'osd', 'osd_max_backfills', '3')
    assert.deepEqual(subscribed(world, 2n), [3n, { rbd_cache: 'false' }])
  })
})

describe('MGetConfig', () => {
  it('is answered for the entity, host and device class that it names', () => {
    const world = new SmallWorld(FSID)
    set(world, 'osd/class:ssd', 'osd_max_backfills', '9')
    const effects = world.message('config', {
      _tag: 'MGetConfig',
      name: { type: 4, id: '3' },
      host: 'nowhere',
      deviceClass: 'ssd',
    })
    assert.deepEqual(
      effects.map((effect) => (effect._tag === 'Reply' ? effect.message : effect._tag)),
      [{ _tag: 'MConfig', config: new Map([['osd_max_backfills', '9']]) }],
    )
  })
})

describe('config set', () => {
  it('waits for the commit of another change, so that each has its own version', () => {
    const world = new SmallWorld(FSID)
    const pendings = {
      config: { changes: new Map([['osd/x', '1']]), description: '' },
      kv: { changes: new Map() },
    }
    const command = {
      prefix: 'config set',
      format: 'plain' as const,
      args: new Map([
        ['who', 'osd'],
        ['name', 'osd_max_backfills'],
        ['value', '3'],
      ]),
      input: Buffer.alloc(0),
      text: '',
    }
    const update = configService.commands.get('config set')?.update
    assert.deepEqual(update?.(world.world, pendings as never, {} as never, command), {
      _tag: 'RetryAfterCommit',
    })
  })

  it('of the value that is there makes no version', () => {
    const world = new SmallWorld(FSID)
    set(world, 'osd', 'osd_max_backfills', '3')
    set(world, 'osd', 'osd_max_backfills', '3')
    assert.equal(world.store.u64('config', 'last_committed'), 2n)
  })
})

describe('the tick of config', () => {
  it('puts keys right that name nothing, lack their section, or have an old name', () => {
    const world = new SmallWorld(FSID)
    put(world, 'config/bogus/rbd_cache', 'true')
    put(world, 'config/osd_max_backfills', '4')
    put(world, 'config/global/fsid', FSID)
    put(world, 'config/mgr/mon_mgr_blacklist_interval', '5')
    // The database is read when it changes.
    set(world, 'osd', 'osd_recovery_max_active', '2')
    world.tick('config')
    assert.deepEqual(dump(world), [
      'config/global/osd_max_backfills=4',
      'config/mgr/mon_mgr_blocklist_interval=5',
      'config/osd/osd_recovery_max_active=2',
    ])
    assert.deepEqual(world.tick('config'), [])
    assert.equal(world.store.u64('config', 'last_committed'), 3n)
  })
})
