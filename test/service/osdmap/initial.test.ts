import assert from 'node:assert/strict'
import { msOfUtime, utimeOfMs } from '../../../src/codec/type/utime.ts'
import { decodeOsdMap, osdMapBytes, osdMapCrc } from '../../../src/map/osd-map/codec.ts'
import { decodeIncremental, incrementalBytes } from '../../../src/map/osd-map/incremental-codec.ts'
import { osdmapService } from '../../../src/service/osdmap/service.ts'
import { storedU64 } from '../../../src/store/key.ts'
import { eraseRange, put } from '../../../src/store/transaction.ts'
import { decoded } from '../../codec/decoded.ts'
import { fixture } from '../../fixture/fixture.ts'
import { Harness, testOptions, testWorld } from '../world.ts'

/**
 * The osdmap's part of the third value that a real trio committed (test/fixture/map/README.md). A monitor's clock
 * counts milliseconds in a double, which is too coarse for the recorded nanoseconds: both sides are rounded alike.
 */
const recorded = () => {
  const map = decoded(decodeOsdMap, fixture('map/osdmap-full_1.bin'))
  const inc = decoded(decodeIncremental, fixture('map/osdmap-1.bin'))
  const createdMs = msOfUtime(map.created)
  const modifiedMs = msOfUtime(inc.modified)
  const full = osdMapBytes({ ...map, created: utimeOfMs(createdMs), modified: utimeOfMs(createdMs) })
  const incremental = { ...inc, modified: utimeOfMs(modifiedMs), fullmap: full }
  return {
    fsid: map.fsid,
    createdMs,
    modifiedMs,
    full,
    bytes: incrementalBytes(incremental, osdMapCrc(full)),
  }
}

describe('the first osdmap', () => {
  it('is proposed with the operations of a real monitor, in its order and with its bytes', () => {
    const { fsid, createdMs, modifiedMs, full, bytes } = recorded()
    const world = testWorld(
      { osdmap: osdmapService.initial },
      {
        fsid,
        now: createdMs,
        // As that cluster was made.
        options: testOptions({ osd_crush_chooseleaf_type: '0' }),
      },
    )
    const harness = new Harness(osdmapService, world)
    const pending = osdmapService.createInitial(world)
    harness.wait(modifiedMs - createdMs)
    harness.propose(pending)
    assert.deepEqual(harness.ops, [
      put('osd_pg_creating', 'creating', fixture('map/osd_pg_creating-creating.bin')),
      eraseRange('osd_snap', 'removed_snap_', 'removed_snap`'),
      eraseRange('osd_snap', 'removed_epoch_', 'removed_epoch`'),
      put('osdmap', 'full_1', full),
      put('osdmap', '1', bytes),
      put('osdmap', 'last_committed', storedU64(1n)),
      put('osdmap', 'first_committed', storedU64(1n)),
      put('health', 'osdmap', fixture('map/health-osdmap.bin')),
    ])
  })

  it('is epoch 1 once it is committed', () => {
    const { state } = Harness.created(osdmapService)
    assert.equal(state.map.epoch, 1)
    assert.deepEqual([state.firstCommitted, state.lastCommitted], [1n, 1n])
    assert.equal(state.map.pools.size, 0)
  })
})
