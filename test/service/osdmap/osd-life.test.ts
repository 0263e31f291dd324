import assert from 'node:assert/strict'
import { entityAddr, type EntityAddr } from '../../../src/codec/type/entity-addr.ts'
import { UTIME_ZERO } from '../../../src/codec/type/utime.ts'
import { OSD_STATE } from '../../../src/map/osd-map/constant.ts'
import { osdExists, osdIsDown, osdIsIn, osdIsUp, osdOf } from '../../../src/map/osd-map/osd-map.ts'
import { OSD_FAILURE } from '../../../src/message/osd-failure.ts'
import type { MOSDBoot } from '../../../src/message/osd-boot.ts'
import type { Session } from '../../../src/service/contract.ts'
import { FSID, type Harness, testSession } from '../world.ts'
import { freshOsdmap } from './transcript.ts'

const OSD_TYPE = 4
const UUID = '9120b76e-31a3-47a8-a66e-f6e5ebc852b5'

const addrOf = (osd: number, use: number): EntityAddr =>
  entityAddr('msgr2', '127.0.0.1', 6800 + 8 * osd + use, 1)

const sessionOf = (osd: number): Session => {
  const admin = testSession()
  return {
    ...admin,
    peerType: OSD_TYPE,
    num: BigInt(osd),
    identity: { ...admin.identity, entityName: { type: OSD_TYPE, id: String(osd) } },
    addrs: [addrOf(osd, 0)],
    socketAddr: addrOf(osd, 0),
  }
}

const bootOf = (osd: number, changes: Partial<MOSDBoot['superblock']> = {}): MOSDBoot => ({
  _tag: 'MOSDBoot',
  version: 1n,
  superblock: {
    clusterFsid: FSID,
    whoami: osd,
    currentEpoch: 1,
    oldestMap: 0,
    newestMap: 0,
    weight: 0,
    compatFeatures: { compat: new Map(), roCompat: new Map(), incompat: new Map() },
    cleanThru: 0,
    mounted: 0,
    osdFsid: UUID,
    purgedSnapsLast: 0,
    lastPurgedSnapsScrub: UTIME_ZERO,
    mapTrimLowerBound: 0,
    ...changes,
  },
  hbBackAddrs: [addrOf(osd, 1)],
  clusterAddrs: [addrOf(osd, 2)],
  bootEpoch: 0,
  hbFrontAddrs: [addrOf(osd, 3)],
  metadata: new Map([['hostname', 'h1']]),
  osdFeatures: 0x3f01cfbdfffdffffn,
})

// Ids are given out from 0 on, and every OSD has the same uuid unless it says otherwise.
const withOsdsUp = (count: number): Harness<'osdmap'> => {
  const harness = freshOsdmap()
  for (let osd = 0; osd < count; osd++) {
    harness.command({ prefix: 'osd create' })
    harness.message(bootOf(osd), sessionOf(osd))
  }
  return harness
}

const mapOf = (harness: Harness<'osdmap'>) => harness.state.map

describe('the life of an OSD in the osdmap', () => {
  it('is up, in and where it said after its boot', () => {
    const harness = withOsdsUp(1)
    const map = mapOf(harness)
    const slot = osdOf(map, 0)
    assert.ok(osdIsUp(map, 0) && osdIsIn(map, 0))
    assert.deepEqual(slot.clientAddrs, [addrOf(0, 0)])
    assert.deepEqual(slot.clusterAddrs, [addrOf(0, 2)])
    assert.equal(slot.uuid, UUID)
    assert.equal(slot.info.upFrom, map.epoch)
    assert.match(harness.command({ prefix: 'osd metadata', id: 0 }).data.toString(), /"hostname": "h1"/)
  })

  it('answers a boot that is known already with maps, in no new epoch', () => {
    const harness = withOsdsUp(1)
    const { epoch } = mapOf(harness)
    const effects = harness.message(bootOf(0), sessionOf(0))
    assert.deepEqual(
      effects.map((effect) => effect._tag),
      ['SendOsdmaps'],
    )
    assert.equal(mapOf(harness).epoch, epoch)
  })

  it('ignores boots of another cluster, of another uuid, and of who is no OSD', () => {
    const harness = freshOsdmap()
    harness.command({ prefix: 'osd create', uuid: UUID })
    const { epoch } = mapOf(harness)
    harness.message(bootOf(0, { clusterFsid: UUID }), sessionOf(0))
    harness.message(bootOf(0, { osdFsid: FSID }), sessionOf(0))
    harness.message(bootOf(0), testSession())
    assert.equal(mapOf(harness).epoch, epoch)
  })

  it('stays down under noup', () => {
    const harness = freshOsdmap()
    harness.command({ prefix: 'osd create' })
    harness.command({ prefix: 'osd set', key: 'noup' })
    harness.message(bootOf(0), sessionOf(0))
    assert.ok(osdIsDown(mapOf(harness), 0))
  })

  it('is down, and told so, once it asked for it', () => {
    const harness = withOsdsUp(3)
    const effects = harness.message(
      {
        _tag: 'MOSDMarkMeDown',
        version: 1n,
        fsid: FSID,
        targetOsd: 1,
        targetAddrs: [addrOf(1, 0)],
        epoch: mapOf(harness).epoch,
        requestAck: true,
        downAndDead: false,
      },
      sessionOf(1),
    )
    assert.ok(osdIsDown(mapOf(harness), 1) && osdExists(mapOf(harness), 1))
    assert.ok(
      effects.some(
        (effect) =>
          effect._tag === 'Reply' && effect.message._tag === 'MOSDMarkMeDown' && !effect.message.requestAck,
      ),
    )
  })

  it('is down at once when another saw it refuse connections', () => {
    const harness = withOsdsUp(3)
    const report = {
      _tag: 'MOSDFailure',
      version: 1n,
      fsid: FSID,
      targetOsd: 2,
      targetAddrs: [addrOf(2, 0)],
      epoch: mapOf(harness).epoch,
      flags: OSD_FAILURE.FAILED | OSD_FAILURE.IMMEDIATE,
      failedForSeconds: 0,
    } as const
    harness.message(report, sessionOf(0))
    const { state } = osdOf(mapOf(harness), 2)
    assert.equal(state & (OSD_STATE.UP | OSD_STATE.EXISTS), OSD_STATE.EXISTS)
  })

  it('is alive through the epoch that it asks for', () => {
    const harness = withOsdsUp(1)
    const want = mapOf(harness).epoch
    harness.message({ _tag: 'MOSDAlive', version: BigInt(want), want }, sessionOf(0))
    assert.equal(osdOf(mapOf(harness), 0).info.upThru, want)
  })

  it('serves a PG for others until it goes down', () => {
    const harness = withOsdsUp(3)
    harness.command({ prefix: 'osd pool create', pool: 'p', pg_num: 1, size: 1, yes_i_really_mean_it: true })
    harness.command({ prefix: 'osd primary-temp', pgid: '1.0', id: 2 })
    assert.equal(mapOf(harness).primaryTemp.size, 1)
    harness.command({ prefix: 'osd down', ids: ['2'] })
    assert.equal(mapOf(harness).primaryTemp.size, 0)
  })
})
