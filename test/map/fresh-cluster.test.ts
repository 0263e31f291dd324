import assert from 'node:assert/strict'
import { fsMapBytes, INITIAL_FS_MAP } from '../../src/map/fs-map/fs-map.ts'
import { initialMgrMap, mgrMapBytes } from '../../src/map/mgr-map/mgr-map.ts'
import { decodeMgrStat, initialMgrStat, mgrStatBytes } from '../../src/map/mgr-stat.ts'
import { osdMapBytes, osdMapCrc } from '../../src/map/osd-map/codec.ts'
import { decodeIncremental, fullCrcOf } from '../../src/map/osd-map/incremental-codec.ts'
import { INITIAL_OSD_MAP_OPTIONS, initialIncremental, initialOsdMap } from '../../src/map/osd-map/initial.ts'
import { decodeOsdMap } from '../../src/map/osd-map/codec.ts'
import { decoded } from '../codec/decoded.ts'
import { fixture } from '../fixture/fixture.ts'

describe('first maps of a cluster have the bytes of a real monitor', () => {
  it('MgrMap', () => {
    assert.deepEqual(mgrMapBytes(initialMgrMap()), fixture('map/mgr-1.bin'))
  })

  it('FSMap', () => {
    assert.deepEqual(fsMapBytes(INITIAL_FS_MAP), fixture('map/mdsmap-1.bin'))
  })

  it('mgrstat', () => {
    const real = fixture('map/mgrstat-1.bin')
    const { modified } = decoded(decodeMgrStat, real).serviceMap
    assert.deepEqual(mgrStatBytes(initialMgrStat(modified)), real)
  })

  // That cluster was made with osd_crush_chooseleaf_type = 0.
  const realFull = fixture('map/osdmap-full_1.bin')
  const { fsid, created } = decoded(decodeOsdMap, realFull)
  const map = initialOsdMap(fsid, created, { ...INITIAL_OSD_MAP_OPTIONS, failureDomain: 0 })

  it('OSDMap', () => {
    assert.equal(realFull.length, 646)
    assert.deepEqual(osdMapBytes(map), realFull)
  })

  it('OSDMap incremental', () => {
    const real = fixture('map/osdmap-1.bin')
    assert.equal(real.length, 882)
    const { bytes, fullBytes } = initialIncremental(map, decoded(decodeIncremental, real).modified)
    assert.deepEqual(bytes, real)
    assert.equal(fullCrcOf(bytes), osdMapCrc(fullBytes))
  })
})
