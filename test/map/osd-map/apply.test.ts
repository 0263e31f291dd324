import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { formatJson } from '../../../src/base/json.ts'
import { addrKey } from '../../../src/codec/type/addr-key.ts'
import { parseAddrvec } from '../../../src/codec/type/entity-addr.ts'
import { pgKey } from '../../../src/codec/type/pg-key.ts'
import { utimeOfMs } from '../../../src/codec/type/utime.ts'
import { applyIncremental } from '../../../src/map/osd-map/apply.ts'
import { osdMapBytes, osdMapOf } from '../../../src/map/osd-map/codec.ts'
import { OSD_STATE, OSDMAP_FLAG, PRIMARY_AFFINITY_DEFAULT } from '../../../src/map/osd-map/constant.ts'
import { osdMapDump } from '../../../src/map/osd-map/dump.ts'
import { printOsdMap } from '../../../src/map/osd-map/dump-plain.ts'
import { emptyIncremental, type Incremental } from '../../../src/map/osd-map/incremental.ts'
import { incrementalBytes, incrementalOf } from '../../../src/map/osd-map/incremental-codec.ts'
import { initialOsdMap } from '../../../src/map/osd-map/initial.ts'
import type { OsdMap } from '../../../src/map/osd-map/osd-map.ts'
import { EMPTY_POOL } from '../../../src/map/osd-map/pool.ts'
import { fixture } from '../../fixture/fixture.ts'
import { applyAll, right } from './sequence.ts'

const FSID = '11111111-2222-3333-4444-555555555555'
const NOW = utimeOfMs(1_700_000_000_000)
const first = initialOsdMap(FSID, NOW)

// The map after `changes` in the next epoch, by way of its bytes.
const after = (map: OsdMap, changes: Partial<Incremental>): OsdMap => {
  const inc = {
    ...emptyIncremental(FSID, map.epoch + 1, utimeOfMs(1_700_000_000_000 + map.epoch)),
    ...changes,
  }
  assert.deepEqual(right(incrementalOf(incrementalBytes(inc, 0))), inc)
  const next = right(applyIncremental(map, inc))
  assert.deepEqual(right(osdMapOf(osdMapBytes(next))), next)
  return next
}

const v1 = (port: number) => parseAddrvec(`v1:10.0.0.1:${port}`)!
const twoOsds = after(first, {
  newMaxOsd: 2,
  newState: new Map([
    [0, OSD_STATE.NEW],
    [1, OSD_STATE.NEW | OSD_STATE.EXISTS],
  ]),
  newWeight: new Map([[0, 0x10000]]),
})
const booted = after(twoOsds, {
  newUpClient: new Map([[0, v1(1)]]),
  newUpCluster: new Map([[0, v1(2)]]),
  newHbBackUp: new Map([[0, v1(3)]]),
  newHbFrontUp: new Map([[0, v1(4)]]),
  newUuid: new Map([[0, FSID]]),
})

describe('applying recorded incrementals', () => {
  const dir = new URL('../../fixture/map/osdmap-sequence/', import.meta.url)
  const names = readdirSync(dir).sort()
  const incrementals = names.filter((name) => name.startsWith('inc.'))
  const file = (name: string): Buffer => fixture(`map/osdmap-sequence/${name}`)

  it('gives every full_crc, and the last full map byte for byte', () => {
    assert.equal(incrementals.length, 44)
    assert.deepEqual(osdMapBytes(applyAll(incrementals.map(file))), file('full.044.bin'))
  })

  it('gives a map that dumps as osdmaptool dumps it', () => {
    const map = right(osdMapOf(file('full.044.bin')))
    assert.equal(formatJson(osdMapDump(map), true).trim(), file('dump.json').toString().trim())
    assert.equal(printOsdMap(map), file('print.txt').toString())
  })
})

describe('applyIncremental', () => {
  it('makes an OSD exist by giving it a weight', () => {
    assert.equal(twoOsds.osds[0]?.state, OSD_STATE.NEW | OSD_STATE.EXISTS)
    assert.equal(twoOsds.osds[1]?.weight, 0)
  })

  it('clears AUTOOUT and the old weight when an OSD is marked in', () => {
    const out = after(twoOsds, { newState: new Map([[0, OSD_STATE.AUTOOUT]]), newWeight: new Map([[0, 0]]) })
    assert.equal((out.osds[0]?.state ?? 0) & OSD_STATE.AUTOOUT, OSD_STATE.AUTOOUT)
    const back = after(out, { newWeight: new Map([[0, 0x8000]]) })
    assert.equal(back.osds[0]?.state, OSD_STATE.EXISTS)
  })

  it('boots an OSD with its addresses and the epoch', () => {
    const osd = booted.osds[0]!
    assert.equal(osd.info.upFrom, booted.epoch)
    assert.deepEqual([osd.clientAddrs, osd.clusterAddrs], [v1(1), v1(2)])
    assert.deepEqual([osd.hbBackAddrs, osd.hbFrontAddrs], [v1(3), v1(4)])
    assert.equal(osd.state & OSD_STATE.UP, OSD_STATE.UP)
  })

  it('takes state 0 for UP and remembers when an OSD went down', () => {
    const down = after(booted, { newState: new Map([[0, 0]]) })
    assert.equal(down.osds[0]!.state & OSD_STATE.UP, 0)
    assert.equal(down.osds[0]!.info.downAt, down.epoch)
    assert.deepEqual(down.osds[0]!.xinfo.downStamp, down.modified)
  })

  it('wipes an OSD that ceases to exist, but for its weight, and makes affinities appear', () => {
    const gone = after(booted, { newState: new Map([[0, OSD_STATE.EXISTS]]) })
    assert.equal(gone.osds[0]!.state, 0)
    assert.equal(gone.osds[0]!.weight, 0x10000)
    assert.deepEqual(gone.osds[0]!.clientAddrs, [])
    assert.equal(gone.osds[0]!.info.upFrom, 0)
    assert.equal(gone.hasPrimaryAffinity, true)
  })

  it('brings the affinity vector into being on first use', () => {
    assert.equal(booted.hasPrimaryAffinity, false)
    const set = after(booted, { newPrimaryAffinity: new Map([[1, 0]]) })
    assert.equal(set.hasPrimaryAffinity, true)
    assert.deepEqual(
      set.osds.map((osd) => osd.primaryAffinity),
      [PRIMARY_AFFINITY_DEFAULT, 0],
    )
  })

  it('stamps a changed pool with the epoch, and drops pool and name together', () => {
    const made = after(first, {
      newPoolMax: 1n,
      newPools: new Map([[1n, EMPTY_POOL]]),
      newPoolNames: new Map([[1n, 'p']]),
    })
    assert.equal(made.pools.get(1n)?.lastChange, made.epoch)
    const dropped = after(made, { oldPools: new Set([1n]) })
    assert.deepEqual([dropped.pools.size, dropped.poolNames.size, dropped.poolMax], [0, 0, 1])
  })

  it('removes temporary placements on empty and -1', () => {
    const pg = pgKey({ pool: 1n, seed: 5 })
    const set = after(first, { newPgTemp: new Map([[pg, [1, 0]]]), newPrimaryTemp: new Map([[pg, 1]]) })
    assert.deepEqual([set.pgTemp.get(pg), set.primaryTemp.get(pg)], [[1, 0], 1])
    const cleared = after(set, { newPgTemp: new Map([[pg, []]]), newPrimaryTemp: new Map([[pg, -1]]) })
    assert.deepEqual([cleared.pgTemp.size, cleared.primaryTemp.size], [0, 0])
  })

  it('keeps the end of a blocklist entry that is there, and removes after adding', () => {
    const [a, b] = [addrKey(v1(1)[0]!), addrKey(v1(2)[0]!)]
    const listed = after(first, { newBlocklist: new Map([[a, utimeOfMs(1000)]]) })
    const again = after(listed, {
      newBlocklist: new Map([
        [a, utimeOfMs(2000)],
        [b, utimeOfMs(3000)],
      ]),
      oldBlocklist: [b],
    })
    assert.deepEqual([...again.blocklist], [[a, utimeOfMs(1000)]])
  })

  it('queues removed snapshots and takes purged ones out', () => {
    const removed = after(first, { newRemovedSnaps: new Map([[1n, [[3n, 4n]] as const]]) })
    assert.deepEqual(removed.removedSnapsQueue.get(1n), [[3n, 4n]])
    const purged = after(removed, { newPurgedSnaps: new Map([[1n, [[4n, 1n]] as const]]) })
    assert.deepEqual(purged.removedSnapsQueue.get(1n), [
      [3n, 1n],
      [5n, 2n],
    ])
    assert.equal(purged.newRemovedSnaps.size, 0)
    const done = after(purged, {
      newPurgedSnaps: new Map([
        [
          1n,
          [
            [3n, 1n],
            [5n, 2n],
          ] as const,
        ],
      ]),
    })
    assert.equal(done.removedSnapsQueue.size, 0)
    const notThere = {
      ...emptyIncremental(FSID, 2, NOW),
      newPurgedSnaps: new Map([[1n, [[1n, 1n]] as const]]),
    }
    assert.ok(E.isLeft(applyIncremental(first, notThere)))
  })

  it('sets the flags that a release implies', () => {
    const luminous = { ...first, flags: OSDMAP_FLAG.SORTBITWISE, requireOsdRelease: 12 }
    const raised = right(
      applyIncremental(luminous, { ...emptyIncremental(FSID, 2, NOW), newRequireOsdRelease: 16 }),
    )
    const implied = OSDMAP_FLAG.SORTBITWISE | OSDMAP_FLAG.RECOVERY_DELETES | OSDMAP_FLAG.PGLOG_HARDLIMIT
    assert.equal(raised.flags, implied)
  })

  it('carries stretch mode in section version 10', () => {
    const stretched = after(first, {
      changeStretchMode: true,
      newStretchMode: { enabled: true, bucketCount: 2, degraded: 0, recovering: 1, bucket: 8 },
    })
    assert.equal(stretched.stretchMode.bucket, 8)
  })

  it('replaces a profile that is removed and set at once', () => {
    const profile = new Map([['k', '4']])
    const changed = after(first, {
      oldErasureCodeProfiles: ['default'],
      newErasureCodeProfiles: new Map([['default', profile]]),
    })
    assert.deepEqual(changed.erasureCodeProfiles.get('default'), profile)
  })

  it('forgets a cluster snapshot in the next epoch', () => {
    const taken = after(first, { clusterSnapshot: 's' })
    assert.deepEqual([taken.clusterSnapshot, taken.clusterSnapshotEpoch], ['s', taken.epoch])
    assert.deepEqual([after(taken, {}).clusterSnapshot, after(taken, {}).clusterSnapshotEpoch], ['', 0])
  })

  it('asserts on a gap and refuses another cluster and an OSD above max_osd', () => {
    assert.throws(() => applyIncremental(first, emptyIncremental(FSID, 3, NOW)), /applied to osdmap 1/)
    assert.ok(
      E.isLeft(applyIncremental(first, emptyIncremental('99999999-0000-0000-0000-000000000000', 2, NOW))),
    )
    const outside = { ...emptyIncremental(FSID, 2, NOW), newWeight: new Map([[7, 1]]) }
    assert.ok(E.isLeft(applyIncremental(first, outside)))
  })

  it('changes nothing but epoch and time when the incremental is empty', () => {
    const next = after(booted, {})
    assert.deepEqual({ ...next, epoch: 0, modified: NOW }, { ...booted, epoch: 0, modified: NOW })
    assert.equal(next.osds, booted.osds)
  })
})

describe('damaged OSDMap bytes', () => {
  const bytes = osdMapBytes(booted)

  it('are refused by the checksum or the decoder, whatever byte is hit', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(bytes)
        damaged.writeUInt8(damaged.readUInt8(at) ^ change, at)
        // The first byte is the version, which says what is not read: a newer one changes the checksum only.
        assert.ok(E.isLeft(osdMapOf(damaged)))
      }),
    )
  })

  it('are refused when cut short', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        assert.ok(E.isLeft(osdMapOf(Buffer.from(bytes.subarray(0, length)))))
      }),
    )
  })
})
