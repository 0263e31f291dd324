import assert from 'node:assert/strict'
import { INITIAL_FS_MAP } from '../../../src/map/fs-map/fs-map.ts'
import { EMPTY_MDS_MAP } from '../../../src/map/fs-map/mds-map.ts'
import { freshOsdmap } from './transcript.ts'

const withFileSystem = (
  metadataPool: bigint,
  dataPools: readonly bigint[],
): ReturnType<typeof freshOsdmap> => {
  const harness = freshOsdmap()
  const mdsMap = { ...EMPTY_MDS_MAP, enabled: true, metadataPool, dataPools }
  const fs = { fscid: 1, mdsMap, mirrorInfo: { mirrored: false, peers: [] } }
  harness.otherPendings = {
    ...harness.otherPendings,
    mdsmap: { map: { ...INITIAL_FS_MAP, filesystems: new Map([[1, fs]]) } },
  }
  for (const pool of ['meta', 'data', 'free']) harness.command({ prefix: 'osd pool create', pool, pg_num: 8 })
  return harness
}

describe('pools of a file system', () => {
  const remove = (pool: string): object => ({
    prefix: 'osd pool rm',
    pool,
    pool2: pool,
    yes_i_really_really_mean_it: true,
  })

  it('are not removed', () => {
    const harness = withFileSystem(1n, [2n])
    for (const pool of ['meta', 'data']) {
      const { code, text } = harness.command({ ...remove(pool) })
      assert.deepEqual([code, text], [-16, `pool '${pool}' is in use by CephFS`])
    }
    assert.equal(harness.command({ ...remove('free') }).code, 0)
  })

  it('are no tiers', () => {
    const harness = withFileSystem(1n, [2n])
    const add = { prefix: 'osd tier add', pool: 'free', tierpool: 'data' }
    const { code, text } = harness.command(add)
    assert.deepEqual([code, text], [-16, "pool 'data' is in use by CephFS"])
  })

  it('keep a tier that caches writes', () => {
    const harness = withFileSystem(1n, [2n])
    harness.command({ prefix: 'osd tier add', pool: 'data', tierpool: 'free' })
    harness.command({ prefix: 'osd tier cache-mode', pool: 'free', mode: 'writeback' })
    const rm = { prefix: 'osd tier rm', pool: 'data', tierpool: 'free' }
    assert.equal(harness.command(rm).code, -16)
    harness.command({ prefix: 'osd tier cache-mode', pool: 'free', mode: 'proxy' })
    assert.deepEqual(harness.command(rm).code, 0)
  })
})
