import assert from 'node:assert/strict'
import { parseAddrvec } from '../../../src/codec/type/entity-addr.ts'
import { addMon, initialMonMap, monInfo, removeMon, renameMon } from '../../../src/map/mon-map/edit.ts'
import { MON_FEATURES_ALL } from '../../../src/map/mon-map/mon-feature.ts'
import { decodeMonMap, type MonMap, monMapBytes } from '../../../src/map/mon-map/mon-map.ts'
import { monMapJson, printMonMap, printMonMapSummary } from '../../../src/map/mon-map/print.ts'
import { addrsOfRank, rankOfAddrs, rankOfName } from '../../../src/map/mon-map/rank.ts'
import { decoded as decodedWith, refused } from '../../codec/decoded.ts'
import { fixture } from '../../fixture/fixture.ts'

const decoded = (bytes: Buffer): MonMap => decodedWith(decodeMonMap, bytes)

const mon = (name: string, port: number) =>
  monInfo(name, parseAddrvec(`[v2:127.0.0.1:${port},v1:127.0.0.1:${port + 1}]`)!)

describe('MonMap', () => {
  const first = fixture('map/monmap-1.bin')
  const created = fixture('map/monmap-create-trio.bin')

  it('re-encodes what a real monitor committed', () => {
    const map = decoded(first)
    assert.equal(map.epoch, 1)
    assert.equal(map.persistentFeatures, MON_FEATURES_ALL)
    assert.deepEqual(monMapBytes(map), first)
  })

  it('builds what monmaptool --create builds', () => {
    const real = decoded(created)
    const ours = initialMonMap(real.fsid, [mon('c', 21104), mon('a', 21100), mon('b', 21102)], real.created)
    assert.deepEqual(monMapBytes(ours), created)
  })

  it('ranks by v1 address before the first commit', () => {
    assert.deepEqual(decoded(created).ranks, ['a', 'b', 'c'])
  })

  it('refuses maps older than version 6 and ranks without a monitor', () => {
    const old = Buffer.from(first)
    old.writeUInt8(5, 0)
    old.writeUInt8(3, 1)
    assert.ok(refused(decodeMonMap, old))
    const stray = monMapBytes({ ...decoded(first), ranks: ['z'] })
    assert.ok(refused(decodeMonMap, stray))
  })

  it('finds ranks by name and by any address', () => {
    const map = decoded(created)
    assert.equal(rankOfName(map, 'c'), 2)
    assert.equal(rankOfName(map, 'x'), -1)
    assert.equal(rankOfAddrs(map, parseAddrvec('v2:127.0.0.1:21102')!), 1)
    assert.equal(rankOfAddrs(map, parseAddrvec('v2:127.0.0.1:21103')!), -1)
    assert.equal(rankOfAddrs(map, addrsOfRank(map, 2)), 2)
  })

  it('appends a monitor once ranks are explicit', () => {
    const map = { ...decoded(created), persistentFeatures: MON_FEATURES_ALL }
    assert.deepEqual(addMon(map, mon('0', 21000)).ranks, ['a', 'b', 'c', '0'])
    assert.deepEqual(addMon(decoded(created), mon('0', 21000)).ranks, ['0', 'a', 'b', 'c'])
  })

  it('remembers the ranks it removed and keeps the order of the rest', () => {
    const map = {
      ...decoded(created),
      persistentFeatures: MON_FEATURES_ALL,
      disallowedLeaders: new Set(['b', 'c']),
    }
    const smaller = removeMon(map, 'b')
    assert.deepEqual(smaller.ranks, ['a', 'c'])
    assert.deepEqual([...smaller.removedRanks], [1])
    assert.deepEqual([...smaller.disallowedLeaders], ['c'])
  })

  it('keeps the rank of a renamed monitor', () => {
    const map = { ...decoded(created), persistentFeatures: MON_FEATURES_ALL }
    assert.deepEqual(renameMon(map, 'a', 'z').ranks, ['z', 'b', 'c'])
    assert.equal(renameMon(map, 'a', 'z').mons.get('z')?.name, 'z')
  })

  it('asserts on a second monitor of the same name or address', () => {
    const map = decoded(created)
    assert.throws(() => addMon(map, mon('a', 30000)), /already in the monmap/)
    assert.throws(() => addMon(map, mon('x', 21100)), /already in the monmap/)
  })

  // Output of `ceph mon dump` for the same map.
  it('prints as ceph mon dump does', () => {
    const lines = [
      'epoch 1',
      'fsid 5a8b0ed7-d77d-46f2-b5ca-4e2506c75182',
      'last_changed 2026-11-23T00:47:14.575770+0000',
      'created 2026-11-23T00:47:14.575770+0000',
      'min_mon_release 16 (pacific)',
      'election_strategy: 1',
      '0: [v2:127.0.0.1:21100/0,v1:127.0.0.1:21101/0] mon.a',
      '',
    ]
    assert.equal(printMonMap(decoded(first)), lines.join('\n'))
    assert.equal(
      printMonMapSummary(decoded(first)),
      'e1: 1 mons at {a=[v2:127.0.0.1:21100/0,v1:127.0.0.1:21101/0]} removed_ranks: {}',
    )
  })

  it('dumps the fields of ceph mon dump -f json in their order', () => {
    const json = monMapJson(decoded(first))
    assert.deepEqual(Object.keys(json), [
      'epoch',
      'fsid',
      'modified',
      'created',
      'min_mon_release',
      'min_mon_release_name',
      'election_strategy',
      'disallowed_leaders: ',
      'stretch_mode',
      'tiebreaker_mon',
      'removed_ranks: ',
      'features',
      'mons',
    ])
    assert.equal(json['modified'], '2026-11-23T00:47:14.575770Z')
  })
})
